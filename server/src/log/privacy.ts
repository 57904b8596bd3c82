import type { Commit, Place } from '../protocol/index.ts';
import type { Pool } from './pool.ts';
import { READ_WITHIN_MS } from './read.ts';
import type { Ids } from './standing.ts';

/** A room where somebody left something. */
export type Left = Place & { id: number };
export type Step = { messages: number; reactions: number; held: number; more: boolean; commit: Commit | null };
/** What must be done again to a database that comes back from an older copy. Times are in ms. */
export type Erasure = { id: number; at: number; site: string } & ({ person: string } | { room: string; n: number; said: number });

/** What one person wrote in a site: to take along and to take back. Every call is short, and ends within its deadline. */
export type Privacy = {
  /** Rooms where they left anything, in order of their ids; some hundreds of the site's are looked at at a time. */
  rooms(site: string, ids: Ids): AsyncGenerator<Left>;
  /** All of it, in the order of rooms. */
  written(site: string, ids: Ids): AsyncGenerator<object>;
  /** Into the erasure log, before anything is erased and once more when all is. */
  note(site: string, ids: Ids): Promise<void>;
  /** At most 200 of their messages in one room, told to everybody by the commit. */
  eraseStep(room: Left, ids: Ids): Promise<Step>;
  /** What is kept of them outside rooms. */
  eraseMarks(site: string, ids: Ids): Promise<void>;
  /** The erasure log, behind that entry; some hundreds at a time. */
  erasures(after: number): Promise<Erasure[]>;
};

const AT_ONCE = 200;

export function openPrivacy(pool: Pool): Privacy {
  const both = ({ author, was }: Ids): string[] => (was === undefined ? [author] : [author, was]);

  const privacy: Privacy = {
    async *rooms(site, ids) {
      for (let after: number | null = 0; after !== null; ) {
        const looked: { found: { rooms: Left[]; last: number | null } }[] = await pool.within(READ_WITHIN_MS, (sql) => sql<{ found: { rooms: Left[]; last: number | null } }[]>`
          select rooms_of(${site}, ${both(ids) as never}::jsonb, ${after}) as found`);
        yield* looked[0]?.found.rooms ?? [];
        after = looked[0]?.found.last ?? null;
      }
    },
    async *written(site, ids) {
      for await (const room of privacy.rooms(site, ids)) yield* writtenIn(pool, room, ids);
    },
    async note(site, ids) {
      await pool.within(READ_WITHIN_MS, (sql) => sql`
        with asked as (select person_of(${site}, x) as person from jsonb_array_elements_text(${both(ids) as never}::jsonb) x),
          again as (update erasures e set erased_at = clock_timestamp() from asked a where e.site = ${site} and e.person = a.person returning e.person)
        insert into erasures (site, person) select ${site}, a.person from asked a where a.person not in (select person from again)`);
    },
    async eraseStep({ id, site, post }, ids) {
      const [found] = await pool.within(READ_WITHIN_MS, (sql) => sql<{ step: (Omit<Step, 'commit'> & { commit: Omit<Commit, 'place'> | null }) | null }[]>`
        select erase_step(${id}, ${both(ids) as never}::jsonb, 'infinity') as step`);
      const step = found?.step;
      return step ? { ...step, commit: step.commit && { ...step.commit, place: { site, post } } } : { messages: 0, reactions: 0, held: 0, more: false, commit: null };
    },
    async eraseMarks(site, ids) {
      await pool.within(READ_WITHIN_MS, (sql) => sql`
        select erase_marks(${site}, (select array_agg(x) from jsonb_array_elements_text(${both(ids) as never}::jsonb) x))`);
    },
    async erasures(after) {
      const rows = await pool.within(READ_WITHIN_MS, (sql) => sql<{ line: Erasure }[]>`
        select json_strip_nulls(json_build_object('id', e.id, 'at', ms(e.erased_at), 'site', e.site, 'person', e.person, 'room', e.post_id, 'n', e.seq, 'said', ms(e.said_at))) as line
        from erasures e where e.id > ${after} order by e.id limit ${AT_ONCE}`);
      return rows.map(({ line }) => line);
    },
  };
  return privacy;
}

