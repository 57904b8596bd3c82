import type { Place, Row, StreamFacts } from '../protocol/index.ts';
import type { Pool } from './pool.ts';
import { READ_WITHIN_MS } from './read.ts';

export const webhookKinds = ['json', 'slack', 'discord', 'telegram'] as const;
export const webhookEvents = ['message', 'report', 'held', 'ban', 'stream'] as const;
/** `room` null: every room of the site; `site` null: every site. `offAt`: its receiver said that it is gone. Times are in ms. */
export type Webhook = {
  id: number; site: string | null; room: string | null; url: string; kind: (typeof webhookKinds)[number]; events: (typeof webhookEvents)[number][]; lang: 'ko' | 'en'; createdAt: number; offAt: number | null;
};
export type Message = Extract<Row, { text: string }>;
/** What is told, as it is when it goes out. */
export type News =
  | { event: 'message'; message: Message }
  /** `messages`: the first of them. */
  | { event: 'digest'; count: number; messages: Message[] }
  | { event: 'report'; message: Message; count: number; reasons: Record<string, number> }
  | { event: 'held'; held: { id: number; nick: string; text: string; at: number } }
  | { event: 'ban'; ban: { nick: string | null; mute: boolean; until: number | null; reason: string | null; by: string | null; everywhere: boolean } }
  | { event: 'stream'; stream: StreamFacts | null };
/** `news` null: what it was about is gone. */
export type Due = { id: number; webhook: Pick<Webhook, 'id' | 'url' | 'kind' | 'lang'>; place: Place; title: string | null; attempts: number; at: number; news: News | null };
/** What was not told yet. `deadAt`: it is not tried by itself any more. */
export type Delivery = { id: number; event: string; site: string; room: string; at: number; attempts: number; nextAt: number; deadAt: number | null; error: string | null };
/** Words that wait, and in whose name a link decides about them. */
export type Undecided = { place: Place; who: string; cid: string; nick: string; text: string; by: number };

/** Who is told of what, and what waits to be told. Every call ends within its deadline. `at` null: the database's own time, on which all servers agree. */
export type Webhooks = {
  list(): Promise<(Webhook & { waiting: number; dead: number })[]>;
  find(id: number): Promise<Webhook | null>;
  make(webhook: Omit<Webhook, 'id' | 'createdAt' | 'offAt'>, by: number): Promise<number>;
  remove(id: number, by: number | null): Promise<boolean>;
  /** Takes what is due, of each webhook not in `busy` so many, of a chat one; holds it from other servers for `leaseMs`. */
  claim(at: number | null, asked: { leaseMs: number; ofEach: number; busy: readonly number[] }): Promise<Due[]>;
  told(id: number): Promise<void>;
  /** Again after `waitMs`, unless it was tried for `givesUpAfterMs`: then not by itself. */
  failed(id: number, error: string, at: number | null, asked: { waitMs: number; givesUpAfterMs: number }): Promise<void>;
  /** Its receiver is gone: nothing is told to it any more. */
  off(webhook: number): Promise<void>;
  /** Newest first. */
  deliveries(webhook: number, asked: { before: number; limit: number }): Promise<Delivery[]>;
  /** Of what was given up {@link REPLAYED} at most are tried again, and a webhook that was off is on; how many. */
  replay(webhook: number): Promise<number>;
  /** Null when they are decided, or taken back, or whoever made the webhook owns nothing any more. */
  undecided(decided: { held: number; since: number; webhook: number }): Promise<Undecided | null>;
};

const EXCERPTS = 5;
const REPLAYED = 10_000;
/** Nobody reads higher numbers. */
const COUNTED = 1_000;

