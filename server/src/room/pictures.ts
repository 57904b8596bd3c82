import type { Log } from '../log/messages.ts';
import { PAGE_BYTES, type PicturePage, type Place, type Row } from '../protocol/index.ts';
import { keep } from './tail.ts';

/** Around picture `pic`, or what goes on after message `after` of it, or until message `until` of it. */
export type Around = { pic: number; after?: number; until?: number; limit: number };

/** Messages in order of their picture, and of their number where pictures are the same. */
export async function readAround(log: Log, place: Place, { pic, after, until, limit }: Around): Promise<PicturePage> {
  const [below, above] = after !== undefined ? [0, limit] : until !== undefined ? [limit, 0] : [Math.ceil(limit / 2), Math.floor(limit / 2)];
  const n = after ?? (until === undefined ? Number.MAX_SAFE_INTEGER : until - 1);
  const { below: lower, above: upper, facts: _, factsRev: __, ...head } = await log.pictures(place, { pic, n, below, above });
  const [older, newer] = [cut(lower, below), cut(upper, above)];
  return { rows: [...older.rows.reverse(), ...newer.rows], older: older.more || below === 0, more: newer.more || above === 0, ...head };
}

/** The nearest, bounded in rows and bytes, but one at least: who asks on must come on. */
function cut(nearestFirst: readonly Row[], limit: number): { rows: Row[]; more: boolean } {
  const rows: Row[] = [];
  let bytes = 0;
  for (const row of nearestFirst.slice(0, limit)) {
    bytes += keep(row).bytes;
    if (bytes > PAGE_BYTES / 2 && rows.length > 0) break;
    rows.push(row);
  }
  return { rows, more: rows.length < nearestFirst.length };
}
