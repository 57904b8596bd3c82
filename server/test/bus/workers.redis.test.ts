import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { findPort } from '../../dev/ports.ts';
import { openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openRedis } from '../support/redis.ts';
import { LIFTED } from '../support/server.ts';
import { until } from '../support/until.ts';

t.setTimeout(60_000);
const database = await openDatabase();
t.teardown(() => database.close());
const MAIN = path.join(import.meta.dirname, '../../src/main.ts');

t.test('three workers share a port and a room, one that dies comes back, and all end with who started them', async (t) => {
  const redis = await openRedis();
  t.teardown(() => redis.close());
  const port = await findPort();
  const env = {
    ...process.env, ...LIFTED, DATABASE_URL: database.url, REDIS_URL: redis.url, WORKERS: '3', PORT: String(port), METRICS_PORT: '0', DRAIN_SECONDS: '0', LOG_LEVEL: 'warn',
    IDENTITY_SECRET: 'a secret for tests that has enough letters',
  };
  const parent = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const over = once(parent, 'exit');
  t.teardown(() => { parent.kill('SIGTERM'); return over; });
  const workers = async (): Promise<number[]> => (await readFile(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8')).trim().split(' ').filter(Boolean).map(Number);
  const ready = (): Promise<boolean> => fetch(`http://127.0.0.1:${port}/readyz`).then(({ ok }) => ok, () => false);
  t.ok(await until(ready, 20_000), 'it is ready');
  t.equal((await workers()).length, 3);
  const countAll = async (state: string): Promise<number[]> => Promise.all((await workers()).map((pid) => countSockets(pid, port, state)));
  t.ok(await until(async () => (await countAll(LISTENS)).every((sockets) => sockets > 0), 20_000), 'all three of them');
  // The kernel deals connections out; so many land on all three.
  const url = `ws://127.0.0.1:${port}/ws`;
  const clients = await Promise.all(Array.from({ length: 24 }, () => openClient(url, { room: 'shared', ...person() })));
  t.teardown(async () => { for (const client of clients) await client.close(); });
  const [anna] = clients as [typeof clients[0]];
  await Promise.all(clients.map(({ next }) => next('here', ({ count }) => count === 24, 30_000)));
  t.pass('each worker knows of all readers');
  const held = await countAll(STANDS);
  t.ok(held.filter((readers) => readers > 0).length >= 2, `they hold ${held.join(', ')}`);
  await anna.say('모두에게');
  await Promise.all(clients.map(({ next }) => next('rows', ({ rows }) => rows.some((row) => !row.deleted && row.text === '모두에게'), 5_000)));
  const [first] = await workers();
  // A missing number would be everybody's.
  if (!first) throw new Error('there is no worker to kill');
  process.kill(first, 'SIGKILL');
  t.ok(await until(async () => { const now = await workers(); return now.length === 3 && !now.includes(first); }, 10_000), 'another takes its place');
  // A terminal, and systemd, signal the whole group.
  const living = clients.filter(({ raw }) => raw.readyState === raw.OPEN);
  t.ok(living.length > 0);
  for (const pid of [parent.pid, ...(await workers())]) if (pid) process.kill(pid, 'SIGINT');
  const codes = await Promise.all(living.map(async ({ closed }) => (await closed).code));
  t.same([...new Set(codes)], [1012], 'every reader is sent elsewhere before they end');
  t.same(await over, [0, null]);
  t.notOk(await ready(), 'nobody listens any more');
});

/** As Linux numbers the states of a socket. */
const [STANDS, LISTENS] = ['01', '0A'];

/** Sockets of this process that are at this port. */
async function countSockets(pid: number, port: number, state: string): Promise<number> {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '')));
  const rows = tables.flatMap((text) => text.split('\n').map((line) => line.trim().split(/\s+/)));
  const inodes = new Set(rows.flatMap(([, from, , is, , , , , , inode]) => (from?.endsWith(local) && is === state ? [`socket:[${inode}]`] : [])));
  const held = await Promise.all((await readdir(`/proc/${pid}/fd`)).map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  return held.filter((name) => inodes.has(name)).length;
}
