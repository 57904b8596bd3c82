import type { Place, Rules, Scope, StreamFacts } from '../protocol/index.ts';
import type { Pool } from './pool.ts';
import { READ_WITHIN_MS } from './read.ts';

/** What an installation looks like from above. Every call ends within its deadline; pages go on after the last one's place. */
export type Overview = {
  /** What asks for somebody first: by reports, by what waits, by how much is said, by what was said last. */
  rooms(scope: Scope, asked: { find: string; after: RoomMark | null; limit: number }): Promise<ListedRoom[]>;
  /** Messages of a room with words or a person, newest first. Looks at {@link LOOKED_AT} of them at most; `next` goes on where it stopped, null at the first. */
  search(place: Place, asked: { text: string; author: string | null; before: number; limit: number }): Promise<{ rows: unknown[]; next: number | null }>;
  /** Who may not write now, newest first. */
  bans(scope: Scope, asked: { before: number; limit: number }): Promise<ListedBan[]>;
  /** What moderators and the shield did, newest first. */
  audit(scope: Scope, asked: { before: number; limit: number }): Promise<Deed[]>;
  /** How the database is, as it says itself. */
  database(): Promise<{ version: string; bytes: number; rooms: number }>;
};

export type RoomMark = readonly [reported: number, waiting: number, recent: number, at: number, id: number];
/** `recent`: messages of the last five minutes. Times are in ms. */
export type ListedRoom = { id: number; site: string; room: string; title: string | null; n: number; first: number; at: number; reported: number; waiting: number; recent: number; rules: Rules; stream: StreamFacts | null };
/** `room`: null for all of the site. `doneIn`: where it was done, and can be undone. */
export type ListedBan = { act: number; id: number; site: string; room: string | null; doneIn: string | null; who: string; nick: string | null; until: number | null; mute: boolean; network: boolean; reason: string | null; at: number };
/** `by`: null for what was done without a moderator. */
export type Deed = { id: number; at: number; by: string | null; action: string; site: string; room: string | null; detail: Record<string, unknown>; undone: boolean };

/** So that no search reads a room of millions through. */
const LOOKED_AT = 20_000;

export function openOverview(pool: Pool): Overview {
  return {
    async rooms({ site, post }, { find, after, limit }) {
      const [reported, waiting, recent, at, id] = after ?? [null, null, null, null, null];
      const rows = await pool.within(READ_WITHIN_MS, (sql) => sql<ListedRoom[]>`
        with open as (select q.room_id, count(distinct q.seq)::int as reported from reports q join messages s on s.room_id = q.room_id and s.seq = q.seq and s.deleted_at is null where q.settled is null group by q.room_id),
          held as (select h.room_id, count(*)::int as waiting from held h where h.refused is null group by h.room_id),
          listed as (
            select r.id, r.site, r.post_id as room, r.title, r.seq as n, r.first, coalesce(ms(r.last_at), 0) as at, coalesce(o.reported, 0) as reported, coalesce(h.waiting, 0) as waiting,
              case when r.last_at > now() - interval '5 minutes' then (select count(*)::int from messages m where m.room_id = r.id and m.created_at > now() - interval '5 minutes') else 0 end as recent,
              r.settings as rules, r.stream - 'url' as stream
            from rooms r left join open o on o.room_id = r.id left join held h on h.room_id = r.id
            where (${site}::text is null or r.site = ${site}) and (${post}::text is null or r.post_id = ${post})
              and (${find} = '' or position(lower(${find}) in lower(r.post_id || ' ' || coalesce(r.title, ''))) > 0))
        select * from listed l
        where ${reported}::int is null or (l.reported, l.waiting, l.recent, l.at, l.id) < (${reported}::int, ${waiting}::int, ${recent}::int, ${at}::bigint, ${id}::bigint)
        order by l.reported desc, l.waiting desc, l.recent desc, l.at desc, l.id desc limit ${limit}`);
      return [...rows];
    },
    async search({ site, post }, { text, author, before, limit }) {
      const [found] = await pool.within(READ_WITHIN_MS, (sql) => sql<{ rows: { n: number }[] | null; looked: number; low: number | null }[]>`
        with looked as materialized (
          select m.* from rooms r join messages m on m.room_id = r.id
          where r.site = ${site} and r.post_id = ${post} and m.seq < ${before} and m.seq >= r.first and m.deleted_at is null
          order by m.seq desc limit ${LOOKED_AT})
        select (select json_agg(row_json(f) order by f.seq desc) from (
            select l.* from looked l
            where (${author}::text is null or l.anonymous_id = ${author})
              and (${text} = '' or position(lower(${text}) in lower(l.content)) > 0 or position(lower(${text}) in lower(l.nickname)) > 0)
            order by l.seq desc limit ${limit}) f) as rows,
          (select count(*)::int from looked) as looked, (select min(l.seq) from looked l) as low`);
      const rows = found?.rows ?? [];
      const last = rows.at(-1)?.n;
      return { rows, next: rows.length === limit && last !== undefined ? last : found?.looked === LOOKED_AT ? found.low : null };
    },
    async bans({ site, post }, { before, limit }) {
      const rows = await pool.within(READ_WITHIN_MS, (sql) => sql<ListedBan[]>`
        select b.act, b.id, b.site, r.post_id as room, b.author as who, ms(b.until) as until, b.mute, b.reason, ms(b.created_at) as at,
          exists (select from bans o where o.act = b.act and o.network is not null) as network,
          d.post_id as "doneIn",
          (select m.nickname from messages m where m.room_id = d.id and m.anonymous_id = b.author and m.deleted_at is null order by m.seq desc limit 1) as nick
        from bans b left join rooms r on r.id = b.room_id left join audit a on a.id = b.act left join rooms d on d.id = a.room_id
        where b.lifted_at is null and b.network is null and (b.until is null or b.until > now()) and b.id < ${before}
          and (${site}::text is null or b.site = ${site}) and (${post}::text is null or r.post_id = ${post})
        order by b.id desc limit ${limit}`);
      return [...rows];
    },
    async audit({ site, post }, { before, limit }) {
      const rows = await pool.within(READ_WITHIN_MS, (sql) => sql<Deed[]>`
        select a.id, ms(a.created_at) as at, coalesce(a.detail->>'name', (select m.name from moderators m where m.id::text = a.actor), case when a.actor <> 'shield' then 'operator' end) as by, a.action, a.site, r.post_id as room, a.detail - 'name' as detail,
          exists (select from audit u where u.action = 'undo' and (u.detail->>'undoes')::bigint = a.id) as undone
        from audit a left join rooms r on r.id = a.room_id
        where a.id < ${before} and (${site}::text is null or a.site = ${site}) and (${post}::text is null or r.post_id = ${post})
        order by a.id desc limit ${limit}`);
      return [...rows];
    },
    async database() {
      const [found] = await pool.within(READ_WITHIN_MS, (sql) => sql<{ version: string; bytes: number; rooms: number }[]>`
        select current_setting('server_version') as version, pg_database_size(current_database())::float8 as bytes, (select count(*)::int from rooms) as rooms`);
      return found as { version: string; bytes: number; rooms: number };
    },
  };
}
