import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { parseClientFrame, reaches } from '../protocol/index.ts';
import { act, type ActDeps, type Actor, type Answer } from '../room/act.ts';
import type { Gate, Holder } from './admin.ts';
import { type PlaceAsked, placeOf } from './api.ts';

const ROUTE = 'POST /api/v1/rooms/:id/acts';
const BAD_ACT = 'An act is a frame as the socket takes it, {"t":"mod","do":…} or {"t":"delete","n":…}; with a "cid", the same again changes nothing.';
const STATUS: { readonly [code: string]: number } = { forbidden: 403, not_found: 404, overloaded: 503, store_down: 503 };

/** `/api/v1/rooms/{id}/acts`: what a moderator does by the socket, without one. */
export function addActs(app: FastifyInstance, deps: ActDeps, gate: Gate): void {
  app.post<PlaceAsked & { Body: unknown }>('/api/v1/rooms/:id/acts', async (request, reply) => {
    const place = placeOf(request, reply);
    if (!place) return reply;
    const by = await gate(request, reply, ROUTE, place.site);
    if (!by) return reply;
    if (!reaches(ROUTE, by, place)) return reply.problem(403, 'forbidden', 'This room is another moderator’s.');
    if (by.id === null) return reply.problem(403, 'forbidden', 'What is done is signed by a moderator: exchange the operator’s token for a key first.');
    const parsed = parseClientFrame(JSON.stringify({ cid: randomUUID(), ...(request.body as object | null) }));
    if (!parsed.ok || (parsed.frame.t !== 'mod' && parsed.frame.t !== 'delete')) return reply.problem(400, 'bad_act', BAD_ACT);
    return send(reply, await act(deps, actorOf({ ...by, id: by.id }), place, parsed.frame));
  });
}

function actorOf({ role, id }: Holder & { id: number }): Actor {
  return { ids: null, nick: null, avatar: null, role, moderator: id, stream: null, voice: null };
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  reply.header('cache-control', 'no-store');
  switch (answer.t) {
    case 'ok': {
      const { n, rev, dup, act } = answer;
      return reply.send({ ...(n !== undefined && { n }), ...(rev !== undefined && { rev }), ...(dup && { dup }), ...(act !== undefined && { act }) });
    }
    case 'no': return reply.problem(STATUS[answer.code] ?? 409, answer.code, 'This was not done.');
    case 'wait': return reply.header('retry-after', '1').problem(503, 'store_down', 'Nobody can say whether this was done. The same again, with the same "cid", will tell.');
  }
}
