import t, { type Test } from 'tap';
import { slotOf } from '../../src/bus/slots.ts';
import { keyOf } from '../../src/protocol/index.ts';
import { person } from '../support/client.ts';
import { openRedisCluster, type TestRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';
import { delaysOfBoth, openTalk, type Pair, slowestUntilHeard, untilHeard } from './talk.ts';

t.setTimeout(180_000);
const { enter, openNodes } = await openTalk(t);
const ROOMS = Array.from({ length: 6 }, (_, i) => `spread-${i}`);

/** Two people in each of six rooms, on two servers that meet on a cluster and hear each other. */
async function meetSpread(t: Test, replicas: number): Promise<{ nodes: TestRedis[]; pairs: Pair[] }> {
  const cluster = await openRedisCluster({ replicas });
  t.teardown(() => cluster.close());
  // Where they stand behind somebody else's addresses, members give none: the one that was asked is meant.
  if (replicas === 0) for (const node of cluster.nodes) t.match(await node.say('config', 'set', 'cluster-preferred-endpoint-type', 'unknown-endpoint'), /^OK/);
  const [here, there] = await openNodes(t, [cluster.url, cluster.url]);
  const pairs = await Promise.all(ROOMS.map(async (room) => ({ anna: await enter(t, here, room, person('안나')), ben: await enter(t, there, room, person('베니')) })));
  for (const pair of pairs) t.ok(await untilHeard(pair), 'they hear each other');
  return { nodes: cluster.nodes, pairs };
}

async function followedAt(node: TestRedis): Promise<string[]> {
  return ROOMS.filter(((channels) => (room) => channels.includes(room))(await node.say('pubsub', 'shardchannels', 'aside\nroom*')));
}

t.test('on a cluster of three every room is heard, and those of a master that died are late and not lost', async (t) => {
  const { nodes, pairs } = await meetSpread(t, 0);
  const spread = await Promise.all(nodes.map(followedAt));
  t.ok(spread.filter(({ length }) => length > 0).length >= 2, 'the rooms are spread over masters');
  await nodes[0]?.kill();
  const took = (await Promise.all(pairs.map((pair) => delaysOfBoth(pair, 'dead', 3)))).flat();
  t.ok(Math.max(...took) <= 2_000, `${took.map(Math.round).join(', ')} ms`);
  await nodes[0]?.start();
  for (const pair of pairs) t.ok(await untilHeard(pair), 'and back');
});

t.test('where a replica takes over from a master that died, words go on, and are heard again', async (t) => {
  const { nodes, pairs } = await meetSpread(t, 1);
  const masters = nodes.slice(0, 3);
  const [victim] = (await Promise.all(masters.map(async (node) => ({ node, rooms: await followedAt(node) })))).sort((a, b) => b.rooms.length - a.rooms.length);
  if (!victim) throw new Error('there is no master');
  t.ok(victim.rooms.length > 0, `${victim.rooms.join(' ')} were at the master that dies`);
  await victim.node.kill();
  const slowest = await Promise.all(pairs.map((pair) => slowestUntilHeard(pair, 'over')));
  t.ok(Math.max(...slowest) <= 2_000, `${slowest.map(Math.round).join(', ')} ms at most`);
  const replicas = nodes.slice(3);
  t.ok(await until(async () => (await Promise.all(replicas.map(followedAt))).some((rooms) => victim.rooms.every((room) => rooms.includes(room))), 15_000), 'by the replica');
  for (const pair of pairs) t.ok(await untilHeard(pair));
  await victim.node.start();
  for (const pair of pairs) t.ok(await untilHeard(pair), 'and with the old master as a replica');
});

t.test('a slot that moves to another master takes its rooms along', async (t) => {
  const { nodes, pairs } = await meetSpread(t, 0);
  const [room = ''] = ROOMS;
  const from = (await Promise.all(nodes.map(async (node) => ({ node, rooms: await followedAt(node) })))).find(({ rooms }) => rooms.includes(room))?.node;
  const to = nodes.find((node) => node !== from);
  if (!from || !to) throw new Error('the room is nowhere');
  const [fromId, toId] = [(await from.say('cluster', 'myid')).trim(), (await to.say('cluster', 'myid')).trim()];
  const slot = String(slotOf(`aside\nroom\n${keyOf({ site: '', post: room })}`));
  await to.say('cluster', 'setslot', slot, 'importing', fromId);
  await from.say('cluster', 'setslot', slot, 'migrating', toId);
  for (const node of [to, from, ...nodes]) t.match(await node.say('cluster', 'setslot', slot, 'node', toId), /^OK/);
  const slowest = await Promise.all(pairs.map((pair) => slowestUntilHeard(pair, 'moved')));
  t.ok(Math.max(...slowest) <= 2_000, `${slowest.map(Math.round).join(', ')} ms at most`);
  t.ok(await until(async () => (await followedAt(to)).includes(room) && !(await followedAt(from)).includes(room), 10_000), 'it is followed there');
  for (const pair of pairs) t.ok(await untilHeard(pair));
});