/** One room's, a page a statement: messages with what they said before they were rewritten, what waits for approval, reactions, reports. */
async function* writtenIn(pool: Pool, { id, post: room }: Left, { author, was = author }: Ids): AsyncGenerator<object> {
  for (let after = 0; ; ) {
    const rows = await pool.within(READ_WITHIN_MS, (sql) => sql<{ n: number; line: object }[]>`
      select m.seq as n, json_strip_nulls(json_build_object('is', 'message', 'room', ${room}::text, 'n', m.seq, 'text', coalesce(g.content, m.content), 'nick', coalesce(g.nickname, m.nickname),
        'avatar', coalesce(g.avatar, m.avatar), 'at', ms(m.created_at), 're', coalesce(g.reply_to, m.reply_to), 'edited', ms(coalesce(g.edited_at, m.edited_at)),
        'before', (select json_agg(json_build_object('text', e.content, 'until', ms(e.edited_at)) order by e.rev) from edits e where e.room_id = m.room_id and e.seq = m.seq),
        'removed', case when g.seq is not null then true end)) as line
      from messages m left join removed g on g.room_id = m.room_id and g.seq = m.seq
      where m.room_id = ${id} and m.anonymous_id in (${author}, ${was}) and m.seq > ${after} and (m.deleted_at is null or g.seq is not null)
      order by m.seq limit ${AT_ONCE}`);
    yield* rows.map(({ line }) => line);
    const last = rows.at(-1);
    if (!last || rows.length < AT_ONCE) break;
    after = last.n;
  }
  for (let after = ''; ; ) {
    const rows = await pool.within(READ_WITHIN_MS, (sql) => sql<{ cid: string; line: object }[]>`
      select h.cid, json_strip_nulls(json_build_object('is', 'held', 'room', ${room}::text, 'text', h.content, 'nick', h.nickname, 'avatar', h.avatar, 'at', ms(h.created_at),
        're', h.reply_to, 'refused', case when h.refused is not null then true end)) as line
      from held h where h.room_id = ${id} and h.anonymous_id in (${author}, ${was}) and h.cid > ${after} order by h.cid limit ${AT_ONCE}`);
    yield* rows.map(({ line }) => line);
    const last = rows.at(-1);
    if (!last || rows.length < AT_ONCE) break;
    after = last.cid;
  }
  for (let [n, emoji] = [0, '']; ; ) {
    const rows = await pool.within(READ_WITHIN_MS, (sql) => sql<{ n: number; emoji: string; at: number }[]>`
      select x.seq as n, x.emoji, ms(x.created_at) as at from reactions x
      where x.room_id = ${id} and x.author in (${author}, ${was}) and (x.seq, x.emoji) > (${n}, ${emoji}) order by x.seq, x.emoji limit ${AT_ONCE}`);
    yield* rows.map((row) => ({ is: 'reaction', room, ...row }));
    const last = rows.at(-1);
    if (!last || rows.length < AT_ONCE) break;
    [n, emoji] = [last.n, last.emoji];
  }
  for (let after = 0; ; ) {
    const rows = await pool.within(READ_WITHIN_MS, (sql) => sql<{ n: number; reason: string; at: number }[]>`
      select p.seq as n, p.reason, ms(p.created_at) as at from reports p
      where p.room_id = ${id} and p.author in (${author}, ${was}) and p.seq > ${after} order by p.seq limit ${AT_ONCE}`);
    yield* rows.map((row) => ({ is: 'report', room, ...row }));
    const last = rows.at(-1);
    if (!last || rows.length < AT_ONCE) return;
    after = last.n;
  }
}
