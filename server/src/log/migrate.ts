import { readdir, readFile } from 'node:fs/promises';
import type { Sql } from './sql.ts';

const folder = new URL('../../../sql/migrations/', import.meta.url);
/** Any number that no other program on this database locks. */
const LOCK = 4_277_001;

/**
 * Brings the database to the newest form, forward only. Several servers may start at once on an empty
 * database: one works, the others wait. Fails when the database would not keep what it acknowledges.
 */
export async function migrate(sql: Sql): Promise<number> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return sql.begin(async (sql) => {
    await sql`set local statement_timeout = 0`;
    await sql`set local lock_timeout = 0`;
    await sql`select pg_advisory_xact_lock(${LOCK})`;
    await refuseForgetful(sql);
    await sql`create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())`;
    const done = new Set((await sql<{ name: string }[]>`select name from migrations`).map((row) => row.name));
    const missing = files.filter((name) => !done.has(name));
    for (const name of missing) {
      await sql.unsafe(await readFile(new URL(name, folder), 'utf8'));
      await sql`insert into migrations (name) values (${name})`;
    }
    return missing.length;
  }) as Promise<number>;
}

async function refuseForgetful(sql: Pick<Sql, 'unsafe'>): Promise<void> {
  const [settings] = await sql.unsafe<{ fsync: string; pages: string }[]>(
    `select current_setting('fsync') as fsync, current_setting('full_page_writes') as pages`,
  );
  if (settings?.fsync !== 'on' || settings.pages !== 'on') {
    throw new Error('The database runs with fsync or full_page_writes off and could lose acknowledged messages. Turn both on.');
  }
}
