import t, { type Test } from 'tap';
import type { Bus, Deafness } from '../../src/bus/bus.ts';
import { createRedisBus } from '../../src/bus/redis.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { type Commit, keyOf } from '../../src/protocol/index.ts';
import { openBarrier } from '../faults/barrier.ts';
import { until } from '../support/until.ts';
import { openRedisFor } from './talk.ts';

t.setTimeout(60_000);
const place = { site: '', post: 'p' };
const commit: Commit = { place, epoch: '1', from: 4, rev: 5, n: 5, first: 1, rows: [{ n: 5, rev: 5, deleted: true }] };

type Ear = { bus: Bus; turns: (Deafness | null)[] };

function listen(t: Test, url: string): Ear {
  const turns: (Deafness | null)[] = [];
  const bus = createRedisBus({ cluster: false, urls: [url] }, { hear() {}, overhear() {}, late() {}, turned: (deaf) => turns.push(deaf) });
  t.teardown(() => bus.close());
  return { bus, turns };
}

async function hearEachOther(t: Test, ...ears: Ear[]): Promise<void> {
  t.ok(await until(() => ears.every(({ bus }) => bus.hears), 10_000), 'all hear');
  // Who came last made the others doubt for a moment.
  for (const { turns } of ears) turns.length = 0;
}

t.test('a server that stops is not waited for, one that is cut off is, and one that comes again is heard', async (t) => {
  const redis = await openRedisFor(t);
  const way = await openBarrier(redis.port);
  t.teardown(() => way.close());
  const [anna, ben, carl] = [listen(t, redis.url), listen(t, redis.url), listen(t, `redis://127.0.0.1:${way.port}`)];
  await hearEachOther(t, anna, ben, carl);
  await ben.bus.close();
  // Without its goodbye they would be deaf for a minute, from now or from a second later on.
  await until(() => anna.turns.includes('peer') || carl.turns.includes('peer'), 2_500);
  await hearEachOther(t, anna, carl);
  way.part();
  t.ok(await until(() => !anna.bus.hears && !carl.bus.hears, 2_500), 'both know of the cut');
  t.same([anna.turns, carl.turns], [['peer'], ['alone']]);
  way.heal(true);
  t.ok(await until(() => anna.bus.hears && carl.bus.hears, 5_000));
});

t.test('a server that was heard once and then hangs is waited for, though it never told of itself', async (t) => {
  const redis = await openRedisFor(t);
  const anna = listen(t, redis.url);
  await hearEachOther(t, anna);
  await anna.bus.follow(place);
  await redis.say('spublish', `aside\nroom\n${keyOf(place)}`, `feedfeedfeedh${JSON.stringify(commit)}`);
  t.ok(await until(() => anna.turns.includes('peer'), 2_500), 'its silence is noticed');
});

t.test('whispers leave room for hints, and a hint that finds none makes all compare', async (t) => {
  const redis = await openRedisFor(t);
  const way = await openBarrier(redis.port);
  t.teardown(() => way.close());
  const [anna, ben] = [listen(t, `redis://127.0.0.1:${way.port}`), listen(t, redis.url)];
  await hearEachOther(t, anna, ben);
  way.part();
  for (let i = 0; i < 2_100; i += 1) anna.bus.whisper(place, 'hush');
  for (let i = 0; i < 900; i += 1) anna.bus.publish(commit);
  await new Promise(setImmediate);
  t.same(anna.turns, [], 'there was room');
  for (let i = 0; i < 200; i += 1) anna.bus.publish(commit);
  await new Promise(setImmediate);
  t.same(anna.turns, ['alone'], 'there is none');
  way.heal(false);
  t.ok(await until(() => ben.turns.includes('peer'), 2_500), 'the other is told');
  t.ok(await until(() => anna.bus.hears && ben.bus.hears, 5_000), 'and both hear again');
});

t.test('an operator sees whether the bus hears', async (t) => {
  const redis = await openRedisFor(t);
  const anna = listen(t, redis.url);
  const metrics = createMetrics({ connections: () => 0, overloaded: () => false, hears: () => anna.bus.hears });
  t.teardown(() => metrics.close());
  const read = async (): Promise<string | undefined> => /^aside_bus_hears (\d)$/m.exec(await metrics.text())?.[1];
  await hearEachOther(t, anna);
  t.equal(await read(), '1');
  await redis.kill();
  t.ok(await until(async () => (await read()) === '0', 5_000));
});
