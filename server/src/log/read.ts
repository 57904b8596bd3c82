import { type Place, type Row, UNBORN } from '../protocol/index.ts';
import type { SinceRead } from './messages.ts';
import type { Pool } from './pool.ts';
import type { Fragment, Sql } from './sql.ts';

/** Where a room stands, as every read of its rows tells it. */
export type HeadRead = Omit<SinceRead, 'rows'>;

export const READ_WITHIN_MS = 4_000;

export async function readRows(pool: Pool, place: Place, which: (sql: Sql) => Fragment): Promise<{ head: HeadRead; rows: Row[]; changes: Row[] }> {
  const { head, rows, changes } = await readRoom<{ rows: Row[] | null; changes: Row[] | null }>(pool, place, which);
  return { head, rows: rows ?? [], changes: changes ?? [] };
}

/** One statement, so one moment: where the room stands, and what `which` picks of it; nothing of a room that is not there. */
export async function readRoom<T extends object>(pool: Pool, place: Place, which: (sql: Sql) => Fragment): Promise<{ head: HeadRead } & Partial<T>> {
  const found = await pool.within(READ_WITHIN_MS, (sql) => sql<({ head: HeadRead } & T)[]>`
    select json_build_object('epoch', case r.rev when 0 then '0' else wire_epoch(r.epoch, cluster_mark()) end, 'rev', r.rev,
      'n', r.seq, 'first', r.first, 'facts', room_json(r), 'factsRev', r.facts_rev) as head, ${which(sql)}
    from rooms r where r.site = ${place.site} and r.post_id = ${place.post}`);
  return (found[0] ?? { head: { ...UNBORN, facts: { id: place.post, title: null }, factsRev: 0 } }) as { head: HeadRead } & Partial<T>;
}
