import { createHash } from 'node:crypto';
import { PAIRING_S, type Place, type Role, type Scope } from '../protocol/index.ts';
import type { Pool } from './pool.ts';
import { READ_WITHIN_MS } from './read.ts';

export type Moderator = Scope & { id: number; role: Exclude<Role, 'reader'>; name: string };
export type Listed = Moderator & { createdAt: number; /** Their invitation was not used yet, and until when it can be, or could. */ invitedUntil: number | null };
/** A frame that waits to be let in. */
export type Pairing = { place: Place; blog: string; at: number };

/** Who may moderate, by their keys. A key or code is known here by its hash only. Every call ends within its deadline. */
export type Moderators = {
  /** Who holds this key: our own page's anywhere, a frame's in its site. */
  find(key: string, site: string | null): Promise<Moderator | null>;
  /** Whether they still moderate there. */
  stands(id: number, place: Place): Promise<boolean>;
  invite(who: Omit<Moderator, 'id'>, code: string, forS: number): Promise<number>;
  /** An invitation becomes a page's key, once. */
  redeem(code: string, key: string): Promise<Moderator | null>;
  /** The operator's own entry, made when it is first needed. */
  operator(key: string): Promise<Moderator>;
  /** An owner's invitation while there is no owner, in place of one made before; false when there is one. */
  setUp(code: string, forS: number): Promise<boolean>;
  list(): Promise<Listed[]>;
  /** Ends all their keys; false when there is no such moderator. */
  revoke(id: number): Promise<boolean>;
  /** Keeps a frame's wish to be let in, for five minutes, under this code or the one it has; null when the code is another's. */
  ask(code: string, key: string, pairing: Omit<Pairing, 'at'>): Promise<string | null>;
  asked(code: string): Promise<Pairing | null>;
  /** Lets the frame in with the rights of a moderator; false when nobody waits under this code. */
  admit(code: string, moderator: number): Promise<boolean>;
  /** A ban holds for what comes from this network too, a day at most: it waits for approval. */
  banNetwork(act: number, network: string): Promise<void>;
  /** Other rooms where a ban, if it is from the whole site, meets words that still stand. */
  placesOf(place: Place, author: string, act: number): Promise<Place[]>;
  /** Other rooms from which this act took something. */
  placesEmptied(place: Place, act: number): Promise<Place[]>;
  /** Forgets for good what was taken away longer ago, some hundreds at a time; how many. */
  forget(hours: number): Promise<number>;
};

const PAGE_KEY_DAYS = 180;
const FRAME_KEY_DAYS = 30;
const PAIRING_FOR = `${PAIRING_S} seconds`;
const PLACES_MAX = 1_000;
const FORGOTTEN_AT_ONCE = 500;

type Found = { id: number; role: Moderator['role']; name: string; site: string | null; post: string | null };

