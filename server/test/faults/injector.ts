import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import type { Crowd, Peer } from './crowd.ts';
import type { Kind } from './plan.ts';
import type { Random } from './random.ts';
import type { Server } from './servers.ts';
import { until } from '../support/until.ts';

/** What one fault did, as the injector saw it. Only one that took effect counts. */
export type Effect = { kind: Kind; took: boolean; began: number; ended: number; seen: string };
export type Scene = { cluster: Cluster; servers: readonly Server[]; crowd: Crowd; random: Random; pauseMs: number };

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

function behindProxies({ peers }: Crowd, random: Random, writes: boolean): (Peer & { proxy: NonNullable<Peer['proxy']> })[] {
  return random.shuffle(peers.flatMap((peer) => (peer.proxy && peer.client.live && peer.writes === writes ? [{ ...peer, proxy: peer.proxy }] : [])));
}
