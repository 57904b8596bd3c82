import type { FastifyInstance } from 'fastify';
import type { Log } from '../log/messages.ts';
import { HEAT_MAX_BUCKETS, keyOf } from '../protocol/index.ts';
import { answered, count, type PlaceAsked, placeOf } from './api.ts';

type Asked = PlaceAsked & { Querystring: { from?: string; to?: string; buckets?: string } };

const FRESH_MS = 10_000;
const KEPT_MAX = 1_000;
const BAD_RANGE = `"from" and "to" are picture times in ms, one after the other, and "buckets" a number from 1 to ${HEAT_MAX_BUCKETS}.`;

/** `/api/v1/rooms/{id}/heat`: where in the pictures much was said. Counting reads every message, so it is done once for all who ask at a time. */
export function addHeat(app: FastifyInstance, log: Log, now: () => number): void {
  const kept = new Map<string, { counts: Promise<number[]>; until: number }>();
  app.get<Asked>('/api/v1/rooms/:id/heat', async (request, reply) => {
    const place = placeOf(request, reply);
    if (!place) return reply;
    const [from, to, buckets] = [count(request.query.from, null), count(request.query.to, null), count(request.query.buckets, HEAT_MAX_BUCKETS)];
    if (from === null || to === null || buckets === null || from >= to || buckets < 1 || buckets > HEAT_MAX_BUCKETS) return reply.problem(400, 'bad_range', BAD_RANGE);
    const key = `${keyOf(place)}\n${from} ${to} ${buckets}`;
    let one = kept.get(key);
    if (!one || one.until < now()) {
      if (kept.size >= KEPT_MAX) kept.clear();
      one = { counts: log.heat(place, { from, to, buckets }), until: now() + FRESH_MS };
      kept.set(key, one);
      one.counts.catch(() => kept.delete(key));
    }
    return reply.header('cache-control', `public, max-age=${FRESH_MS / 1_000}`).send({ from, to, counts: await answered(one.counts) });
  });
}
