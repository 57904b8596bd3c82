import type { LiveRow, Place, RoomFacts } from '../protocol/index.ts';
import type { Pool } from './pool.ts';
import { readRows } from './read.ts';

/** `epoch`: numbers of another one are of other messages. */
export type ExportRead = { rows: LiveRow[]; epoch: string; facts: RoomFacts };

export const EXPORT_ROWS = 200;

/** What stands above `after` at this moment, in order of n; fewer than {@link EXPORT_ROWS} are the last. */
export async function readExport(pool: Pool, place: Place, after: number): Promise<ExportRead> {
  const { head, rows } = await readRows(pool, place, (sql) => sql`(select json_agg(row_json(x.m) order by x.seq) from (
    select m, m.seq from messages m where m.room_id = r.id and m.seq > ${after} and m.seq >= r.first and m.deleted_at is null
    order by m.seq limit ${EXPORT_ROWS}) x) as rows`);
  return { rows: rows as LiveRow[], epoch: head.epoch, facts: head.facts };
}
