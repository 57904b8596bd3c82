import { setTimeout as rest } from 'node:timers/promises';
import type { Commit, Place } from '../protocol/index.ts';
import { openSql, type Sql } from './sql.ts';

/** How long things are kept. `retentionDays` 0: messages for ever. */
export type Keeping = { retentionDays: number; backupDays: number };
/** How many of each were deleted. */
export type Expired = { messages: number; held: number; bans: number; audit: number; erasures: number; keys: number; untold: number; errors: number };

/** Deletes what is old, on a connection of its own. */
export type Retention = {
  /** One round, at the time `now`; `told` of every room that begins later. Null where this or another server is at it already. */
  run(now: number, told: (commit: Commit) => void): Promise<Expired | null>;
  /** Ends the round that is under way after its next step. */
  close(): Promise<void>;
};

/** Any number that no other program on this database locks. */
const LOCK = 4_277_002;
const DAY_MS = 86_400_000;
const ROOMS_AT_ONCE = 200;
const ROWS_AT_ONCE = 500;
/** Of messages, each with an index entry or three to write: more at once is felt by who talks meanwhile. */
const MESSAGES_AT_ONCE = 50;
/** Of the time, so much is left to who waits: nine parts of ten. */
const REST_TIMES = 9;
const REST_MIN_MS = 10;
/** Longer than any outbox tries: words that were refused must not be taken for new ones. */
const REFUSED_DAYS = 7;
/** Of bans that ended, and of what is known of a network. */
const BAN_DAYS = 7;
const AUDIT_DAYS = 366;
/** Of what a webhook's receiver did not take. */
const UNTOLD_DAYS = 30;
/** Since an error was last seen. */
const ERROR_DAYS = 90;

export function openRetention(url: string, keeping: Keeping): Retention {
  let running: Promise<Expired | null> | null = null;
  let closed = false;

  async function alone(now: number, told: (commit: Commit) => void): Promise<Expired | null> {
    const sql = openSql(url, { max: 1 });
    try {
      const [lock] = await sql<{ mine: boolean }[]>`select pg_try_advisory_lock(${LOCK}) as mine`;
      return lock?.mine ? await expire(sql, now, keeping, told, () => closed) : null;
    } finally {
      // With the session its lock ends too.
      await sql.end({ timeout: 2 });
    }
  }

  return {
    async run(now, told) {
      if (running || closed) return null;
      running = alone(now, told).finally(() => { running = null; });
      return running;
    },
    async close() {
      closed = true;
      await running?.catch(() => null);
    },
  };
}

async function expire(sql: Sql, now: number, { retentionDays, backupDays }: Keeping, told: (commit: Commit) => void, isOver: () => boolean): Promise<Expired> {
  const before = (days: number): Date => new Date(now - days * DAY_MS);
  const all = (step: () => Promise<number>): Promise<number> => repeat(step, isOver);
  const expired: Expired = { messages: 0, held: 0, bans: 0, audit: 0, erasures: 0, keys: 0, untold: 0, errors: 0 };
  if (retentionDays > 0) {
    expired.messages = await expireRooms(sql, before(retentionDays), told, isOver);
    expired.held = await all(async () => (await sql`
      delete from held h where h.ctid in (select o.ctid from held o where o.created_at < ${before(retentionDays)} limit ${ROWS_AT_ONCE})`).count);
  }
  expired.held += await all(async () => (await sql`
    delete from held h where h.ctid in (select o.ctid from held o where o.refused is not null and o.created_at < ${before(REFUSED_DAYS)} limit ${ROWS_AT_ONCE})`).count);
  expired.bans = await all(async () => (await sql`
    delete from bans b where b.id in (select o.id from bans o where least(o.until, o.lifted_at) < ${before(BAN_DAYS)}
      or (o.network is not null and o.created_at < ${before(BAN_DAYS)}) limit ${ROWS_AT_ONCE})`).count);
  // The audit gives nothing away that is younger than a year by the database's own clock.
  expired.audit = await all(async () => (await sql`
    delete from audit a where a.id in (select o.id from audit o where o.created_at < least(${before(AUDIT_DAYS)}, now() - interval '366 days') order by o.created_at limit ${ROWS_AT_ONCE})`).count);
  expired.erasures = await all(async () => (await sql`
    delete from erasures e where e.id in (select o.id from erasures o where o.erased_at < ${before(backupDays)} order by o.erased_at limit ${ROWS_AT_ONCE})`).count);
  expired.keys = (await sql`delete from moderator_keys k where k.expires_at < ${before(1)}`).count + (await sql`delete from pairings p where p.created_at < ${before(1)}`).count;
  // And at once what is for nobody: a webhook that was deleted leaves what waited for it.
  expired.untold = await all(async () => (await sql`
    delete from webhook_queue q where q.ctid in (select o.ctid from webhook_queue o where o.created_at < ${before(UNTOLD_DAYS)} or not exists (select from webhooks w where w.id = o.webhook_id) limit ${ROWS_AT_ONCE})`).count);
  expired.errors = (await sql`delete from errors e where e.last_at < ${before(ERROR_DAYS)}`).count;
  return expired;
}

/** First nobody is given them any more, then they are deleted: readers never see a hole. */
async function expireRooms(sql: Sql, before: Date, told: (commit: Commit) => void, isOver: () => boolean): Promise<number> {
  let messages = 0;
  for (let after = 0; !isOver(); ) {
    const rooms = await sql<(Place & { id: number; old: boolean; swept: boolean })[]>`
      select r.id, r.site, r.post_id as post, exists (select from messages m where m.room_id = r.id and m.seq = r.first and m.created_at < ${before}) as old,
        not exists (select from messages m where m.room_id = r.id and m.seq < r.first) as swept
      from rooms r where r.id > ${after} order by r.id limit ${ROOMS_AT_ONCE}`;
    for (const { id, old, swept, ...place } of rooms) {
      if (isOver()) break;
      if (old) {
        const [found] = await sql<{ commit: Omit<Commit, 'place'> | null }[]>`select expire(${id}, ${before}) as commit`;
        if (found?.commit) told({ ...found.commit, place });
      }
      if (old || !swept) messages += await repeat(async () => (await sql<{ gone: number }[]>`select sweep_expired(${id}, ${MESSAGES_AT_ONCE}) as gone`)[0]?.gone ?? 0, isOver);
    }
    const last = rooms.at(-1);
    if (!last) break;
    after = last.id;
  }
  return messages;
}

/** Step by step until nothing is left; between them the database is left to who waits. */
async function repeat(step: () => Promise<number>, isOver: () => boolean): Promise<number> {
  for (let sum = 0; ; ) {
    const began = performance.now();
    const gone = await step();
    sum += gone;
    if (gone === 0 || isOver()) return sum;
    await rest(Math.max(REST_MIN_MS, REST_TIMES * (performance.now() - began)));
  }
}
