import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import t from 'tap';
import { openBarrier } from '../faults/barrier.ts';
import { fateOf } from '../../src/log/fate.ts';
import { createPool, deadline, DeadlineError } from '../../src/log/pool.ts';
import { openDatabase } from '../support/database.ts';

t.test('what takes longer than it may is given up; what ends in time is passed on as it ended', async (t) => {
  await t.rejects(deadline(10, new Promise(() => {})), { message: 'The database did not answer within 10 ms' });
  t.equal(await deadline(1_000, Promise.resolve('answer')), 'answer');
  await t.rejects(deadline(1_000, Promise.reject(new Error('its own'))), { message: 'its own' });
});

t.test('a database that takes calls and never answers costs two deadlines, and then has new connections', async (t) => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  t.teardown(() => { silent.close(); for (const socket of sockets) socket.destroy(); });
  await new Promise((resolve) => silent.once('listening', resolve));
  const pool = createPool(`postgres://nobody@127.0.0.1:${(silent.address() as AddressInfo).port}/none`, 2);
  t.teardown(() => pool.close());
  const before = pool.sql;
  await t.rejects(pool.within(50, (sql) => sql`select 1`), { message: /did not answer within/ });
  t.equal(pool.sql, before, 'once may happen to anybody');
  await t.rejects(pool.within(50, (sql) => sql`select 1`), { message: /did not answer within/ });
  t.not(pool.sql, before);
});

t.test('an answer in between forgives the first miss', async (t) => {
  const database = await openDatabase();
  t.teardown(() => database.close());
  const pool = createPool(database.url, 2);
  t.teardown(() => pool.close());
  const before = pool.sql;
  for (let i = 0; i < 3; i += 1) {
    await t.rejects(pool.within(20, (sql) => sql`select pg_sleep(0.2)`), { message: /did not answer within/ });
    t.match(await pool.within(2_000, (sql) => sql`select 1 as one`), [{ one: 1 }]);
  }
  t.equal(pool.sql, before);
});

t.test('what is asked as connections end leaves none of them silent for ever', async (t) => {
  const database = await openDatabase();
  t.teardown(() => database.close());
  const way = await openBarrier(Number(new URL(database.url).port));
  t.teardown(() => way.close());
  const url = new URL(database.url);
  [url.hostname, url.port] = ['127.0.0.1', String(way.port)];
  const pool = createPool(url.href, 2);
  t.teardown(() => pool.close());
  const ask = () => pool.within(4_000, (sql) => sql`select 1 as one`);
  for (let round = 0; round < 5; round += 1) {
    // All end in one turn of the event loop; what hears of its end first asks, on connections whose end is not told yet.
    const neighbours = [await dial(way.port)];
    t.same(await Promise.all([ask(), ask()]), [[{ one: 1 }], [{ one: 1 }]], 'both stand');
    neighbours.push(await dial(way.port));
    const asked = neighbours.map((socket) => new Promise<PromiseSettledResult<unknown>[]>((resolve) => socket.once('close', () => resolve(Promise.allSettled([ask(), ask()])))));
    way.part();
    way.heal(true);
    for (const outcome of (await Promise.all(asked)).flat()) t.notOk(outcome.status === 'rejected' && outcome.reason instanceof DeadlineError, 'answered, or told that the connection ended');
  }
  t.same(await Promise.all(Array.from({ length: 6 }, ask)), Array(6).fill([{ one: 1 }]));
});

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket.resume();
}

t.test('every error of an append is told apart: never left, rolled back, busy, or lost', async (t) => {
  const fates = {
    'never-left': ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'CONNECT_TIMEOUT', '57P03', '53300', '28P01', '3D000'],
    'rolled-back': ['22021', '22P05', '22P02', '23505', '42703', '23514', 'P0001'],
    busy: ['40001', '40P01', '55P03', '57014', '53100', '25006', '58030'],
    lost: ['57P01', '57P02', '08006', '08P01', '40003', 'ECONNRESET', 'EPIPE', 'EBUSY', 'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', ''],
  } as const;
  for (const [fate, codes] of Object.entries(fates)) for (const code of codes) t.equal(fateOf(Object.assign(new Error(code), { code })), fate, code);
  for (const odd of [new DeadlineError(1), new Error('bare'), null, undefined, 'text', 7]) t.equal(fateOf(odd), 'lost');
});