export function openWebhooks(pool: Pool): Webhooks {
  const columns = 'w.id, w.site, w.post_id as room, w.url, w.kind, w.events, w.lang, ms(w.created_at) as "createdAt", ms(w.off_at) as "offAt"';
  return {
    async list() {
      const rows = await pool.within(READ_WITHIN_MS, (sql) => sql<(Webhook & { waiting: number; dead: number })[]>`
        select ${sql.unsafe(columns)}, (select count(*)::int from (select from webhook_queue q where q.webhook_id = w.id and q.dead_at is null limit ${COUNTED}) q) as waiting,
          (select count(*)::int from (select from webhook_queue q where q.webhook_id = w.id and q.dead_at is not null limit ${COUNTED}) q) as dead
        from webhooks w order by w.id`);
      return [...rows];
    },
    async find(id) {
      const [found] = await pool.within(READ_WITHIN_MS, (sql) => sql<Webhook[]>`select ${sql.unsafe(columns)} from webhooks w where w.id = ${id}`);
      return found ?? null;
    },
    async make({ site, room, url, kind, events, lang }, by) {
      const [made] = await pool.within(READ_WITHIN_MS, (sql) => sql<{ id: number }[]>`
        with made as (insert into webhooks (site, post_id, url, kind, events, lang, made_by) values (${site}, ${room}, ${url}, ${kind}, ${events as never}::jsonb, ${lang}, ${by}) returning *),
          noted as (insert into audit (site, actor, action, detail) select coalesce(m.site, ''), ${by}, 'webhook', jsonb_build_object('webhook', m.id, 'kind', m.kind) from made m)
        select id from made`);
      return (made as { id: number }).id;
    },
    async remove(id, by) {
      const rows = await pool.within(READ_WITHIN_MS, (sql) => sql`
        with gone as (delete from webhooks where id = ${id} returning *),
          noted as (insert into audit (site, actor, action, detail) select coalesce(g.site, ''), coalesce(${by}::text, 'operator'), 'unhook', jsonb_build_object('webhook', g.id, 'kind', g.kind) from gone g)
        select from gone`);
      return rows.length > 0;
    },
    async claim(at, { leaseMs, ofEach, busy }) {
      const rows = await pool.within(READ_WITHIN_MS, (sql) => sql<Due[]>`
        with clock as materialized (
          select coalesce(to_timestamp(${at}::float8 / 1000), now()) as now
        ), listening as materialized (
          select w.* from webhooks w where w.off_at is null and not ${busy as never}::jsonb @> to_jsonb(w.id)
        ), ripe as (
          delete from webhook_digests d where (d.webhook_id, d.room_id) in (
            select o.webhook_id, o.room_id from webhook_digests o where o.due_at <= (select now from clock) limit 100 for update skip locked) returning d.*
        ), gathered as (
          insert into webhook_queue (webhook_id, event, room_id, ref, next_at)
          select r.webhook_id, 'digest', r.room_id, jsonb_build_object('n', r.from_seq, 'to', r.to_seq), c.now from ripe r, clock c
          where exists (select from webhooks w where w.id = r.webhook_id and w.off_at is null)
        ), leased as (
          update webhook_queue q set next_at = (select now from clock) + make_interval(secs => ${leaseMs}::float8 / 1000), attempts = q.attempts + 1
          from (select d.id from listening w cross join lateral (
            select q.id from webhook_queue q where q.webhook_id = w.id and q.dead_at is null and q.next_at <= (select now from clock)
            order by q.next_at limit case w.kind when 'json' then ${ofEach}::int else 1 end for update skip locked) d) due
          where q.id = due.id returning q.*
        )
        select q.id, json_build_object('id', w.id, 'url', w.url, 'kind', w.kind, 'lang', w.lang) as webhook,
          json_build_object('site', r.site, 'post', r.post_id) as place, r.title, q.attempts, ms(q.created_at) as at, (${news(sql)})::jsonb || jsonb_build_object('event', q.event) as news
        from leased q join listening w on w.id = q.webhook_id join rooms r on r.id = q.room_id
        order by q.id`);
      return [...rows];
    },
    async told(id) {
      await pool.within(READ_WITHIN_MS, (sql) => sql`delete from webhook_queue where id = ${id}`);
    },
    async failed(id, error, at, { waitMs, givesUpAfterMs }) {
      await pool.within(READ_WITHIN_MS, (sql) => sql`
        update webhook_queue set error = ${error}, next_at = c.now + make_interval(secs => ${waitMs}::float8 / 1000),
          dead_at = case when c.now - tried_from > make_interval(secs => ${givesUpAfterMs}::float8 / 1000) then c.now end
        from (select coalesce(to_timestamp(${at}::float8 / 1000), now()) as now) c where id = ${id}`);
    },
    async off(webhook) {
      await pool.within(READ_WITHIN_MS, (sql) => sql`update webhooks set off_at = now() where id = ${webhook} and off_at is null`);
    },
    async deliveries(webhook, { before, limit }) {
      const rows = await pool.within(READ_WITHIN_MS, (sql) => sql<Delivery[]>`
        select q.id, q.event, r.site, r.post_id as room, ms(q.created_at) as at, q.attempts, ms(q.next_at) as "nextAt", ms(q.dead_at) as "deadAt", q.error
        from webhook_queue q join rooms r on r.id = q.room_id where q.webhook_id = ${webhook} and q.id < ${before} order by q.id desc limit ${limit}`);
      return [...rows];
    },
    async replay(webhook) {
      const rows = await pool.within(READ_WITHIN_MS, (sql) => sql`
        with on_again as (update webhooks set off_at = null where id = ${webhook} and off_at is not null)
        update webhook_queue set dead_at = null, next_at = now(), tried_from = now(), attempts = 0
        where id in (select q.id from webhook_queue q where q.webhook_id = ${webhook} and q.dead_at is not null order by q.id limit ${REPLAYED}) returning 1`);
      return rows.length;
    },
    async undecided({ held, since, webhook }) {
      const [found] = await pool.within(READ_WITHIN_MS, (sql) => sql<Undecided[]>`
        select json_build_object('site', r.site, 'post', r.post_id) as place, h.anonymous_id as who, h.cid, h.nickname as nick, h.content as text, m.id as by
        from held h join rooms r on r.id = h.room_id join webhooks w on w.id = ${webhook}
          join moderators m on m.id = w.made_by and m.revoked_at is null and m.role = 'owner'
        where h.id = ${held} and ms(h.created_at) = ${since} and h.refused is null`);
      return found ?? null;
    },
  };
}

