import t, { type Test } from 'tap';
import { type Client, openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openRedis, openRedisCluster, type TestRedis } from '../support/redis.ts';
import { openServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

t.setTimeout(120_000);
const database = await openDatabase();
t.teardown(() => database.close());

async function enter(t: Test, server: TestServer, room: string, who: object = person()): Promise<Client> {
  const client = await openClient(server.ws, { room, ...who });
  t.teardown(() => client.close());
  return client;
}

/** Two people in one room on two servers that meet on one Redis, and hear each other. */
async function meet(t: Test, room: string): Promise<{ redis: TestRedis; anna: Client; ben: Client }> {
  const redis = await openRedis();
  t.teardown(() => redis.close());
  const [here, there] = await openNodes(t, redis.url) as [TestServer, TestServer];
  const anna = await enter(t, here, room, person('안나'));
  const ben = await enter(t, there, room, person('베니'));
  t.ok(await untilHeard(anna, ben), 'they hear each other');
  return { redis, anna, ben };
}

/** Servers that meet on one Redis. */
async function openNodes(t: Test, url: string, count = 2): Promise<TestServer[]> {
  const nodes = await Promise.all(Array.from({ length: count }, () => openServer(database.url, { REDIS_URL: url })));
  for (const node of nodes) t.teardown(() => node.close());
  return nodes;
}

/** How long words of one take to the other, in ms. Each said after the last has arrived. */
async function delays(from: Client, to: Client, texts: string[]): Promise<number[]> {
  const took: number[] = [];
  for (const text of texts) {
    const began = performance.now();
    const arrived = to.next('rows', ({ rows }) => rows.some((row) => !row.deleted && row.text === text), 10_000);
    await from.say(text);
    await arrived;
    took.push(performance.now() - began);
  }
  return took;
}
const numbered = (word: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${word} ${i}`);

/** Until words go through Redis, and not through a comparison: a comparison takes longer, three times in a row. */
async function untilHeard(from: Client, to: Client): Promise<boolean> {
  let tries = 0;
  return until(async () => Math.max(...await delays(from, to, numbered(`heard? ${tries += 1}`, 3))) < 100, 15_000);
}

t.test('words, presence, names and typing go from one server to another', async (t) => {
  const { anna, ben } = await meet(t, 'meeting');
  t.ok(await untilHeard(ben, anna));
  await ben.next('here', ({ count }) => count === 2, 10_000);
  await anna.next('here', ({ count }) => count === 2, 10_000);
  anna.send({ t: 'who' });
  t.same((await anna.next('names')).names.map(({ nick }) => nick).sort(), ['베니', '안나']);
  ben.send({ t: 'typing' });
  t.equal((await anna.next('typing')).authors.length, 1);
});

t.test('without Redis words are at most two seconds late, and none is lost', async (t) => {
  const { redis, anna, ben } = await meet(t, 'late');
  for (const [name, break_, mend] of [
    ['killed', redis.kill, redis.start],
    ['paused', async () => redis.pause(), async () => redis.resume()],
    ['with its subscribers thrown out', async () => { await redis.say('client', 'kill', 'type', 'pubsub'); }, async () => {}],
    ['flushed', async () => { await redis.say('flushall'); }, async () => {}],
  ] as const) {
    await break_();
    const took = await delays(anna, ben, numbered(name, 5));
    t.ok(Math.max(...took) <= 2_000, `${name}: ${took.map(Math.round).join(', ')} ms`);
    await mend();
    t.ok(await untilHeard(anna, ben), `${name}, and back`);
  }
});

t.test('a Redis that is absent at the start keeps nobody waiting, and is used when it comes', async (t) => {
  const redis = await openRedis();
  t.teardown(() => redis.close());
  await redis.kill();
  const [here, there] = await openNodes(t, redis.url) as [TestServer, TestServer];
  const began = performance.now();
  const anna = await enter(t, here, 'absent', person('안나'));
  t.ok(performance.now() - began < 400, 'a room opens at once');
  const ben = await enter(t, there, 'absent', person('베니'));
  const took = await delays(anna, ben, numbered('absent', 3));
  t.ok(Math.max(...took) <= 2_000, `${took.map(Math.round).join(', ')} ms`);
  await redis.start();
  t.ok(await untilHeard(anna, ben));
});

t.test('a commit larger than a hint may be is read from the log', async (t) => {
  const { anna, ben } = await meet(t, 'large');
  const words = '가나다라마바사아자차'.repeat(190);
  for (let i = 0; i < 24; i += 1) anna.send({ t: 'say', cid: `large-${String(i).padStart(12, '0')}`, text: `${i} ${words}` });
  const got = (): number => new Set(ben.frames.flatMap((frame) => (frame.t === 'rows' ? frame.rows.flatMap((row) => (!row.deleted && row.text.endsWith(words) ? [row.n] : [])) : []))).size;
  const began = performance.now();
  t.ok(await until(() => got() === 24, 5_000), `${got()} came`);
  t.ok(performance.now() - began < 2_000, 'not by the next comparison');
});

t.test('on a cluster of three every room is heard, and those of a master that died are late and not lost', async (t) => {
  const cluster = await openRedisCluster();
  t.teardown(() => cluster.close());
  const [here, there] = await openNodes(t, cluster.url) as [TestServer, TestServer];
  const pairs = await Promise.all(Array.from({ length: 6 }, async (_, i) => [await enter(t, here, `spread-${i}`, person('안나')), await enter(t, there, `spread-${i}`, person('베니'))] as const));
  for (const [anna, ben] of pairs) t.ok(await untilHeard(anna, ben));
  const shards = await Promise.all(cluster.nodes.map((one) => one.say('pubsub', 'shardchannels', 'aside\nroom*')));
  t.ok(shards.filter((channels) => channels.includes('spread')).length >= 2, 'the rooms are spread over masters');
  await cluster.nodes[0]?.kill();
  const took = (await Promise.all(pairs.map(([anna, ben]) => delays(anna, ben, numbered('dead', 3))))).flat();
  t.ok(Math.max(...took) <= 2_000, `${took.map(Math.round).join(', ')} ms`);
  await cluster.nodes[0]?.start();
  for (const [anna, ben] of pairs) t.ok(await untilHeard(anna, ben), 'and back');
});

t.test('a password and a user are brought, and who is not let in works alone', async (t) => {
  const redis = await openRedis({ args: ['--user', 'aside', 'on', '>open-sesame', '&aside*', '+@all', '--user', 'default', 'off'] });
  t.teardown(() => redis.close());
  const [here, there] = await openNodes(t, `redis://aside:open-sesame@127.0.0.1:${redis.port}`) as [TestServer, TestServer];
  const anna = await enter(t, here, 'guarded', person('안나'));
  const ben = await enter(t, there, 'guarded', person('베니'));
  t.ok(await untilHeard(anna, ben));
  const [stranger] = await openNodes(t, `redis://aside:wrong@127.0.0.1:${redis.port}`, 1) as [TestServer];
  const carl = await enter(t, stranger, 'guarded', person('칼'));
  t.ok(Math.max(...await delays(anna, carl, numbered('apart', 3))) <= 2_000);
});

