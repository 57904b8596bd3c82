import { once } from 'node:events';
import t, { type Test } from 'tap';
import { type Client, openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const READERS = 300;
const LONG_MS = 20_000;
const database = await openDatabase();
t.teardown(() => database.close());

/** A server that was started again: of what was said before, its rooms remember the latest 200 changes. */
async function restart(t: Test, room: string, said: number): Promise<{ server: TestServer; epoch: string }> {
  const before = await openServer(database.url);
  const anna = await openClient(before.ws, { room, ...person() });
  await Promise.all(Array.from({ length: said }, (_, i) => anna.say(`word ${i + 1}`)));
  await anna.next('rows', ({ to }) => to === said);
  const { epoch = '' } = await anna.next('rows', ({ from }) => from === 0);
  await anna.close();
  await before.close();
  const server = await openServer(database.url);
  t.teardown(() => server.close());
  return { server, epoch };
}

/** All at once, and heard: the server answers a ping after the hello that came before it. */
async function storm(t: Test, server: TestServer, hello: (i: number) => object): Promise<Client[]> {
  return Promise.all(Array.from({ length: READERS }, async (_, i) => {
    const client = await openClient(server.ws);
    t.teardown(() => client.raw.terminate());
    client.send({ t: 'hello', v: 1, ...hello(i) });
    await ping(client);
    return client;
  }));
}

async function ping({ raw }: Client): Promise<void> {
  const pong = once(raw, 'pong');
  raw.ping();
  await pong;
}

/** Reads of older changes that the database has under way, and holds until `go`. */
async function holdReads(): Promise<{ count(): Promise<number>; go(): Promise<void> }> {
  const { promise, resolve: release } = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const over = database.sql.begin(async (sql) => {
    await sql`lock table messages in access exclusive mode`;
    held.resolve();
    await promise;
  });
  await held.promise;
  return {
    async count() {
      const [row] = await database.sql<{ count: number }[]>`select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%m.rev >%'`;
      return row?.count ?? 0;
    },
    async go() {
      release();
      await over;
    },
  };
}

t.test('when hundreds return at once to what no server remembers, the log is read once for all of one number, whatever they hold', async (t) => {
  const { server, epoch } = await restart(t, 'storm', 300);
  const there = await openClient(server.ws, { room: 'storm', ...person() });
  t.teardown(() => there.close());
  const reads = await holdReads();
  const readers = await storm(t, server, (i) => ({ room: 'storm', at: { epoch, rev: 20, low: 1 + (i % 60) } }));
  t.ok(await until(async () => (await reads.count()) > 0, LONG_MS));
  t.equal(await reads.count(), 1);
  await reads.go();
  for (const [i, reader] of readers.entries()) {
    const { resumed, rev, rows } = await reader.next('welcome', undefined, LONG_MS);
    const low = Math.max(21, 1 + (i % 60));
    if (!resumed || rev !== 300 || rows.length !== 301 - low || rows[0]?.n !== low) t.fail(`reader ${i} was given ${rows.length} rows up to ${rev}`);
  }
  t.equal((await there.say('and goes on')).t, 'ok');
  await Promise.all(readers.map((reader) => reader.next('rows', ({ to }) => to === 301, LONG_MS)));

  const again = await holdReads();
  for (const reader of readers) reader.send({ t: 'since', rev: 20 });
  await Promise.all(readers.map(ping));
  t.ok(await until(async () => (await again.count()) > 0, LONG_MS));
  t.equal(await again.count(), 1, 'and so where all miss the same');
  await again.go();
  await Promise.all(readers.map((reader) => reader.next('rows', ({ from, to }) => from === 20 && to === 301, LONG_MS)));
});

t.test('where there are more changes than a resume may carry, a reader that holds few of the rows is still brought up to date', async (t) => {
  const { server, epoch } = await restart(t, 'raid', 600);
  for (const [low, resumed] of [[1, false], [150, true]] as const) {
    const reader = await openClient(server.ws, { room: 'raid', at: { epoch, rev: 20, low } });
    t.teardown(() => reader.close());
    const { resumed: was, rev } = await reader.next('welcome');
    t.same([was, rev], [resumed, resumed ? 20 : 600], `from ${low}`);
    if (resumed) await reader.next('rows', ({ to, more }) => to === 600 && !more);
    if (resumed) t.equal(reader.frames.flatMap((one) => (one.t === 'rows' ? one.rows : [])).length, 451);
  }
});

t.test('who was there before goes on hearing everything while hundreds come in', async (t) => {
  const { server, epoch } = await restart(t, 'crowd', 250);
  const [anna, ben] = [await openClient(server.ws, { room: 'crowd', ...person() }), await openClient(server.ws, { room: 'crowd', ...person() })];
  t.teardown(() => Promise.all([anna.close(), ben.close()]));
  let over = false;
  const coming = storm(t, server, (i) => ({ room: 'crowd', ...person(), at: { epoch, rev: 20 + (i % 5), low: 1 } })).finally(() => { over = true; });
  let said = 0;
  while (!over) {
    t.equal((await anna.say(`during ${said}`)).t, 'ok');
    said += 1;
  }
  const readers = await coming;
  const to = 250 + said;
  await Promise.all([ben, ...readers].map(async (one) => {
    await one.next('welcome', undefined, LONG_MS);
    if (!one.frames.some((frame) => 'rev' in frame && frame.rev === to)) await one.next('rows', (frame) => frame.to === to, LONG_MS);
  }));
  for (const one of [ben, ...readers]) {
    const seen = new Set(one.frames.flatMap((frame) => (frame.t === 'rows' || frame.t === 'welcome' ? frame.rows.map(({ n }) => n) : [])));
    for (let n = 251; n <= to; n += 1) if (!seen.has(n)) t.fail(`word ${n} is missing`);
  }
  t.ok(said > 0);
});
