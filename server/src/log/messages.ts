import { type Commit, type Head, type Line, type Place, type RefusalCode, RESUME_ROWS, type Role, type RoomFacts, type Row, type Rules } from '../protocol/index.ts';
import { type Desk, readDesk } from './desk.ts';
import { type Errors, type Fault, openErrors } from './errors.ts';
import { type ExportRead, readExport } from './export.ts';
import { type Health, openHealth } from './health.ts';
import { type Imported, importLines } from './import.ts';
import { type Moderators, openModerators } from './moderators.ts';
import { openOverview, type Overview } from './overview.ts';
import { createPool, deadline, type Pool } from './pool.ts';
import { type Parts, type PicturesAsked, type PicturesRead, readHeat, readPictures } from './pictures.ts';
import { READ_WITHIN_MS, readRows } from './read.ts';
import { type Ids, readStanding, wasSaid } from './standing.ts';
import { type Attached, attachStream, findStream } from './streams.ts';
import { openPrivacy, type Privacy } from './privacy.ts';
import { openWebhooks, type Webhooks } from './webhooks.ts';
import { readWords, type WordLists, writeWords } from './words.ts';
import { type Batch, type BriefReply, complete, type Reply } from './reply.ts';
import { createWriter, type Writer } from './writer.ts';

/** The truth: everything that reads or changes a room's messages. Every call ends within its deadline. */
export type Log = {
  /** Saves one change, gathered with others of its room. Resolves after the commit, never rejects. */
  append(place: Place, item: Item): Promise<Outcome>;
  /** The newest page and the latest changes of a room, at one moment. */
  tail(place: Place): Promise<TailRead>;
  /** Rows changed after `rev` with n ≥ `low`, in order of rev; at most {@link RESUME_ROWS} + 1. */
  since(place: Place, rev: number, low: number): Promise<SinceRead>;
  /** Messages below `before`, newest first; one more than `limit` when there are more. */
  before(place: Place, before: number, limit: number): Promise<SinceRead>;
  /** What stands above `after`, oldest first. */
  export(place: Place, after: number): Promise<ExportRead>;
  /** Lines of an export behind what is there, by that moderator; one import at a time. */
  import(place: Place, lines: readonly Line[], by: number): Promise<Imported | 'room_is_newer'>;
  /** Messages around a place in the pictures. */
  pictures(place: Place, asked: PicturesAsked): Promise<PicturesRead>;
  /** How many messages belong to each part of the pictures. */
  heat(place: Place, parts: Parts): Promise<number[]>;
  /** Own reactions on the given messages. */
  mine(place: Place, authors: string[], ns: number[]): Promise<{ n: number; emoji: string }[]>;
  /** Of the given heads, those that the log does not agree with, as the log has them. */
  compare(heads: { place: Place; epoch: string; rev: number }[]): Promise<(Head & { place: Place })[]>;
  /** How many messages stand in each room of a site that has any. */
  counts(site: string, posts: string[]): Promise<Map<string, number>>;
  /** Attaches a stream to a room, or with null detaches what is there; null when there was nothing to detach. */
  attach(place: Place, stream: Attached | null): Promise<Commit | null>;
  /** The stream of that id, while it is attached. */
  stream(id: string): Promise<Attached | null>;
  /** When the earliest of somebody's messages that stand here was said, as far as is looked. */
  standing(place: Place, ids: Ids): Promise<number | null>;
  /** Whether words were taken before, saved or held. */
  wasSaid(place: Place, ids: Ids, cid: string): Promise<boolean>;
  /** A site's word lists, unless they are of that version; null where there are none, too. */
  readWords(site: string, version: number): Promise<WordLists | null>;
  writeWords(site: string, lists: Omit<WordLists, 'version'>, by: number): Promise<void>;
  /** What waits for a moderator. */
  desk(place: Place): Promise<Desk>;
  moderators: Moderators;
  overview: Overview;
  privacy: Privacy;
  webhooks: Webhooks;
  errors: Errors;
  health: Health;
  close(): Promise<void>;
};

