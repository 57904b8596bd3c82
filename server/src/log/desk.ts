import type { Place, Row } from '../protocol/index.ts';
import type { Pool } from './pool.ts';
import { READ_WITHIN_MS } from './read.ts';

/** What waits for a moderator in a room. Times are in ms. */
export type Desk = {
  waiting: { who: string; cid: string; nick: string; avatar: string; text: string; at: number }[];
  reported: { row: Row; count: number; reasons: Record<string, number> }[];
};

const SHOWN = 100;

/** The oldest hundred of each. */
export async function readDesk(pool: Pool, { site, post }: Place): Promise<Desk> {
  const [found] = await pool.within(READ_WITHIN_MS, (sql) => sql<{ desk: Desk }[]>`
    select json_build_object(
      'waiting', coalesce((select json_agg(json_build_object('who', h.anonymous_id, 'cid', h.cid, 'nick', h.nickname, 'avatar', h.avatar, 'text', h.content, 'at', ms(h.created_at)) order by h.created_at)
        from (select h.* from held h where h.room_id = r.id and h.refused is null order by h.created_at limit ${SHOWN}) h), '[]'),
      'reported', coalesce((select json_agg(json_build_object('row', row_json(m), 'count', p.count, 'reasons', p.reasons) order by m.seq)
        from (select p.seq, sum(p.count) as count, jsonb_object_agg(p.reason, p.count) as reasons from (
            select q.seq, q.reason, count(*) as count from reports q join messages s on s.room_id = q.room_id and s.seq = q.seq and s.deleted_at is null
            where q.room_id = r.id and q.settled is null group by q.seq, q.reason) p
          group by p.seq order by p.seq limit ${SHOWN}) p
        join messages m on m.room_id = r.id and m.seq = p.seq and m.deleted_at is null), '[]')) as desk
    from rooms r where r.site = ${site} and r.post_id = ${post}`);
  return found?.desk ?? { waiting: [], reported: [] };
}
