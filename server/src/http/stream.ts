import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Bus } from '../bus/bus.ts';
import type { Log } from '../log/messages.ts';
import { isPostId, isSite, type Place, TITLE_MAX_CHARS } from '../protocol/index.ts';
import type { StreamProxy } from '../stream/proxy.ts';
import { StreamError } from '../stream/refusal.ts';
import { answered, BAD_ROOM, BAD_SITE } from './api.ts';
import type { Gate } from './admin.ts';
import type { AttachedStreams } from './attached.ts';
import type { Shed } from '../room/shed.ts';
import { askedOf, GONE, PLAYLIST_KEPT, PLAYLIST_TYPE, SHED, SHED_S } from './watch.ts';

type Means = { log: Log; bus: Bus; proxy: StreamProxy; attached: AttachedStreams; gate: Gate };
type Asked = { Params: { id: string }; Querystring: { site?: string }; Body: { url?: unknown; title?: unknown; startsAt?: unknown } | null };

const ID = /^[\w-]{16}$/;
const URL_MAX_CHARS = 2_048;

/** `/api/v1/rooms/{id}/stream`: attaching and detaching, for who brings the operator's token. */
export function addStreamApi(app: FastifyInstance, { log, bus, proxy, attached, gate }: Means): void {
  app.put<Asked>('/api/v1/rooms/:id/stream', async (request, reply) => {
    const place = await allow(request, reply, 'PUT /api/v1/rooms/:id/stream');
    if (!place) return reply;
    const { url, title, startsAt } = request.body ?? {};
    if (typeof url !== 'string' || url.length > URL_MAX_CHARS || !URL.canParse(url)) return reply.problem(400, 'bad_url', 'This is not a web address that starts with http:// or https://.');
    if (title !== undefined && (typeof title !== 'string' || !title.isWellFormed() || [...title].length > TITLE_MAX_CHARS)) return reply.problem(400, 'bad_title', `A title has at most ${TITLE_MAX_CHARS} characters.`);
    if (startsAt !== undefined && !(Number.isSafeInteger(startsAt) && (startsAt as number) >= 0)) return reply.problem(400, 'bad_start', '"startsAt" is a time in ms since 1970.');
    const id = randomBytes(12).toString('base64url');
    const announced = typeof startsAt === 'number' && startsAt > Date.now();
    const times = await proxy.look(id, url).catch((error: unknown) => {
      if (!(error instanceof StreamError)) throw error;
      // Before it begins there may be nothing at its address.
      return announced && LATER.has(error.code) ? { from: startsAt } : error;
    });
    if (times instanceof StreamError) return reply.problem(422, times.code, times.message);
    const stream = { id, url, ...(title === undefined ? {} : { title: title as string }), ...(startsAt === undefined ? {} : { startsAt: startsAt as number }), ...times };
    const commit = await answered(log.attach(place, stream));
    attached.forget();
    if (commit) bus.publish(commit);
    return reply.header('cache-control', 'no-store').send({ stream: commit?.facts?.stream });
  });

  app.delete<Asked>('/api/v1/rooms/:id/stream', async (request, reply) => {
    const place = await allow(request, reply, 'DELETE /api/v1/rooms/:id/stream');
    if (!place) return reply;
    const commit = await answered(log.attach(place, null));
    if (!commit) return reply.problem(404, 'not_found', 'This room has no stream.');
    attached.forget();
    bus.publish(commit);
    return reply.code(204).send();
  });

  async function allow(request: FastifyRequest<Asked>, reply: FastifyReply, asked: Parameters<Gate>[2]): Promise<Place | null> {
    const place = { site: request.query.site ?? '', post: request.params.id };
    if (!(await gate(request, reply, asked))) return null;
    if (isPostId(place.post) && isSite(place.site)) return place;
    reply.problem(400, isSite(place.site) ? 'bad_room' : 'bad_site', isSite(place.site) ? BAD_ROOM : BAD_SITE);
    return null;
  }
}

const LATER: ReadonlySet<string> = new Set(['not_found', 'unreachable', 'too_slow', 'origin_failed', 'not_a_playlist']);

/** Where viewers begin: the only address of a stream that can be known beforehand. */
export function addStreams(app: FastifyInstance, { attached, proxy }: Pick<Means, 'attached' | 'proxy'>, shed: Shed): void {
  app.get<{ Params: { id: string } }>('/stream/:id/index.m3u8', async ({ params: { id }, url }, reply) => {
    if (shed.has('streams')) return reply.header('retry-after', SHED_S).problem(503, 'shed', SHED);
    const at = ID.test(id) ? await answered(attached.find(id)) : null;
    if (at === null) return reply.problem(404, 'not_found', GONE);
    const { plain } = await proxy.playlist(id, at, askedOf(url));
    return reply.type(PLAYLIST_TYPE).header('cache-control', PLAYLIST_KEPT).send(plain.toString());
  });
}
