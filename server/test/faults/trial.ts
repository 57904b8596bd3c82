import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { openCluster } from './cluster.ts';
import { openCrowd } from './crowd.ts';
import { openFolders } from './folders.ts';
import { checkHistory, countMessages, type History } from './history.ts';
import { type Effect, inject, type Scene } from './injector.ts';
import { findLateness, type Lateness } from './lateness.ts';
import { openGround } from './nodes.ts';
import { planFaults, planMessages, type Programme, SERVERS, type Step } from './plan.ts';
import { seedRandom } from './random.ts';
import { selectHeads, selectRooms } from './select.ts';
import { startServer } from './servers.ts';
import type { Violation } from './violations.ts';
import { until } from '../support/until.ts';

/** One run of the whole: real servers, a real database, a crowd, faults by plan, and the verdict of the checker. */
export type TrialOptions = { share: number; seed: number; say: (line: string) => void; programme?: Programme; /** How many servers; with Redis between them, or only the database. */ nodes?: number; redis?: boolean; steps?: Step[]; messages?: number; rooms?: number; writers?: number; paceMs?: number };
export type Trial = {
  effects: Effect[];
  /** Steps of two faults of which both took effect while the other lasted. */
  pairs: number;
  acknowledged: number;
  /** Of the acknowledged, those sent more than once, and those that an earlier, unanswered try had saved. */
  resent: number;
  answerLost: number;
  shown: number;
  /** How long after its answer a word was with readers of other servers, while Redis was gone. */
  lateness: Lateness;
  violations: Violation[];
  /** Servers that died without our doing, and words that never got an outcome. */
  complaints: string[];
  history: History;
};

const NAMES = ['north', 'south', 'east'];
const PAUSE_MS = 8_000;
const TRIES = 3;
/** A connected reader notices a missed change within 30 s. */
const NOTICE_MS = 30_000;
const SETTLE_MS = 60_000;
/** After the last fault, for the messages that are still wanted. */
const TALK_MS = 300_000;

export async function runTrial({ share, seed, say, programme = SERVERS, nodes = 2, redis = false, rooms = 6, writers = 4, paceMs = 300, ...asked }: TrialOptions): Promise<Trial> {
  const random = seedRandom(seed);
  const steps = asked.steps ?? planFaults(share, random.fork('plan'), programme);
  const messages = asked.messages ?? planMessages(share, programme);
  await using stack = new AsyncDisposableStack();
  const { dir, logDir } = await openFolders(stack, 'faults');
  const cluster = await openCluster(dir);
  stack.defer(cluster.close);
  const names = NAMES.slice(0, nodes);
  const ground = redis ? await openGround(names, cluster.url, random.fork('ground')) : null;
  if (ground) stack.defer(ground.close);
  const servers = await Promise.all(names.map((name) => startServer(name, cluster.url, logDir, ground?.envOf(name))));
  for (const server of servers) stack.defer(server.close);
  await Promise.all(servers.map((server) => server.untilReady()));
  const crowd = await openCrowd({ servers, random: random.fork('crowd'), rooms, writers, readers: 2, paceMs });
  stack.defer(crowd.close);
  say(`${servers.length} servers, ${rooms} rooms, ${crowd.peers.length} clients; logs in ${logDir}`);

  const effects: Effect[] = [];
  let pairs = 0;
  for (const [i, { faults, afterMs }] of steps.entries()) {
    await pause(afterMs);
    // A well moment before each fault: what it breaks must have been whole.
    await until(() => servers.every((server) => server.ready) && crowd.peers.every(({ client }) => client.live), NOTICE_MS);
    const done = await injectStep(faults, { cluster, servers, crowd, random: random.fork(`step ${i}`), pauseMs: PAUSE_MS, ground });
    effects.push(...done);
    if (done.length === 2 && areTogether(done)) pairs += 1;
    say(`${i + 1}/${steps.length} · ${crowd.acknowledged} saved · ${done.map(({ kind, took, seen }) => `${took ? '' : 'NO EFFECT '}${kind}: ${seen}`).join(' + ')}`);
  }
  // Words whose own row came before their answer may never get one, and are not claimed.
  await until(() => crowd.acknowledged >= messages * 1.02, TALK_MS);
  const unsettled = await crowd.hush(SETTLE_MS);
  const heads = await selectHeads(cluster.url);
  await until(() => crowd.peers.every(({ client }) => client.rev === (heads.get(client.room) ?? 0)), NOTICE_MS);
  const history = { clients: crowd.records(), rooms: await selectRooms(cluster.url) };
  const complaints = [...servers.flatMap((server) => server.lostLives), ...(unsettled > 0 ? [`${unsettled} words have no outcome ${SETTLE_MS / 1_000} s after the last fault`] : [])];
  say('all is quiet; checking the history');
  const violations = checkHistory(history);
  // What the servers logged is kept only where somebody will want to read it.
  if (violations.length === 0 && complaints.length === 0) stack.defer(() => rm(logDir, { recursive: true, force: true }));
  return { effects, pairs, ...countMessages(history), shown: countShown(history), lateness: findLateness(history, windowsOf(effects)), violations, complaints, history };
}

/** A fault that met nothing is tried again; two at once are tried again together. */
async function injectStep(faults: Step['faults'], scene: Scene): Promise<Effect[]> {
  for (let tries = 1; ; tries += 1) {
    const effects = await Promise.all(faults.map((kind) => inject(kind, scene)));
    if (tries === TRIES || effects.every(({ took }) => took)) return effects;
    await until(() => scene.servers.every((server) => server.ready), NOTICE_MS);
  }
}

function areTogether([a, b]: Effect[]): boolean {
  return a !== undefined && b !== undefined && a.took && b.took && a.began < b.ended && b.began < a.ended;
}

function countShown({ clients }: History): number {
  return clients.reduce((sum, { events }) => sum + events.reduce((rows, event) => rows + (event.is === 'got' && 'rows' in event.frame ? event.frame.rows.length : 0), 0), 0);
}

/** When Redis was gone, for all or for one, and nothing else was. */
function windowsOf(effects: readonly Effect[]): [number, number][] {
  const gone = effects.filter(({ kind, took }) => took && REDIS_GONE.has(kind));
  return gone.filter((one) => !effects.some((other) => other !== one && other.began < one.ended && one.began < other.ended)).map(({ began, ended }) => [began, ended]);
}
const REDIS_GONE = new Set<Effect['kind']>(['redis-kill', 'redis-restart', 'redis-pause', 'from-redis']);

/** How often each kind took effect. */
export function tally(effects: readonly Effect[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, took } of effects) counts[kind] = (counts[kind] ?? 0) + (took ? 1 : 0);
  return counts;
}