export type Item = ModItem | ({
  author: string;
  /** The author's id under the secret before this one, while secrets are being changed. */
  was?: string;
} & (
  | { do: 'say'; cid: string; nick: string; avatar: string; text: string; re?: number; pic?: number; /** Of the moderator `by`. */ role?: Role; by?: number; /** It waits for approval. */ hold?: true; /** A keyed hash of where it came from. */ net?: string }
  | { do: 'edit'; n: number; text: string }
  /** `by`: the moderator who may do it to others' too. */
  | { do: 'delete'; n: number; by?: number; cid?: string }
  | { do: 'react'; n: number; emoji: string; on: boolean }
  | { do: 'report'; n: number; reason: string }
));
/** An act of moderator `by`; `shield` is the server's own. `sweep` and `restore` carry a ban and its undoing into the site's other rooms. */
export type ModItem = { do: 'mod'; by: number | null; cid: string } & (
  | { act: 'ban'; who: string; seconds?: number; reason?: string; sweep?: boolean }
  | { act: 'mute'; who: string; seconds: number }
  | { act: 'unban'; who: string }
  | { act: 'pin' | 'answer'; n: number; on: boolean }
  | { act: 'undo'; of: number; hours: number }
  | { act: 'approve' | 'refuse'; who: string; what: string }
  | { act: 'dismiss'; n: number }
  | { act: 'rules'; rules: Rules }
  | { act: 'lower'; seconds: number }
  | { act: 'shield'; level: number; was: number; why: string }
  | { act: 'sweep' | 'restore'; of: number }
);

/** `commit` stands on the first item of its room only, so that each commit is told once. */
export type Outcome =
  /** `n`: of acts upon one message; `act`: of a moderator's, of which `more` says that it is not done yet: the same item again goes on. */
  | { is: 'saved'; n: number | null; rev: number; dup: boolean; commit: Commit | null; act?: number; more?: boolean }
  | { is: 'held' }
  | { is: 'refused'; code: RefusalCode; retryAfter?: number }
  /** It never left for Postgres, so it is surely not saved. */
  | { is: 'unsent'; code: 'overloaded' | 'store_down' }
  /** Nobody can say whether it was saved: the same item again, under the same cid, will tell. */
  | { is: 'unknown' };

export type SinceRead = Head & { facts: RoomFacts; factsRev: number; rows: Row[] };
export type TailRead = SinceRead & { changes: Row[] };

const APPEND_CONNECTIONS = 3;
const READ_CONNECTIONS = 2;
/** Apart too: whoever is told waits, and must keep no reader waiting. */
const WEBHOOK_CONNECTIONS = 1;
/** Nobody waits longer for the marks on their own reactions. */
const MINE_WITHIN_MS = 300;
export const TAIL_PAGE_ROWS = 51;
export const TAIL_CHANGES = 200;

export function openLog(url: string, options: { onDoubt?: (places: Place[]) => void; onAppend?: (ms: number, items: number) => void; onCommit?: (commit: Commit, cameAt: number) => void; onFault?: (fault: Fault) => Promise<void>; /** Around one call for all of these. */ around?: <T>(items: Item[], call: () => Promise<T>) => Promise<T> } = {}): Log {
  // Apart: reads that queue behind each other look like a hung database, and replacing theirs must not cut an append.
  const [appends, pool, telling, imports] = [createPool(url, APPEND_CONNECTIONS), createPool(url, READ_CONNECTIONS), createPool(url, WEBHOOK_CONNECTIONS), createPool(url, 1)];
  const errors = openErrors(pool, async (fault) => options.onFault?.(fault));
  const { around } = options;
  const writer: Writer = createWriter((batch) => (around ? around(batch.flatMap(({ items }) => items), () => callAppend(appends, batch)) : callAppend(appends, batch)), { ...options, onLate: appends.late });
  return {
    append: writer.append,
    tail: (place) => readTail(pool, place),
    since: (place, rev, low) => readSince(pool, place, rev, low),
    before: (place, before, limit) => readBefore(pool, place, before, limit),
    export: (place, after) => readExport(pool, place, after),
    import: (place, lines, by) => importLines(imports, place, lines, by),
    pictures: (place, asked) => readPictures(pool, place, asked),
    heat: (place, parts) => readHeat(pool, place, parts),
    mine: (place, authors, ns) => readMine(pool, place, authors, ns),
    compare: (heads) => compareHeads(pool, heads),
    counts: (site, posts) => countMessages(pool, site, posts),
    attach: (place, stream) => attachStream(pool, place, stream),
    stream: (id) => findStream(pool, id),
    standing: (place, ids) => readStanding(pool, place, ids),
    wasSaid: (place, ids, cid) => wasSaid(pool, place, ids, cid),
    readWords: (site, version) => readWords(pool, site, version),
    writeWords: (site, lists, by) => writeWords(pool, site, lists, by),
    desk: (place) => readDesk(pool, place),
    moderators: openModerators(pool),
    overview: openOverview(pool),
    privacy: openPrivacy(pool),
    webhooks: openWebhooks(telling),
    errors,
    health: openHealth({ append: appends, read: pool, webhook: telling, import: imports }, writer),
    async close() {
      await Promise.all([writer.close(), errors.close()]);
      await Promise.all([appends, pool, telling, imports].map((one) => one.close()));
    },
  };
}

