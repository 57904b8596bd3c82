import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { ROOT } from '../../dev/places.ts';
import { findTools, openCluster } from '../install/cluster.ts';
import { does } from '../moderation/desk.ts';
import { openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';

const SECRET = 'a secret for tests that has enough letters';
const tools = await findTools();
const needsTools = { skip: tools ? false : 'needs the tools of PostgreSQL: `apt-get install postgresql`' };

async function ops(args: string[], env: Record<string, string> = {}): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [path.join(ROOT, 'server/src/ops.ts'), ...args], { env: { PATH: `${tools ?? ''}:${process.env.PATH}`, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { err += text; });
  const code = await new Promise<number | null>((resolve) => { child.once('close', resolve); });
  return { code, out, err };
}

t.test('check tells what would be refused, all of it at once, and what holds, without any secret', async (t) => {
  const wrong = await ops(['check'], { PORT: 'eighty', IDENTITY_SECRET: 'short' });
  t.equal(wrong.code, 1);
  for (const name of ['PORT', 'IDENTITY_SECRET', 'DATABASE_URL']) t.match(wrong.err, new RegExp(`- ${name} `), name);
  const right = await ops(['check'], { DATABASE_URL: 'postgres://me:hidden-word@db/aside', IDENTITY_SECRET: SECRET, RETENTION_DAYS: '30' });
  t.match(right, { code: 0, out: /^\* RETENTION_DAYS=30$/m });
  t.match(right.out, /^\* DATABASE_URL=\(set\)$/m);
  t.match(right.out, /^ {2}ADMIN_TOKEN=\(not set\)$/m);
  for (const hidden of ['hidden-word', SECRET]) t.notOk(right.out.includes(hidden), hidden);
});

t.test('an unknown command is refused by a code, and says which there are', async (t) => {
  t.match(await ops(['nonsense']), { code: 1, err: /^no_command: .*check, doctor, migrate, backup, restore, erasures, erase-again, canary/ });
});

t.test('migrate makes what is missing, knows no secret but the database’s, and finds nothing to do a second time', async (t) => {
  const url = await openEmpty(t);
  t.match(await ops(['migrate'], { DATABASE_URL: url, NODE_ENV: 'production' }), { code: 0, out: /^\d+ migrations were made/ });
  t.match(await ops(['migrate'], { DATABASE_URL: url }), { code: 0, out: /newest form/ });
});

t.test('doctor tells what is wrong with a database that nobody migrated, and with one that is not there', async (t) => {
  const url = await openEmpty(t);
  const bare = await ops(['doctor'], { DATABASE_URL: url, IDENTITY_SECRET: SECRET });
  t.match(bare, { code: 1, out: /✗ migrations: 0001/ });
  await ops(['migrate'], { DATABASE_URL: url });
  const well = await ops(['doctor'], { DATABASE_URL: url, IDENTITY_SECRET: SECRET });
  t.match(well, { code: 0, out: /✓ database: PostgreSQL/ });
  t.match(well.out, /– archive: off/);
  t.match(await ops(['doctor'], { DATABASE_URL: 'postgres://me@127.0.0.1:1/aside', IDENTITY_SECRET: SECRET }), { code: 1, out: /✗ database: / });
  const served = await openServer(url);
  t.teardown(() => served.close());
  t.match((await ops(['doctor'], { DATABASE_URL: url, IDENTITY_SECRET: SECRET, PUBLIC_URL: served.http })).out, /✓ reach: .*\n✓ upgrade: sockets open/);
});

t.test('what backup made, restore puts in the database’s place, told of what was erased since; what was there stays', needsTools, async (t) => {
  const cluster = await openCluster(tools ?? '');
  const dir = await mkdtemp(path.join(tmpdir(), 'aside-ops-'));
  t.teardown(async () => {
    await cluster.close();
    await rm(dir, { recursive: true });
  });
  const env = { DATABASE_URL: cluster.url };
  const server = await openServer(cluster.url);
  const anna = await openClient(server.ws, { room: 'kept', ...person() });
  await anna.say('said before');
  const gone = await anna.say('deleted later');
  const file = path.join(dir, 'copy.dump');
  t.match(await ops(['backup', file], env), { code: 0, out: `${file}\n` });
  t.equal((await stat(file)).mode & 0o777, 0o600, 'for its owner alone');
  t.match(await ops(['backup', file], env), { code: 1, err: /^exists: / });
  t.match(await ops(['restore', file], env), { code: 1, err: /^in_use: / }, 'while a server is there');
  t.match(await does(anna, { t: 'delete', n: (gone as { n?: number }).n }), { t: 'ok' });
  await anna.say('said after');
  await anna.close();
  await server.close();

  const noise = path.join(dir, 'noise.dump');
  await writeFile(noise, 'no backup');
  t.match(await ops(['restore', noise], env), { code: 1, err: /^bad_backup: / });
  t.match(await ops(['restore', file, '--erasures', noise], env), { code: 1, err: /^bad_log: / });
  t.same(await textsOf(cluster.url), ['said before', 'said after'], 'nothing was changed');

  const restored = await ops(['restore', file], env);
  t.match(restored, { code: 0, out: /told of 1 erasures/ }, restored.err);
  t.same(await textsOf(cluster.url), ['said before'], 'what was deleted since does not come back');
  const [, before = ''] = /stays as (\S+)/.exec(restored.out) ?? [];
  const admin = postgres(cluster.url, { max: 1, onnotice: () => {} });
  t.teardown(() => admin.end({ timeout: 1 }));
  t.match(await admin`select datname from pg_database where datname = ${before}`, [{ datname: before }]);
  t.match(await ops(['erasures'], env), { code: 0, out: /"room":"kept"/ });
  t.same((await readdir(dir)).sort(), ['copy.dump', 'noise.dump'], 'and nothing else lies about');
});

t.test('without the tools, or with older ones, a backup says so and does nothing', async (t) => {
  const url = await openEmpty(t);
  const dir = await mkdtemp(path.join(tmpdir(), 'aside-ops-'));
  t.teardown(() => rm(dir, { recursive: true }));
  const old = path.join(dir, 'bin');
  await mkdir(old);
  await writeFile(path.join(old, 'pg_dump'), '#!/bin/sh\necho "pg_dump (PostgreSQL) 9.6.1"\n', { mode: 0o755 });
  t.match(await ops(['backup', path.join(dir, 'copy.dump')], { DATABASE_URL: url, PATH: old }), { code: 1, err: /^old_tools: pg_dump is of PostgreSQL 9/ });
  t.match(await ops(['backup', path.join(dir, 'copy.dump')], { DATABASE_URL: url, PATH: dir }), { code: 1, err: /^no_tools: / });
  t.same(await readdir(dir), ['bin']);
});

/** A database of its own with nothing in it. */
async function openEmpty(t: Test): Promise<string> {
  const database = await openDatabase();
  t.teardown(() => database.close());
  await database.sql`drop schema public cascade`;
  await database.sql`create schema public`;
  return database.url;
}

async function textsOf(url: string): Promise<string[]> {
  const server = await openServer(url);
  const { rows } = (await (await fetch(`${server.http}/api/v1/rooms/kept/messages`)).json()) as { rows: { text?: string }[] };
  await server.close();
  return rows.flatMap(({ text }) => text || []).toReversed();
}
