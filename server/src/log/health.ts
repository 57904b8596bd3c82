import type { Pool } from './pool.ts';
import { READ_WITHIN_MS } from './read.ts';
import type { Writer } from './writer.ts';

export const pools = ['append', 'read', 'webhook', 'import'] as const;
export type PoolName = (typeof pools)[number];
/** `running` of `max` connections; `waiting`: reads that have none yet; `missed`: deadlines so far. */
export type PoolLoad = { running: number; waiting: number; missed: number };
/** What the database says of itself. `walAgeS`: for how long a finished file of its log has waited to be archived; null where none is. Ages are in s. */
export type DatabaseHealth = { connections: number; connectionsMax: number; bytes: number; walAgeS: number | null; webhooks: { waiting: number; dead: number; ageS: number } };

/** How the way to the database is, and how the database is. */
export type Health = {
  /** Changes taken that have no outcome yet. */
  readonly pending: number;
  load(pool: PoolName): PoolLoad;
  /** Needs no right beyond those of the tables. */
  ask(): Promise<DatabaseHealth>;
};

/** Nobody reads higher numbers. */
const COUNTED = 10_000;

export function openHealth(all: Record<PoolName, Pool>, writer: Pick<Writer, 'pending'>): Health {
  return {
    get pending() { return writer.pending; },
    load(name) {
      const { asked, max, missed } = all[name];
      return { running: Math.min(asked, max), waiting: Math.max(0, asked - max), missed };
    },
    async ask() {
      const [found] = await all.read.within(READ_WITHIN_MS, (sql) => sql<DatabaseHealth[]>`
        select (select sum(numbackends)::int from pg_stat_database) as connections, current_setting('max_connections')::int as "connectionsMax",
          pg_database_size(current_database())::float8 as bytes,
          (select case when current_setting('archive_mode') = 'off' or pg_is_in_recovery() then null
            when waits then greatest(0, extract(epoch from now() - coalesce(last_archived_time, stats_reset)))::float8 else 0 end
            from (select *, case when last_archived_wal ~ '^[0-9A-F]{24}$' then ${segment(sql, 'pg_walfile_name(case when not pg_is_in_recovery() then pg_current_wal_lsn() end)')} > ${segment(sql, 'last_archived_wal')} + 1
              else last_failed_time > coalesce(last_archived_time, '-infinity') end as waits from pg_stat_archiver) a) as "walAgeS",
          (select json_build_object('waiting', count(*) filter (where dead_at is null), 'dead', count(*) filter (where dead_at is not null),
            'ageS', coalesce(extract(epoch from now() - min(created_at) filter (where dead_at is null)), 0)::float8) from (select q.dead_at, q.created_at from webhook_queue q limit ${COUNTED}) q) as webhooks`);
      return found as DatabaseHealth;
    },
  };
}

/** The place of a file of the log among all of them, by its name. */
function segment(sql: Pool['sql'], name: string) {
  return sql.unsafe(`(('x' || substr(${name}, 9, 8))::bit(32)::bigint * (4294967296 / pg_size_bytes(current_setting('wal_segment_size'))) + ('x' || substr(${name}, 17, 8))::bit(32)::bigint)`);
}
