import t, { type Test } from 'tap';
import { openBarrier } from '../faults/barrier.ts';
import { person } from '../support/client.ts';
import { openRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';
import { delays, delaysOfBoth, numbered, openRedisFor, openTalk, type Pair, slowestUntilHeard, untilHeard } from './talk.ts';

t.setTimeout(180_000);
const { enter, meet, openNodes } = await openTalk(t);

/** The second server's way to Redis can be cut. */
async function meetApart(t: Test, room: string): Promise<{ way: Awaited<ReturnType<typeof openBarrier>>; pair: Pair }> {
  const redis = await openRedisFor(t);
  const way = await openBarrier(redis.port);
  t.teardown(() => way.close());
  return { way, pair: await meet(t, room, [redis.url, `redis://127.0.0.1:${way.port}`]) };
}

t.test('words, presence, names and typing go from one server to another', async (t) => {
  const { url } = await openRedisFor(t);
  const { anna, ben } = await meet(t, 'meeting', [url, url]);
  await ben.next('here', ({ count }) => count === 2, 10_000);
  await anna.next('here', ({ count }) => count === 2, 10_000);
  anna.send({ t: 'who' });
  t.same((await anna.next('names')).names.map(({ nick }) => nick).sort(), ['베니', '안나']);
  ben.send({ t: 'typing' });
  t.equal((await anna.next('typing')).authors.length, 1);
});

t.test('without Redis words are at most two seconds late, and none is lost', async (t) => {
  const redis = await openRedisFor(t);
  const pair = await meet(t, 'late', [redis.url, redis.url]);
  for (const [name, break_, mend] of [
    ['killed', redis.kill, redis.start],
    ['paused', async () => redis.pause(), async () => redis.resume()],
    ['with its subscribers thrown out', async () => { t.ok(Number(await redis.say('client', 'kill', 'type', 'pubsub')) >= 2); }, async () => {}],
    ['flushed', async () => { t.match(await redis.say('flushall'), /^OK/); }, async () => {}],
  ] as const) {
    await break_();
    const took = await delaysOfBoth(pair, name, 5);
    t.ok(Math.max(...took) <= 2_000, `${name}: ${took.map(Math.round).join(', ')} ms`);
    await mend();
    t.ok(await untilHeard(pair), `${name}, and back`);
  }
});

t.test('of a server that alone is cut off from Redis, words are at most two seconds late in both directions', async (t) => {
  const { way, pair } = await meetApart(t, 'apart');
  for (const broken of [false, true]) {
    way.part();
    const took = await delaysOfBoth(pair, `apart ${broken}`, 6);
    t.ok(Math.max(...took) <= 2_000, `${took.map(Math.round).join(', ')} ms`);
    way.heal(broken);
    const slowest = await slowestUntilHeard(pair, `healed ${broken}`);
    t.ok(slowest <= 2_000, `and back, ${Math.round(slowest)} ms at most`);
  }
});

t.test('a connection that hangs is left and made again', async (t) => {
  const { way, pair } = await meetApart(t, 'hung');
  way.hang();
  const slowest = await slowestUntilHeard(pair, 'hung');
  t.ok(slowest <= 2_000, `${Math.round(slowest)} ms at most`);
  t.ok(await untilHeard(pair), 'and heard');
});

t.test('who was on a server that stopped is gone at once', async (t) => {
  const { url } = await openRedisFor(t);
  const [here, there] = await openNodes(t, [url, url]);
  const anna = await enter(t, here, 'stopped', person('안나'));
  const ben = await enter(t, there, 'stopped', person('베니'));
  t.ok(await untilHeard({ anna, ben }));
  await anna.next('here', ({ count }) => count === 2, 10_000);
  const known = anna.frames.length;
  await there.close();
  t.ok(await until(() => anna.frames.slice(known).some((frame) => frame.t === 'here' && frame.count === 1), 8_000));
});

t.test('a Redis that is absent at the start keeps nobody waiting, and is used when it comes', async (t) => {
  const redis = await openRedisFor(t);
  await redis.kill();
  const [here, there] = await openNodes(t, [redis.url, redis.url]);
  const anna = await enter(t, here, 'absent', person('안나'));
  const ben = await enter(t, there, 'absent', person('베니'));
  const pair = { anna, ben };
  const took = await delaysOfBoth(pair, 'absent', 3);
  t.ok(Math.max(...took) <= 2_000, `${took.map(Math.round).join(', ')} ms`);
  await redis.start();
  t.ok(await untilHeard(pair));
});

t.test('a commit larger than a hint may be is read from the log', async (t) => {
  const { url } = await openRedisFor(t);
  const { anna, ben } = await meet(t, 'large', [url, url]);
  const words = '가나다라마바사아자차'.repeat(190);
  for (let i = 0; i < 24; i += 1) anna.send({ t: 'say', cid: `large-${String(i).padStart(12, '0')}`, text: `${i} ${words}` });
  const got = (): number => new Set(ben.frames.flatMap((frame) => (frame.t === 'rows' ? frame.rows.flatMap((row) => (!row.deleted && row.text.endsWith(words) ? [row.n] : [])) : []))).size;
  const began = performance.now();
  t.ok(await until(() => got() === 24, 5_000), `${got()} came`);
  t.ok(performance.now() - began < 2_000, 'not by the next comparison');
});

t.test('a password and a user are brought, and who is not let in works alone', async (t) => {
  const redis = await openRedis({ args: ['--user', 'aside', 'on', '>open-sesame', '&aside*', '+@all', '--user', 'default', 'off'] });
  t.teardown(() => redis.close());
  const [own, wrong] = ['open-sesame', 'wrong'].map((password) => `redis://aside:${password}@127.0.0.1:${redis.port}`) as [string, string];
  const { anna } = await meet(t, 'guarded', [own, own]);
  const [stranger] = await openNodes(t, [wrong]);
  const carl = await enter(t, stranger, 'guarded', person('칼'));
  t.ok(Math.max(...await delays(anna, carl, numbered('apart', 3))) <= 2_000);
});