async function callAppend(pool: Pool, batch: Batch): Promise<Reply | null> {
  const rows = await pool.sql<{ reply: BriefReply }[]>`select append(${batch as never}::jsonb) as reply`;
  return rows[0] ? complete(rows[0].reply, batch) : null;
}

async function readTail(pool: Pool, place: Place): Promise<TailRead> {
  const { head, rows, changes } = await readRows(pool, place, (sql) => sql`
    (select json_agg(row_json(p) order by p.seq desc) from (
      select m.* from messages m where m.room_id = r.id and m.seq >= r.first and m.deleted_at is null
      order by m.seq desc limit ${TAIL_PAGE_ROWS}) p) as rows,
    (select json_agg(row_json(c) order by c.rev) from (
      select m.* from messages m where m.room_id = r.id and m.seq >= r.first order by m.rev desc limit ${TAIL_CHANGES}) c) as changes`);
  return { ...head, rows, changes };
}

async function readSince(pool: Pool, place: Place, rev: number, low: number): Promise<SinceRead> {
  const { head, rows } = await readRows(pool, place, (sql) => sql`
    (select json_agg(row_json(c) order by c.rev) from (
      select m.* from messages m where m.room_id = r.id and m.rev > ${rev} and m.seq >= greatest(${low}, r.first)
      order by m.rev limit ${RESUME_ROWS + 1}) c) as rows`);
  return { ...head, rows };
}

async function readBefore(pool: Pool, place: Place, before: number, limit: number): Promise<SinceRead> {
  const { head, rows } = await readRows(pool, place, (sql) => sql`
    (select json_agg(row_json(p) order by p.seq desc) from (
      select m.* from messages m where m.room_id = r.id and m.seq < ${before} and m.seq >= r.first and m.deleted_at is null
      order by m.seq desc limit ${limit + 1}) p) as rows`);
  return { ...head, rows };
}

function readMine(pool: Pool, place: Place, authors: string[], ns: number[]): Promise<{ n: number; emoji: string }[]> {
  return deadline(MINE_WITHIN_MS, pool.sql<{ n: number; emoji: string }[]>`
    select distinct x.seq as n, x.emoji from rooms r
    join jsonb_array_elements_text(${ns as never}::jsonb) as asked(n) on true
    join reactions x on x.room_id = r.id and x.seq = asked.n::bigint
    where r.site = ${place.site} and r.post_id = ${place.post}
      and x.author in (select jsonb_array_elements_text(${authors as never}::jsonb))`);
}

async function compareHeads(pool: Pool, heads: { place: Place; epoch: string; rev: number }[]): Promise<(Head & { place: Place })[]> {
  const asked = heads.map(({ place, epoch, rev }) => ({ site: place.site, post: place.post, epoch, rev }));
  const rows = await pool.within(READ_WITHIN_MS, (sql) => sql<(Head & Place)[]>`
    select a.site, a.post, e.epoch, coalesce(r.rev, 0) as rev, coalesce(r.seq, 0) as n, coalesce(r.first, 1) as first
    from (select cluster_mark() as mark offset 0) c,
      jsonb_to_recordset(${asked as never}::jsonb) as a(site text, post text, epoch text, rev bigint)
      left join rooms r on r.site = a.site and r.post_id = a.post
      cross join lateral (select case coalesce(r.rev, 0) when 0 then '0' else wire_epoch(r.epoch, c.mark) end as epoch) e
    where coalesce(r.rev, 0) <> a.rev or e.epoch <> a.epoch`);
  return rows.map(({ site, post, ...head }) => ({ ...head, place: { site, post } }));
}

async function countMessages(pool: Pool, site: string, posts: string[]): Promise<Map<string, number>> {
  const rows = await pool.within(READ_WITHIN_MS, (sql) => sql<{ post: string; count: number }[]>`
    select r.post_id as post,
      r.seq - r.first + 1 - (select count(*) from messages m where m.room_id = r.id and m.seq >= r.first and m.deleted_at is not null) as count
    from rooms r where r.site = ${site} and r.post_id in (select jsonb_array_elements_text(${posts as never}::jsonb))`);
  return new Map(rows.map(({ post, count }) => [post, Number(count)]));
}
