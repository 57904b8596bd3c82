import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../log/messages.ts';
import { isPostId, isSite, PAGE_ROWS, type Page, type Place, POST_ID_MAX_CHARS, SITE_MAX_CHARS } from '../protocol/index.ts';
import { readAround } from '../room/pictures.ts';
import { type Position, readPage } from '../room/position.ts';

type Query = { site?: string; before?: string; limit?: string; pic?: string; after?: string; until?: string };
type Asked = { Params: { id: string }; Querystring: Query };

/** `/api/v1`: what the socket says of a room, for programs and for reading back. */
export function addApi(app: FastifyInstance, log: Log, positionOf: (place: Place) => Promise<Position>): void {
  // Anybody may read what everybody may see; nothing here knows who asks.
  app.addHook('onRequest', async (_, reply) => { reply.header('access-control-allow-origin', '*'); });

  app.get<Asked>('/api/v1/rooms/:id', async (request, reply) => {
    const place = placeOf(request, reply);
    if (!place) return reply;
    const { head, facts } = await answered(positionOf(place));
    return reply.header('cache-control', 'no-store').send({ room: facts, ...head });
  });

  app.get<Asked>('/api/v1/rooms/:id/messages', async (request, reply) => {
    const place = placeOf(request, reply);
    if (!place) return reply;
    if (ofPictures.some((name) => request.query[name] !== undefined)) return sendAround(log, place, request.query, reply);
    const before = count(request.query.before, Number.MAX_SAFE_INTEGER);
    const limit = count(request.query.limit, PAGE_ROWS);
    if (before === null || limit === null || limit < 1 || limit > PAGE_ROWS) {
      return reply.problem(400, 'bad_page', `"before" is a message number and "limit" a number from 1 to ${PAGE_ROWS}.`);
    }
    const page = pageOf(await answered(readPage(log, place, before, limit)));
    return reply.header('cache-control', 'no-store').send({ ...page, rows: page.rows.reverse() });
  });
}

const ofPictures = ['pic', 'after', 'until'] as const;
const BAD_PICTURE = `"pic" is a picture time in ms, alone or with one of "after" and "until", the number of a message that has it; "limit" is a number from 1 to ${PAGE_ROWS}.`;

async function sendAround(log: Log, place: Place, query: Query, reply: FastifyReply): Promise<FastifyReply> {
  const [pic, limit, after, until] = [count(query.pic, null), count(query.limit, PAGE_ROWS), count(query.after, undefined), count(query.until, undefined)];
  const apart = query.before === undefined && (after === undefined || until === undefined);
  if (pic === null || after === null || until === null || limit === null || limit < 1 || limit > PAGE_ROWS || !apart) return reply.problem(400, 'bad_page', BAD_PICTURE);
  const page = await answered(readAround(log, place, { pic, limit, ...(after !== undefined && { after }), ...(until !== undefined && { until }) }));
  return reply.header('cache-control', 'no-store').send(page);
}

export const BAD_ROOM = `A post id has 1 to ${POST_ID_MAX_CHARS} characters and no control characters.`;
export const BAD_SITE = `A site has at most ${SITE_MAX_CHARS} characters and no control characters.`;

export type PlaceAsked = { Params: { id: string }; Querystring: { site?: string } };

/** The place a request names, or a refusal already sent. */
export function placeOf(request: FastifyRequest<PlaceAsked>, reply: FastifyReply): Place | null {
  const { id } = request.params;
  const site = request.query.site ?? '';
  if (isPostId(id) && isSite(site)) return { site, post: id };
  if (isPostId(id)) reply.problem(400, 'bad_site', BAD_SITE);
  else reply.problem(400, 'bad_room', BAD_ROOM);
  return null;
}

/** Rows in order of n. */
export function pageOf({ head, kept, more }: Position): Page {
  return { rows: kept.map(({ row }) => row), more, ...head };
}

class StoreDown extends Error {
  statusCode = 503;
}

export async function answered<T>(reading: Promise<T>): Promise<T> {
  return reading.catch(() => {
    throw new StoreDown('The messages cannot be read now.');
  });
}

export function count<T>(text: string | undefined, fallback: T): number | T | null {
  if (text === undefined) return fallback;
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
