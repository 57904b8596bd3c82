import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import type { Crowd, Peer } from './crowd.ts';
import type { Mischief } from './hints.ts';
import type { Ground } from './nodes.ts';
import type { Kind } from './plan.ts';
import type { Random } from './random.ts';
import type { Server } from './servers.ts';
import { until } from '../support/until.ts';

/** What one fault did, as the injector saw it. Only one that took effect counts. */
export type Effect = { kind: Kind; took: boolean; began: number; ended: number; seen: string };
export type Scene = { cluster: Cluster; servers: readonly Server[]; crowd: Crowd; random: Random; pauseMs: number; /** Of nodes that meet on Redis. */ ground: Ground | null };

const PATIENCE_MS = 8_000;
const BUSY = 4;

/** Does it to what this run started, and to nothing else. */
export async function inject(kind: Kind, scene: Scene): Promise<Effect> {
  const began = performance.now();
  const { took, seen } = await deeds[kind](scene);
  return { kind, took, began, ended: performance.now(), seen };
}

type Deed = (scene: Scene) => Promise<{ took: boolean; seen: string }>;

const deeds: Record<Kind, Deed> = {
  kill: killServer,
  terminate: terminateSessions,
  stop: stopDatabase,
  pause: pauseDatabase,
  cut: cutMidSend,
  'half-open': halfOpen,
  stand: standServer,
  'redis-kill': (scene) => withoutRedis(scene, async ({ redis }, gone) => { await redis.kill(); await gone(); await redis.start(); }),
  'redis-restart': (scene) => withoutRedis(scene, async ({ redis }, gone) => { await redis.say('shutdown', 'nosave'); await redis.kill(); await gone(); await redis.start(); }),
  'redis-pause': (scene) => withoutRedis(scene, async ({ redis }, gone) => { redis.pause(); await gone(); redis.resume(); }),
  'redis-flush': flushRedis,
  'hints-lost': (scene) => meddle(scene, 'lost'),
  'hints-doubled': (scene) => meddle(scene, 'doubled'),
  'hints-reordered': (scene) => meddle(scene, 'reordered'),
  'from-redis': (scene) => part(scene, 'redis'),
  'from-database': (scene) => part(scene, 'database'),
};

async function killServer({ servers, crowd, random }: Scene): Promise<{ took: boolean; seen: string }> {
  const busy = (least: number): Server[] => servers.filter((server) => server.ready && crowd.connected(server) > 0 && crowd.inFlight(server) >= least);
  // Several words at once make it likelier that one is committed and not yet answered.
  if (!(await until(() => busy(BUSY).length > 0, PATIENCE_MS / 4))) await until(() => busy(1).length > 0, PATIENCE_MS);
  const victims = busy(BUSY).length > 0 ? busy(BUSY) : busy(1);
  if (victims.length === 0) return { took: false, seen: 'no server had unanswered words' };
  const victim = random.pick(victims);
  const [connections, unanswered] = [crowd.connected(victim), crowd.inFlight(victim)];
  await victim.kill();
  return { took: true, seen: `${victim.name} died with ${connections} connections and ${unanswered} unanswered words` };
}

async function terminateSessions({ cluster, crowd }: Scene): Promise<{ took: boolean; seen: string }> {
  await until(() => crowd.inFlight() > 0, PATIENCE_MS);
  const { sessions, appending } = await cluster.terminateSessions();
  return { took: sessions > 0 && appending > 0, seen: `${sessions} sessions ended, ${appending} of them in an append` };
}

async function stopDatabase({ cluster, crowd, random }: Scene): Promise<{ took: boolean; seen: string }> {
  await until(() => crowd.inFlight() > 0, PATIENCE_MS);
  const unanswered = crowd.inFlight();
  await cluster.stopAtOnce();
  await pause(random.between(0, 1_500));
  await cluster.start();
  return { took: unanswered > 0, seen: `stopped with ${unanswered} unanswered words` };
}

async function pauseDatabase({ cluster, crowd, pauseMs }: Scene): Promise<{ took: boolean; seen: string }> {
  await until(() => crowd.inFlight() > 0, PATIENCE_MS);
  const began = performance.now();
  try {
    const stood = await cluster.freeze();
    // What was committed before the stop may still be on its way to its writer.
    await pause(300);
    const acknowledged = crowd.acknowledged;
    let waiting = 0;
    while (performance.now() - began < pauseMs) {
      waiting = Math.max(waiting, crowd.inFlight());
      await pause(50);
    }
    const during = crowd.acknowledged - acknowledged;
    return { took: stood > 0 && waiting > 0 && during === 0, seen: `${stood} processes stood for ${pauseMs} ms, ${waiting} words waited, ${during} were acknowledged` };
  } finally {
    await cluster.thaw();
  }
}

async function cutMidSend({ crowd, random }: Scene): Promise<{ took: boolean; seen: string }> {
  for (const { client, proxy } of behindProxies(crowd, random, true)) {
    const passes = random.pick(['some', 'all'] as const);
    const cut = await proxy.cutMidSend(passes, PATIENCE_MS / 4, () => client.inFlight > 0);
    if (!cut || (passes === 'some' && cut.withheld === 0 && cut.passed === 0)) continue;
    return { took: true, seen: `${client.name} cut with ${cut.passed} bytes passed and ${cut.withheld} withheld` };
  }
  return { took: false, seen: 'nobody sent anything through a proxy' };
}

