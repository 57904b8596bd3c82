import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { startDatabase } from '../../dev/database.ts';

export type TestDatabase = { url: string; sql: postgres.Sql; close(): Promise<void> };

/**
 * An empty database of its own for one test file: on the server that the test command started
 * (`TEST_DATABASE_URL`), or on one that is started here when the file runs alone.
 */
export async function openDatabase(): Promise<TestDatabase> {
  const shared = process.env.TEST_DATABASE_URL;
  const own = shared ? null : await startOwn();
  const admin = postgres(shared ?? own?.url ?? '', { max: 1, onnotice: () => {} });
  const name = `test_${randomBytes(6).toString('hex')}`;
  await admin.unsafe(`create database ${name}`);
  const url = new URL(shared ?? own?.url ?? '');
  url.pathname = `/${name}`;
  const sql = postgres(url.href, { max: 2, onnotice: () => {} });
  return {
    url: url.href,
    sql,
    async close() {
      await sql.end({ timeout: 1 });
      await admin.unsafe(`drop database ${name} with (force)`);
      await admin.end({ timeout: 1 });
      await own?.close();
    },
  };
}

async function startOwn(): Promise<{ url: string; close(): Promise<void> }> {
  // Not made here: as root, the database runs as another user, whose folder it must be.
  const dir = path.join(tmpdir(), `aside-test-${randomBytes(6).toString('hex')}`);
  const database = await startDatabase({ dir, tethered: true });
  return {
    url: database.url,
    async close() {
      await database.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
