import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Bus } from '../bus/bus.ts';
import type { Log } from '../log/messages.ts';
import { isPostId, isSite, type Place, TITLE_MAX_CHARS } from '../protocol/index.ts';
import type { StreamProxy } from '../stream/proxy.ts';
import { StreamError } from '../stream/refusal.ts';
import type { Seal } from '../stream/seal.ts';
import type { Piece } from '../stream/store.ts';
import { answered, BAD_ROOM, BAD_SITE } from './api.ts';
import { mayAdminister } from './admin.ts';
import type { AttachedStreams } from './attached.ts';
import { rangeOf, typeOf } from './media.ts';

type Means = { log: Log; bus: Bus; proxy: StreamProxy; seal: Seal; attached: AttachedStreams; adminToken: string };
type Asked = { Params: { id: string }; Querystring: { site?: string }; Body: { url?: unknown; title?: unknown; startsAt?: unknown } | null };

/** With what we keep ourselves, no viewer sees a playlist that is older than a second and what the way takes. */
const PLAYLIST_KEPT = 'public, max-age=0, s-maxage=1';
/** Others are none, and the whole is sent. */
const RANGE = /^bytes=(\d{1,15}-\d{0,15}|-\d{1,15})$/;
const ID = /^[\w-]{16}$/;
const URL_MAX_CHARS = 2_048;
/** What players of low-latency streams ask for; nothing else of an address reaches the origin. */
const QUERY = /^_HLS_(msn=\d{1,15}|part=\d{1,6}|skip=(YES|v2))$/;

/** `/api/v1/rooms/{id}/stream`: attaching and detaching, for who brings the operator's token. */
export function addStreamApi(app: FastifyInstance, { log, bus, proxy, attached, adminToken }: Means): void {
  app.put<Asked>('/api/v1/rooms/:id/stream', async (request, reply) => {
    const place = allow(request, reply);
    if (!place) return reply;
    const { url, title, startsAt } = request.body ?? {};
    if (typeof url !== 'string' || url.length > URL_MAX_CHARS || !URL.canParse(url)) return reply.problem(400, 'bad_url', 'This is not a web address that starts with http:// or https://.');
    if (title !== undefined && (typeof title !== 'string' || !title.isWellFormed() || [...title].length > TITLE_MAX_CHARS)) return reply.problem(400, 'bad_title', `A title has at most ${TITLE_MAX_CHARS} characters.`);
    if (startsAt !== undefined && !(Number.isSafeInteger(startsAt) && (startsAt as number) >= 0)) return reply.problem(400, 'bad_start', '"startsAt" is a time in ms since 1970.');
    const id = randomBytes(12).toString('base64url');
    const announced = typeof startsAt === 'number' && startsAt > Date.now();
    const times = await proxy.look(id, url).catch((error: unknown) => {
      // Before it begins there may be nothing at its address.
      if (announced && error instanceof StreamError && LATER.has(error.code)) return { from: startsAt };
      throw error;
    });
    const stream = { id, url, ...(title === undefined ? {} : { title: title as string }), ...(startsAt === undefined ? {} : { startsAt: startsAt as number }), ...times };
    const commit = await answered(log.attach(place, stream));
    attached.forget();
    if (commit) bus.publish(commit);
    const { url: _, ...told } = stream;
    return reply.header('cache-control', 'no-store').send({ stream: told });
  });

  app.delete<Asked>('/api/v1/rooms/:id/stream', async (request, reply) => {
    const place = allow(request, reply);
    if (!place) return reply;
    const commit = await answered(log.attach(place, null));
    if (!commit) return reply.problem(404, 'not_found', 'This room has no stream.');
    attached.forget();
    bus.publish(commit);
    return reply.code(204).send();
  });

  function allow(request: FastifyRequest<Asked>, reply: FastifyReply): Place | null {
    const place = { site: request.query.site ?? '', post: request.params.id };
    if (!mayAdminister(request, reply, adminToken)) return null;
    if (isPostId(place.post) && isSite(place.site)) return place;
    reply.problem(400, isSite(place.site) ? 'bad_room' : 'bad_site', isSite(place.site) ? BAD_ROOM : BAD_SITE);
    return null;
  }
}

const LATER: ReadonlySet<string> = new Set(['not_found', 'unreachable', 'too_slow', 'origin_failed', 'not_a_playlist']);

/** `/stream/…`: what viewers play. Every address but a stream's first is sealed. */
export function addStreams(app: FastifyInstance, { attached, proxy, seal }: Means): void {
  app.get<{ Params: { id: string; '*': string } }>('/stream/:id/*', async (request, reply) => {
    const { id, '*': rest } = request.params;
    const [, query = ''] = request.url.split('?');
    const first = rest === 'index.m3u8' || rest === 'state.json';
    // Before the log is asked: strangers can make up addresses faster than it answers.
    const sealed = first ? null : seal.open(request.url);
    if (!first && !sealed) return reply.problem(403, 'bad_address', 'This address is not ours, or it has ended.');
    const url = ID.test(id) ? await answered(attached.find(id)) : null;
    if (url === null) return reply.problem(404, 'not_found', 'There is no such stream any more.');
    if (rest === 'index.m3u8') return sendPlaylist(reply, id, url, query);
    if (rest === 'state.json') return reply.header('cache-control', 'no-store').send(proxy.state(id) ?? {});
    if (!sealed) return reply.callNotFound();
    if (sealed.kind === 'playlist') return sendPlaylist(reply, id, sealed.url, query);
    const range = RANGE.test(request.headers.range ?? '') ? request.headers.range : undefined;
    return sendPiece(reply, await proxy.piece(sealed, range), range);
  });

  async function sendPlaylist(reply: FastifyReply, id: string, url: string, query: string): Promise<FastifyReply> {
    const asked = query.split('&').filter((one) => QUERY.test(one)).sort().join('&');
    const { text } = await proxy.playlist(id, url, asked);
    return reply.type('application/vnd.apple.mpegurl').header('cache-control', PLAYLIST_KEPT).send(text);
  }
}

async function sendPiece(reply: FastifyReply, piece: Piece, range: string | undefined): Promise<FastifyReply> {
  const begun = await beginningOf(piece);
  const type = typeOf(begun);
  if (type === null) throw new StreamError('origin_failed');
  // Sealed for one file at one address: it never changes, and it is for whoever has the address.
  reply.type(type).header('cache-control', 'public, max-age=900, immutable').header('content-security-policy', "default-src 'none'; sandbox").header('accept-ranges', 'bytes');
  if (piece.status === 206) {
    const { 'content-range': told = '' } = piece.headers;
    return reply.code(206).header('content-range', told).send(await piece.all());
  }
  if (range !== undefined) {
    const whole = await piece.all();
    const part = rangeOf(range, whole.length);
    if (part === null) return reply.code(416).header('content-range', `bytes */${whole.length}`).send();
    if (part) return reply.code(206).header('content-range', `bytes ${part.from}-${part.to}/${whole.length}`).send(whole.subarray(part.from, part.to + 1));
  }
  if (piece.whole) return reply.send(piece.whole);
  return reply.send(Readable.from(piece.read(), { objectMode: false }));
}

async function beginningOf(piece: Piece): Promise<Uint8Array> {
  if (piece.whole) return piece.whole.subarray(0, 16);
  for await (const chunk of piece.read()) return chunk;
  return new Uint8Array();
}
