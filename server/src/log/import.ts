import type { Hint, Line, Place } from '../protocol/index.ts';
import type { Pool } from './pool.ts';
import type { Transaction } from './sql.ts';

/** How many of the lines were taken, and where the room's numbers stand. `hint`: null where nothing changed. */
export type Imported = { imported: number; skipped: number; n: number; hint: Hint | null };
type Room = { id: number; seq: number; rev: number };

const STEP = 1_000;
/** Less than a transaction may last. */
const WITHIN_MS = 25_000;

/** Puts lines behind what is in a room, under its next numbers: all that are new here and were not erased here, or none. */
export async function importLines(pool: Pool, place: Place, lines: readonly Line[], by: number): Promise<Imported | 'room_is_newer'> {
  try {
    return await pool.within(WITHIN_MS, (sql) => sql.begin((tx) => take(tx, place, lines, by)) as Promise<Imported>);
  } catch (error) {
    if (error instanceof Nothing) return error.outcome;
    throw error;
  }
}

/** Ends the transaction without a change. */
class Nothing extends Error {
  readonly outcome: Imported | 'room_is_newer';
  constructor(outcome: Imported | 'room_is_newer') {
    super('Nothing was taken');
    this.outcome = outcome;
  }
}

async function take(tx: Transaction, place: Place, lines: readonly Line[], by: number): Promise<Imported> {
  // Nobody is told one by one of what was said long ago.
  await tx`set local aside.quiet = 'on'`;
  await tx`insert into rooms (site, post_id) values (${place.site}, ${place.post}) on conflict (site, post_id) do nothing`;
  const [room] = await tx<Room[]>`select r.id, r.seq, r.rev from rooms r where r.site = ${place.site} and r.post_id = ${place.post} for no key update`;
  if (!room) throw new Error('The room went away');
  const [known, erased] = [await readKnown(tx, room.id, lines), await readErased(tx, lines)];
  const fresh = numbered(room, lines, known, (line) => erased.messages.has(mark(line)) || line.at <= (erased.people.get(line.author) ?? -1));
  const [first] = fresh;
  if (!first) throw new Nothing({ imported: 0, skipped: lines.length, n: room.seq, hint: null });
  // Only statements after the lock see what earlier holders of it committed.
  const [newest] = await tx<{ at: number }[]>`select ms(m.created_at) as at from messages m where m.room_id = ${room.id} and m.seq = ${room.seq}`;
  if (newest && first.at < newest.at) throw new Nothing('room_is_newer');
  for (const step of inSteps(fresh)) await write(tx, room.id, step);
  const hint = await close(tx, room, place, fresh);
  await tx`insert into audit (site, room_id, actor, action, detail) values (${place.site}, ${room.id}, ${String(by)}, 'import', jsonb_build_object('messages', ${fresh.length}::int))`;
  // Who erases themselves from here on waits, and then finds what was written; who did since we looked must not be brought back.
  await tx`lock table erasures in share mode`;
  const now = await readErased(tx, fresh);
  if (now.messages.size > 0 || fresh.some(({ author, at }) => at <= (now.people.get(author) ?? -1))) throw new Error('Something was erased meanwhile');
  return { imported: fresh.length, skipped: lines.length - fresh.length, n: room.seq + fresh.length, hint };
}

/** By line: its number here while it stands, null where it is here and does not. */
async function readKnown(tx: Transaction, room: number, lines: readonly Line[]): Promise<Map<Line, number | null>> {
  const known = new Map<Line, number | null>();
  for (const step of inSteps(lines)) {
    const asked = step.map(({ author, cid }, i) => ({ i, author, cid }));
    const found = await tx<{ i: number; seq: number | null }[]>`
      select x.i, case when m.deleted_at is null then m.seq end as seq from jsonb_to_recordset(${asked as never}::jsonb) as x(i int, author text, cid text)
      join messages m on m.room_id = ${room} and m.anonymous_id = x.author and m.cid = x.cid
      union all select x.i, null from jsonb_to_recordset(${asked as never}::jsonb) as x(i int, author text, cid text)
      join held h on h.room_id = ${room} and h.anonymous_id = x.author and h.cid = x.cid`;
    for (const { i, seq } of found) known.set(step[i] as Line, seq);
  }
  return known;
}

