import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../log/messages.ts';
import type { RoomMark } from '../log/overview.ts';
import { type httpRights, isPostId, isSite, PAGE_ROWS, reaches, type Scope } from '../protocol/index.ts';
import type { Gate, Holder } from './admin.ts';
import { answered, BAD_ROOM, BAD_SITE, count, placeOf } from './api.ts';

type Means = { log: Pick<Log, 'overview'>; gate: Gate };
/** A member given twice is a list. */
type Query = { site?: string; room?: string; before?: string; limit?: string; after?: string | string[]; find?: string | string[]; text?: string | string[]; author?: string | string[] };
type Asked = { Querystring: Query };

const FIND_MAX_CHARS = 100;
const AUTHOR = /^[a-z2-7]{16}$/;
const BAD_PAGE = `"before" is a number, "limit" one from 1 to ${PAGE_ROWS}, and "after" what the page before told.`;
const BAD_SEARCH = `"text" and "find" have at most ${FIND_MAX_CHARS} characters, and "author" is a public id.`;

/** `/api/v1/rooms`, `/bans`, `/audit` and the search of a room: what who moderates sees of all that is theirs. */
export function addOverview(app: FastifyInstance, { log, gate }: Means): void {
  app.get<Asked>('/api/v1/rooms', async (request, reply) => {
    const scope = await scopeOf(request, reply, 'GET /api/v1/rooms');
    if (!scope) return reply;
    const { find = '', after } = request.query;
    const [limit, mark] = [count(request.query.limit, PAGE_ROWS), after === undefined ? null : readMark(after)];
    if (!isLimit(limit) || (after !== undefined && mark === null)) return reply.problem(400, 'bad_page', BAD_PAGE);
    if (!isText(find)) return reply.problem(400, 'bad_search', BAD_SEARCH);
    const rooms = await answered(log.overview.rooms(scope, { find: find.trim(), after: mark, limit }));
    const last = rooms.length === limit ? rooms.at(-1) : undefined;
    return reply.header('cache-control', 'no-store').send({
      rooms: rooms.map(({ id: _, stream, ...room }) => ({ ...room, ...(stream && { stream }) })),
      next: last ? writeMark([last.reported, last.waiting, last.recent, last.at, last.id]) : null,
    });
  });

  app.get<Asked & { Params: { id: string } }>('/api/v1/rooms/:id/search', async (request, reply) => {
    const place = placeOf(request, reply);
    if (!place) return reply;
    const by = await gate(request, reply, 'GET /api/v1/rooms/:id/search', place.site);
    if (!by) return reply;
    if (!reaches('GET /api/v1/rooms/:id/search', by, place)) return reply.problem(403, 'forbidden', 'This room is another moderator’s.');
    const { text = '', author } = request.query;
    const [before, limit] = [count(request.query.before, Number.MAX_SAFE_INTEGER), count(request.query.limit, PAGE_ROWS)];
    if (before === null || !isLimit(limit)) return reply.problem(400, 'bad_page', BAD_PAGE);
    if (!isText(text) || (author !== undefined && !isAuthor(author))) return reply.problem(400, 'bad_search', BAD_SEARCH);
    return reply.header('cache-control', 'no-store').send(await answered(log.overview.search(place, { text: text.trim(), author: author ?? null, before, limit })));
  });

  for (const name of ['bans', 'audit'] as const) {
    app.get<Asked>(`/api/v1/${name}`, async (request, reply) => {
      const scope = await scopeOf(request, reply, `GET /api/v1/${name}`);
      if (!scope) return reply;
      const [before, limit] = [count(request.query.before, Number.MAX_SAFE_INTEGER), count(request.query.limit, PAGE_ROWS)];
      if (before === null || !isLimit(limit)) return reply.problem(400, 'bad_page', BAD_PAGE);
      const rows: { id: number }[] = await answered<{ id: number }[]>(log.overview[name](scope, { before, limit }));
      return reply.header('cache-control', 'no-store').send({ [name]: rows, next: rows.length === limit ? rows.at(-1)?.id : null });
    });
  }

  /** What is theirs of what they ask for; null where the answer is sent already. */
  async function scopeOf(request: FastifyRequest<Asked>, reply: FastifyReply, asked: keyof typeof httpRights): Promise<Scope | null> {
    const by = await gate(request, reply, asked);
    if (!by) return null;
    const { site, room } = request.query;
    if (site !== undefined && !isSite(site)) reply.problem(400, 'bad_site', BAD_SITE);
    else if (room !== undefined && !isPostId(room)) reply.problem(400, 'bad_room', BAD_ROOM);
    else if (isAnothers(by.site, site) || isAnothers(by.post, room)) reply.problem(403, 'forbidden', 'This is another moderator’s.');
    else return narrow(by, site, room);
    return null;
  }
}

function isAnothers(own: Holder['site'], asked: string | undefined): boolean {
  return own !== null && asked !== undefined && own !== asked;
}

function narrow(by: Scope, site: string | undefined, room: string | undefined): Scope {
  const post = room ?? by.post;
  // A room is named together with its site.
  return { site: site ?? by.site ?? (post === null ? null : ''), post };
}

function isLimit(limit: number | null): limit is number {
  return limit !== null && limit >= 1 && limit <= PAGE_ROWS;
}

function isText(text: string | string[]): text is string {
  return typeof text === 'string' && text.length <= FIND_MAX_CHARS && text.isWellFormed() && !text.includes('\0');
}

function isAuthor(author: string | string[]): author is string {
  return typeof author === 'string' && AUTHOR.test(author);
}

function writeMark(mark: RoomMark): string {
  return mark.join('.');
}

function readMark(text: string | string[]): RoomMark | null {
  const parts = String(text).split('.').map((part) => (/^\d{1,15}$/.test(part) ? Number(part) : Number.NaN));
  return parts.length === 5 && parts.every((part) => !Number.isNaN(part)) ? (parts as unknown as RoomMark) : null;
}
