import type { FastifyInstance } from 'fastify';
import type { Log } from '../log/messages.ts';
import { COUNTS_MAX_IDS, isPostId, isSite } from '../protocol/index.ts';
import { answered, BAD_ROOM, BAD_SITE } from './api.ts';

const FRESH_MS = 10_000;
const KEPT_MAX = 10_000;
const BAD_IDS = `"ids" are 1 to ${COUNTS_MAX_IDS} post ids with commas between them; a comma of an id itself is written %2C.`;

/** How much was said in each of many rooms, as of the last seconds. */
export type Counts = { of(site: string, ids: string[]): Promise<{ [id: string]: number }> };

export function createCounts(log: Log, now: () => number): Counts {
  const kept = new Map<string, { count: number; until: number }>();
  return {
    async of(site, ids) {
      const counts = new Map<string, number>();
      for (const id of ids) {
        const known = kept.get(`${site}\n${id}`);
        if (known && known.until >= now()) counts.set(id, known.count);
      }
      const unknown = ids.filter((id) => !counts.has(id));
      if (unknown.length > 0) {
        const found = await log.counts(site, unknown);
        if (kept.size + unknown.length > KEPT_MAX) kept.clear();
        for (const id of unknown) {
          const count = found.get(id) ?? 0;
          counts.set(id, count);
          kept.set(`${site}\n${id}`, { count, until: now() + FRESH_MS });
        }
      }
      return Object.fromEntries(counts);
    },
  };
}

/** `/api/v1/counts`: for pages that list posts. */
export function addCounts(app: FastifyInstance, counts: Counts): void {
  app.get<{ Querystring: { site?: string } }>('/api/v1/counts', async (request, reply) => {
    const ids = idsOf(request.url);
    const { site = '' } = request.query;
    if (ids === null || ids.length > COUNTS_MAX_IDS) return reply.problem(400, 'bad_ids', BAD_IDS);
    if (!ids.every(isPostId)) return reply.problem(400, 'bad_room', BAD_ROOM);
    if (!isSite(site)) return reply.problem(400, 'bad_site', BAD_SITE);
    return reply.header('cache-control', `public, max-age=${FRESH_MS / 1_000}`).send({ counts: await answered(counts.of(site, ids)) });
  });
}

/** From the address as it came: once it is decoded, a comma in an id is none between two. */
function idsOf(url: string): string[] | null {
  const raw = url.match(/[?&]ids=([^&]*)/)?.[1];
  try {
    return raw === undefined ? null : [...new Set(raw.split(',').map((id) => decodeURIComponent(id.replaceAll('+', ' '))))];
  } catch {
    return null;
  }
}