/** What was erased here, in whatever site: until when of each author, and single messages. */
async function readErased(tx: Transaction, lines: readonly Pick<Line, 'n' | 'at' | 'author'>[]): Promise<{ people: Map<string, number>; messages: Set<string> }> {
  const authors = [...new Set(lines.map(({ author }) => author))];
  const people = await tx<{ author: string; until: number }[]>`
    select a.author, max(ms(e.erased_at)) as until
    from jsonb_array_elements_text(${authors as never}::jsonb) a(author)
    cross join (select distinct o.site from erasures o where o.person is not null) s
    join erasures e on e.site = s.site and e.person = person_of(s.site, a.author) group by a.author`;
  const messages = await tx<{ n: number; at: number }[]>`
    select e.seq as n, ms(e.said_at) as at from erasures e where e.person is null and (e.seq, ms(e.said_at)) in (
      select x.n, x.at from jsonb_to_recordset(${lines.map(({ n, at }) => ({ n, at })) as never}::jsonb) as x(n bigint, at bigint))`;
  return { people: new Map(people.map(({ author, until }) => [author, until])), messages: new Set(messages.map(mark)) };
}

function mark({ n, at }: { n: number; at: number }): string {
  return `${n} ${at}`;
}

type Numbered = Omit<Line, 're'> & { seq: number; rev: number; re: number | null };

/** What is to be written, under the room's next numbers; what it answers is looked for among what stands before it. */
function numbered(room: Room, lines: readonly Line[], known: ReadonlyMap<Line, number | null>, isErased: (line: Line) => boolean): Numbered[] {
  const numbers = new Map<number, number>();
  const said = new Map<string, number>();
  const fresh: Numbered[] = [];
  for (const line of lines) {
    const who = `${line.author} ${line.cid}`;
    const here = known.has(line) ? known.get(line) : said.get(who);
    if (typeof here === 'number') numbers.set(line.n, here);
    if (here !== undefined || isErased(line)) continue;
    const k = fresh.length + 1;
    fresh.push({ ...line, re: numbers.get(line.re ?? 0) ?? null, seq: room.seq + k, rev: room.rev + k });
    numbers.set(line.n, room.seq + k);
    said.set(who, room.seq + k);
  }
  return fresh;
}

async function write(tx: Transaction, room: number, step: readonly Numbered[]): Promise<void> {
  await tx`
    insert into messages (room_id, seq, rev, cid, anonymous_id, nickname, avatar, content, reply_to, picture_at, pinned_at, reactions, extra, created_at, edited_at)
    select ${room}, x.seq, x.rev, x.cid, x.author, x.nick, x.avatar, x.text, x.re, to_timestamp(x.pic / 1000.0), case when x.pin then to_timestamp(x.at / 1000.0) end,
      x.reactions, x.extra, to_timestamp(x.at / 1000.0), to_timestamp(x.edited / 1000.0)
    from jsonb_to_recordset(${step as never}::jsonb) as x(seq bigint, rev bigint, cid text, author text, nick text, avatar text, text text, re bigint, pic bigint, pin boolean, reactions jsonb, extra jsonb, at bigint, edited bigint)`;
  // Whose they were is not in a file; without rows of their own the next reaction would count them away. No public id has this sign.
  await tx`
    insert into reactions (room_id, seq, author, emoji, created_at)
    select ${room}, x.seq, '#' || k, c.emoji, to_timestamp(x.at / 1000.0)
    from jsonb_to_recordset(${step.filter(({ reactions }) => reactions).map(({ seq, at, reactions }) => ({ seq, at, reactions })) as never}::jsonb) as x(seq bigint, at bigint, reactions jsonb),
      jsonb_each_text(x.reactions) as c(emoji, count), generate_series(1, c.count::int) k`;
}

/** The room's new numbers. Too much to be told in rows: who hears of it reads the log. */
async function close(tx: Transaction, { id, rev }: Room, place: Place, fresh: readonly Numbered[]): Promise<Hint> {
  const [head] = await tx<{ epoch: string; rev: number; n: number; first: number }[]>`
    update rooms r set seq = r.seq + ${fresh.length}, rev = r.rev + ${fresh.length}, last_at = greatest(clock_timestamp(), r.last_at, to_timestamp(${fresh.at(-1)?.at ?? 0} / 1000.0))
    where r.id = ${id} returning wire_epoch(r.epoch, cluster_mark()) as epoch, r.rev, r.seq as n, r.first`;
  return { ...(head as NonNullable<typeof head>), place, from: rev, rows: null };
}

function* inSteps<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < list.length; i += STEP) yield list.slice(i, i + STEP);
}
