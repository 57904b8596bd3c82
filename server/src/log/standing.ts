import type { Place } from '../protocol/index.ts';
import type { Pool } from './pool.ts';
import { READ_WITHIN_MS } from './read.ts';

/** A person under both of their ids, while secrets are being changed. */
export type Ids = { author: string; was?: string };

/** Of somebody's messages that are looked at. */
const LOOKED_AT = 20;

/** When the earliest of some of their messages that stand was said; null where none does. */
export async function readStanding(pool: Pool, { site, post }: Place, { author, was }: Ids): Promise<number | null> {
  const [found] = await pool.within(READ_WITHIN_MS, (sql) => sql<{ at: number | null }[]>`
    select ms(min(m.created_at)) as at from (
      select m.created_at, m.deleted_at from messages m join rooms r on r.id = m.room_id
      where r.site = ${site} and r.post_id = ${post} and m.anonymous_id in (${author}, ${was ?? author}) limit ${LOOKED_AT}) m
    where m.deleted_at is null`);
  return found?.at ?? null;
}

/** Whether these words were taken before: a frame that is sent again has the outcome it had. */
export async function wasSaid(pool: Pool, { site, post }: Place, { author, was }: Ids, cid: string): Promise<boolean> {
  const rows = await pool.within(READ_WITHIN_MS, (sql) => sql`
    select from rooms r where r.site = ${site} and r.post_id = ${post} and (
      exists (select from messages m where m.room_id = r.id and m.anonymous_id in (${author}, ${was ?? author}) and m.cid = ${cid})
      or exists (select from held h where h.room_id = r.id and h.anonymous_id in (${author}, ${was ?? author}) and h.cid = ${cid}))`);
  return rows.length > 0;
}
