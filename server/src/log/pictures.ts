import type { Place, Row } from '../protocol/index.ts';
import type { Pool } from './pool.ts';
import { type HeadRead, readRoom } from './read.ts';

/** A place is message `n` of picture `pic`, which belongs to what lies below it; so many are wanted of what lies on each side. */
export type PicturesAsked = { pic: number; n: number; below: number; above: number };
/** The nearest first, and of each side one more than asked for when there are more. */
export type PicturesRead = HeadRead & { below: Row[]; above: Row[] };

/** Equal parts of the pictures from `from` to `to`. */
export type Parts = { from: number; to: number; buckets: number };

/** How many messages belong to each part. */
export async function readHeat(pool: Pool, place: Place, { from, to, buckets }: Parts): Promise<number[]> {
  const { heat } = await readRoom<{ heat: number[] }>(pool, place, (sql) => sql`heat(r, ${from}::bigint, ${to}::bigint, ${buckets}::int) as heat`);
  return heat ?? Array.from({ length: buckets }, () => 0);
}

export async function readPictures(pool: Pool, place: Place, { pic, n, below, above }: PicturesAsked): Promise<PicturesRead> {
  const { head, pictures } = await readRoom<{ pictures: { below: Row[]; above: Row[] } }>(pool, place, (sql) => sql`
    pictures(r, ${pic}::bigint, ${n}::bigint, ${below}::int, ${above}::int) as pictures`);
  return { ...head, below: pictures?.below ?? [], above: pictures?.above ?? [] };
}