export function openModerators(pool: Pool): Moderators {
  const columns = 'm.id, m.role, m.name, m.site, m.post_id as post';
  return {
    async find(key, site) {
      const [found] = await pool.within(READ_WITHIN_MS, (sql) => sql<Found[]>`
        select ${sql.unsafe(columns)} from moderator_keys k join moderators m on m.id = k.moderator_id
        where k.hash = ${hash(key)} and k.kind <> 'invitation' and k.expires_at > now() and m.revoked_at is null
          and (k.kind = 'page' or k.site = ${site})`);
      return found ?? null;
    },
    async stands(id, { site, post }) {
      const rows = await pool.within(READ_WITHIN_MS, (sql) => sql`
        select from moderators m where m.id = ${id} and m.revoked_at is null and (m.site is null or m.site = ${site}) and (m.post_id is null or m.post_id = ${post})`);
      return rows.length > 0;
    },
    async invite({ role, name, site, post }, code, forS) {
      const [made] = await pool.within(READ_WITHIN_MS, (sql) => sql<{ id: number }[]>`
        with m as (insert into moderators (role, name, site, post_id) values (${role}, ${name}, ${site}, ${post}) returning id)
        insert into moderator_keys (hash, moderator_id, kind, expires_at)
        select ${hash(code)}, m.id, 'invitation', now() + make_interval(secs => ${forS}) from m returning moderator_id as id`);
      return (made as { id: number }).id;
    },
    async redeem(code, key) {
      const [found] = await pool.within(READ_WITHIN_MS, (sql) => sql<Found[]>`
        with used as (delete from moderator_keys k where k.hash = ${hash(code)} and k.kind = 'invitation' and k.expires_at > now() returning k.moderator_id),
          m as (select m.* from moderators m join used on used.moderator_id = m.id where m.revoked_at is null),
          made as (insert into moderator_keys (hash, moderator_id, kind, expires_at)
            select ${hash(key)}, m.id, 'page', now() + make_interval(days => ${PAGE_KEY_DAYS}) from m)
        select ${sql.unsafe(columns)} from m`);
      return found ?? null;
    },
    async operator(key) {
      const [found] = await pool.within(READ_WITHIN_MS, (sql) => sql<Found[]>`
        with known as (select m.* from moderators m where m.id = (select min(id) from moderators where role = 'owner' and name = ${OPERATOR} and revoked_at is null)),
          born as (insert into moderators (role, name) select 'owner', ${OPERATOR} where not exists (select from known) returning *),
          m as (select * from known union all select * from born),
          made as (insert into moderator_keys (hash, moderator_id, kind, expires_at)
            select ${hash(key)}, m.id, 'page', now() + make_interval(days => ${PAGE_KEY_DAYS}) from m)
        select ${sql.unsafe(columns)} from m`);
      return found as Found;
    },
    async setUp(code, forS) {
      const rows = await pool.within(READ_WITHIN_MS, (sql) => sql`
        with held as (select from moderators m join moderator_keys k on k.moderator_id = m.id
            where m.role = 'owner' and m.revoked_at is null and k.kind = 'page' limit 1),
          old as (update moderators m set revoked_at = now() where m.role = 'owner' and m.revoked_at is null and not exists (select from held) returning m.id),
          gone as (delete from moderator_keys k using old where k.moderator_id = old.id),
          m as (insert into moderators (role, name) select 'owner', ${OWNER} where not exists (select from held) returning id)
        insert into moderator_keys (hash, moderator_id, kind, expires_at)
        select ${hash(code)}, m.id, 'invitation', now() + make_interval(secs => ${forS}) from m returning 1`);
      return rows.length > 0;
    },
    async list() {
      const rows = await pool.within(READ_WITHIN_MS, (sql) => sql<Listed[]>`
        select ${sql.unsafe(columns)}, ms(m.created_at) as "createdAt",
          (select ms(k.expires_at) from moderator_keys k where k.moderator_id = m.id and k.kind = 'invitation') as "invitedUntil"
        from moderators m where m.revoked_at is null order by m.id`);
      return [...rows];
    },
    async revoke(id) {
      const rows = await pool.within(READ_WITHIN_MS, (sql) => sql`
        with gone as (update moderators set revoked_at = now() where id = ${id} and revoked_at is null returning id),
          keys as (delete from moderator_keys k using gone where k.moderator_id = gone.id)
        select from gone`);
      return rows.length > 0;
    },
    async ask(code, key, { place, blog }) {
      const [waiting] = await pool.within(READ_WITHIN_MS, (sql) => sql<{ code: string }[]>`
        with old as (delete from pairings p where p.created_at < now() - ${PAIRING_FOR}::interval),
          known as (select p.code from pairings p where p.hash = ${hash(key)} and p.created_at >= now() - ${PAIRING_FOR}::interval),
          made as (insert into pairings (code, hash, site, post_id, blog)
            select ${code}, ${hash(key)}, ${place.site}, ${place.post}, ${blog} where not exists (select from known)
            on conflict do nothing returning code)
        select code from known union all select code from made`);
      return waiting?.code ?? null;
    },
    async asked(code) {
      const [found] = await pool.within(READ_WITHIN_MS, (sql) => sql<{ site: string; post: string; blog: string; at: number }[]>`
        select p.site, p.post_id as post, p.blog, ms(p.created_at) as at from pairings p
        where p.code = ${code} and p.created_at >= now() - ${PAIRING_FOR}::interval`);
      return found ? { place: { site: found.site, post: found.post }, blog: found.blog, at: found.at } : null;
    },
    async admit(code, moderator) {
      const rows = await pool.within(READ_WITHIN_MS, (sql) => sql`
        with used as (delete from pairings p where p.code = ${code} and p.created_at >= now() - ${PAIRING_FOR}::interval returning p.hash, p.site)
        insert into moderator_keys (hash, moderator_id, kind, site, expires_at)
        select used.hash, ${moderator}, 'frame', used.site, now() + make_interval(days => ${FRAME_KEY_DAYS}) from used returning 1`);
      return rows.length > 0;
    },
    async banNetwork(act, network) {
      await pool.within(READ_WITHIN_MS, (sql) => sql`
        insert into bans (site, room_id, author, network, until, reason, act)
        select b.site, b.room_id, b.author, ${network}, least(coalesce(b.until, 'infinity'), now() + interval '1 day'), b.reason, b.act
        from bans b where b.act = ${act} and b.lifted_at is null and b.network is null
          and not exists (select from bans o where o.act = b.act and o.network = ${network})`);
    },
    async placesOf({ site, post }, author, act) {
      const rows = await pool.within(READ_WITHIN_MS, (sql) => sql<Place[]>`
        select r.site, r.post_id as post from rooms r where r.site = ${site} and r.post_id <> ${post}
          and exists (select from bans b where b.act = ${act} and b.room_id is null)
          and exists (select from messages m where m.room_id = r.id and m.anonymous_id = ${author} and m.deleted_at is null)
        limit ${PLACES_MAX}`);
      return [...rows];
    },
    async placesEmptied({ site, post }, act) {
      const rows = await pool.within(READ_WITHIN_MS, (sql) => sql<Place[]>`
        select r.site, r.post_id as post from rooms r where r.site = ${site} and r.post_id <> ${post}
          and r.id in (select g.room_id from removed g where g.act = ${act})
        limit ${PLACES_MAX}`);
      return [...rows];
    },
    async forget(hours) {
      const [gone] = await pool.within(READ_WITHIN_MS, (sql) => sql<{ count: number }[]>`
        with gone as (delete from removed g where (g.room_id, g.seq) in (
            select o.room_id, o.seq from removed o where o.removed_at < now() - make_interval(hours => ${hours}) order by o.removed_at limit ${FORGOTTEN_AT_ONCE})
          returning g.room_id, g.seq),
          signs as (delete from reactions x using gone where x.room_id = gone.room_id and x.seq = gone.seq),
          forms as (delete from edits e using gone where e.room_id = gone.room_id and e.seq = gone.seq)
        select count(*) from gone`);
      return gone?.count ?? 0;
    },
  };
}

/** Who brings ADMIN_TOKEN; nobody can be invited under it. */
const OPERATOR = 'operator';
const OWNER = 'owner';

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