/** Of `q` in the room `r`, as it is now; null where it is there no more. */
function news(sql: Pool['sql']) {
  return sql`case q.event
    when 'message' then (select json_build_object('message', row_json(m)) from messages m
      where m.room_id = r.id and m.seq = (q.ref->>'n')::bigint and m.seq >= r.first and m.deleted_at is null)
    when 'digest' then (select json_build_object('count', (q.ref->>'to')::bigint - e.low + 1 - (select count(*) from messages m where m.room_id = r.id and m.seq between e.low and (q.ref->>'to')::bigint and m.deleted_at is not null),
        'messages', e.rows) from (select f.low, json_agg(row_json(f.m) order by (f.m).seq) as rows from (select g.low, m from (select greatest((q.ref->>'n')::bigint, r.first) as low) g join messages m
          on m.room_id = r.id and m.seq between g.low and (q.ref->>'to')::bigint and m.deleted_at is null order by m.seq limit ${EXCERPTS}) f group by f.low) e)
    when 'report' then (select json_build_object('message', row_json(m), 'count', (select count(*) from reports p where p.room_id = r.id and p.seq = m.seq),
        'reasons', (select json_object_agg(p.reason, p.count) from (select p.reason, count(*) from reports p where p.room_id = r.id and p.seq = m.seq group by p.reason) p)) from messages m
      where m.room_id = r.id and m.seq = (q.ref->>'n')::bigint and m.seq >= r.first and m.deleted_at is null and exists (select from reports p where p.room_id = r.id and p.seq = m.seq))
    when 'held' then (select json_build_object('held', json_build_object('id', h.id, 'nick', h.nickname, 'text', h.content, 'at', ms(h.created_at))) from held h
      where h.id = (q.ref->>'id')::bigint and h.refused is null)
    when 'ban' then (select json_build_object('ban', json_build_object('mute', b.mute, 'until', ms(b.until), 'reason', b.reason, 'everywhere', b.room_id is null,
        'nick', (select m.nickname from messages m where m.room_id = r.id and m.anonymous_id = b.author and m.deleted_at is null order by m.seq desc limit 1),
        'by', (select m.name from audit a join moderators m on m.id::text = a.actor where a.id = b.act))) from bans b
      where b.act = (q.ref->>'act')::bigint and b.network is null and b.lifted_at is null)
    when 'stream' then json_build_object('stream', r.stream - 'url')
  end`;
}