async function halfOpen({ crowd, random }: Scene): Promise<{ took: boolean; seen: string }> {
  const [peer] = behindProxies(crowd, random, true);
  if (!peer) return { took: false, seen: 'nobody was behind a proxy' };
  const direction = random.pick(['up', 'down', 'both'] as const);
  const before = peer.proxy.effects.swallowedBytes;
  peer.proxy.halfOpen(direction);
  const took = await until(() => peer.proxy.effects.swallowedBytes > before, PATIENCE_MS);
  // The client has to find out by itself, and the server too.
  const back = await until(() => peer.client.live && [...peer.proxy.links].some((link) => !link.up.halted && !link.down.halted), 4 * PATIENCE_MS);
  return { took: took && back, seen: `${peer.client.name} half open ${direction}, ${peer.proxy.effects.swallowedBytes - before} bytes swallowed${back ? '' : ', not back'}` };
}

/** Longer than a heartbeat too. */
const STAND_MS = [1_000, 3_000, 8_000, 15_000, 40_000];

async function standServer({ servers, crowd, random }: Scene): Promise<{ took: boolean; seen: string }> {
  const busy = (): Server[] => servers.filter((server) => server.ready && crowd.connected(server) > 0 && crowd.inFlight(server) > 0);
  await until(() => busy().length > 0, PATIENCE_MS);
  const [victim] = random.shuffle(busy());
  if (!victim) return { took: false, seen: 'no server had unanswered words' };
  const forMs = random.pick(STAND_MS);
  const [connections, unanswered] = [crowd.connected(victim), crowd.inFlight(victim)];
  victim.stand();
  await pause(forMs);
  victim.goOn();
  return { took: unanswered > 0, seen: `${victim.name} stood for ${forMs} ms with ${connections} connections and ${unanswered} unanswered words` };
}

/** Took effect when words were saved while Redis could tell nobody of them. */
async function withoutRedis({ ground, crowd, random }: Scene, act: (ground: Ground, gone: () => Promise<void>) => Promise<void>): Promise<{ took: boolean; seen: string }> {
  if (!ground) return { took: false, seen: 'there is no Redis' };
  let saved = 0;
  const forMs = random.between(500, 6_000);
  await act(ground, async () => {
    const before = crowd.acknowledged;
    await pause(forMs);
    saved = crowd.acknowledged - before;
  });
  return { took: saved > 0, seen: `gone for ${forMs} ms, ${saved} words saved meanwhile` };
}

async function flushRedis({ ground, crowd }: Scene): Promise<{ took: boolean; seen: string }> {
  const before = crowd.acknowledged;
  const flushed = await ground?.redis.say('flushall');
  const thrown = Number(await ground?.redis.say('client', 'kill', 'type', 'pubsub')) || Number(await ground?.redis.say('client', 'kill', 'type', 'normal'));
  await until(() => crowd.acknowledged > before, PATIENCE_MS);
  return { took: flushed?.startsWith('OK') === true && thrown > 0 && crowd.acknowledged > before, seen: `flushed, and ${thrown} connections thrown out` };
}

const SHARES = [0.001, 0.01, 0.1, 0.5];
const MEDDLE_MS = 3_000;
const MEDDLE_AT_MOST_MS = 12_000;

async function meddle({ ground, random }: Scene, how: keyof Mischief): Promise<{ took: boolean; seen: string }> {
  if (!ground) return { took: false, seen: 'there is no Redis' };
  const before = ground.done[how];
  const share = random.pick(SHARES);
  ground.asked[how] = share;
  await pause(MEDDLE_MS);
  await until(() => ground.done[how] > before, MEDDLE_AT_MOST_MS - MEDDLE_MS);
  ground.asked[how] = 0;
  return { took: ground.done[how] > before, seen: `${ground.done[how] - before} hints ${how}, ${share * 100} % asked for` };
}

/** Took effect when words were saved that Redis could not tell of, or when words waited for the database; that something was held says nothing: probes always are. */
async function part({ ground, servers, crowd, random }: Scene, from: 'redis' | 'database'): Promise<{ took: boolean; seen: string }> {
  const [victim] = random.shuffle(servers.filter((server) => server.ready && crowd.connected(server) > 0));
  const way = victim && ground?.ways.get(victim.name)?.[from];
  if (!way) return { took: false, seen: 'nobody was connected to a node' };
  const forMs = random.between(1_000, 9_000);
  const broken = random.chance(0.5);
  const before = crowd.acknowledged;
  way.part();
  await pause(forMs);
  const [saved, waiting] = [crowd.acknowledged - before, crowd.inFlight(victim)];
  const held = way.heal(broken);
  return { took: held > 0 && (from === 'redis' ? saved : waiting) > 0, seen: `${victim.name} apart from the ${from} for ${forMs} ms, ${saved} words saved meanwhile, ${waiting} of its own waiting, ${held} bytes held${broken ? ' and lost' : ''}` };
}

function behindProxies({ peers }: Crowd, random: Random, writes: boolean): (Peer & { proxy: NonNullable<Peer['proxy']> })[] {
  return random.shuffle(peers.flatMap((peer) => (peer.proxy && peer.client.live && peer.writes === writes ? [{ ...peer, proxy: peer.proxy }] : [])));
}
