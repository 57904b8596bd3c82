import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { findPort } from '../../dev/ports.ts';
import { settings } from '../../src/config.ts';
import { migrate } from '../../src/log/migrate.ts';
import { openSql } from '../../src/log/sql.ts';
import type { Noted } from '../browser/witness.ts';
import { openRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';
import { type Balancer, openBalancer } from './balancer.ts';
import { type Client, openClient } from './client.ts';
import { openCluster } from './cluster.ts';
import { createClock } from './clock.ts';
import { openCrowd } from './crowd.ts';
import { openFolders } from './folders.ts';
import { checkHistory, type ClientRecord, countMessages, type History } from './history.ts';
import { openKnocks } from './knocks.ts';
import { openPeople, type PagePlant } from './people.ts';
import { type Random, seedRandom } from './random.ts';
import { selectHeads, selectRooms } from './select.ts';
import { type Server, startServer } from './servers.ts';
import type { Violation } from './violations.ts';

/** Nodes behind a balancer, replaced one after another while people and programs write. */
export type RollingOptions = { rounds: number; seed: number; say: (line: string) => void; plant: Plant | null } & Partial<Manner>;
/** How nodes are replaced. `roots`: the clone of each round's servers, after that of those there at first. `noticeMs`: how long before it is told to stop a node is taken out of the balancer, or, negative, after. `idle`: readers of a quiet room, so that a stop has somebody to tell for as long as it may take. `clear`: whoever loses a socket lost it by the rollout, and not by a bad way of their own. */
export type Manner = { balancer: (port: number, nodes: readonly number[]) => Promise<Balancer>; noticeMs: number; drainSeconds: number; roots: readonly string[]; idle: number; clear: boolean };
/** Faults on purpose: nodes that are killed in place of told, and those of pages. */
export type Plant = 'kill' | PagePlant;
export type Rolling = {
  replacements: Replacement[];
  acknowledged: number;
  resent: number;
  /** How long writers waited to hear that a word is saved, in ms. */
  waits: readonly number[];
  /** Requests that the balancer gave to another node. */
  passedOn: number;
  /** Pages and answers that were asked for all the time, and what became of those that failed. */
  knocks: { count: number; failed: readonly string[] };
  history: History;
  /** Of those who only read, in a room where nobody writes. */
  idle: ClientRecord[];
  violations: Violation[];
  complaints: string[];
  /** What the pages showed, what was written at them, and every text of their room in the database. */
  pages: Noted[];
  said: readonly string[];
  saved: string[];
  endedAt: number;
};
/** `began` and `ended` are of the history's clock; `ended` when the process had. */
export type Replacement = { node: string; code: number | null; began: number; ended: number; readyAt: number; /** Readers it brought to a position afterwards. */ served: number };

type Node = { server: Server; metricsPort: number };

const NAMES = ['north', 'south', 'east'];
const ROOMS = { rooms: 4, writers: 4, readers: 12, paceMs: 300 };
const PEOPLE = { count: 4, paceMs: [1_500, 3_500] } as const;
const PEOPLES_ROOM = 'at-pages';
const SERVES_WITHIN_MS = 15_000;
const SETTLE_MS = 60_000;
const NOTICE_MS = 30_000;

export async function runRolling({ rounds, seed, say, plant, balancer: open = openBalancer, noticeMs = 0, drainSeconds = settings.DRAIN_SECONDS.fallback, roots = [], idle = 0, clear = false }: RollingOptions): Promise<Rolling> {
  const random = seedRandom(seed);
  await using stack = new AsyncDisposableStack();
  const { dir, logDir } = await openFolders(stack, 'rolling');
  const keep = <T extends { close(): Promise<unknown> }>(opened: T): T => {
    stack.defer(async () => void (await opened.close()));
    return opened;
  };
  const cluster = keep(await openCluster(dir));
  // Whatever servers begin, they meet the newest form of it.
  const sql = openSql(cluster.url, { max: 1 });
  await migrate(sql);
  await sql.end({ timeout: 2 });
  const redis = keep(await openRedis());
  const port = await findPort();
  const http = `http://127.0.0.1:${port}`;
  const nodes = await Promise.all(NAMES.map(async (name): Promise<Node> => {
    const metricsPort = await findPort();
    return { metricsPort, server: keep(await startServer(name, cluster.url, logDir, {
      REDIS_URL: redis.url, PUBLIC_URL: http, TRUST_PROXY_HOPS: '1', METRICS_PORT: String(metricsPort), DRAIN_SECONDS: String(drainSeconds),
    }, roots[0])) };
  }));
  await Promise.all(nodes.map(({ server }) => server.untilReady()));
  const balancer = keep(await open(port, nodes.map(({ server }) => server.port)));
  const address = { port, url: `ws://127.0.0.1:${port}/ws` };
  const crowd = keep(await openCrowd({ servers: [address], random: random.fork('crowd'), roams: false, clear, ...ROOMS }));
  const people = keep(await openPeople({ url: `${http}/room/${PEOPLES_ROOM}?lang=ko`, random: random.fork('people'), plant: plant === 'kill' ? null : plant, ...PEOPLE }));
  const knocks = keep(openKnocks([`${http}/room/${PEOPLES_ROOM}`, `${http}/api/v1/rooms/post-1/messages`, `${http}/embed.js`, `${http}/healthz`]));
  const quiet = keep(openIdle(idle, address.url, random.fork('idle')));
  await until(() => [...crowd.peers.map(({ client }) => client), ...quiet.clients].every(({ live }) => live), NOTICE_MS);
  say(`${nodes.length} nodes behind one address, ${crowd.peers.length + idle} clients, ${PEOPLE.count} pages; logs in ${logDir}`);

  const replacements: Replacement[] = [];
  // One order for all rounds: who was replaced last has nobody yet who could be sent elsewhere.
  const order = random.shuffle(nodes);
  for (let round = 1; round <= rounds; round += 1) {
    for (const node of order) {
      node.server.root = roots[round] ?? node.server.root;
      replacements.push(await replace(node, address.url, random.fork(`${round} ${node.server.name}`), { plant, balancer, noticeMs }));
    }
    const took = replacements.slice(-order.length).map(({ node, began, ended, readyAt, served }) => `${node} ended after ${tell(ended - began)}, ready after ${tell(readyAt - ended)}, served ${served}`);
    say(`${round}/${rounds} · ${crowd.acknowledged} saved, ${people.said.length} at pages · ${took.join('; ')}`);
  }
  const lacking = await people.hush(SETTLE_MS);
  const unsettled = await crowd.hush(SETTLE_MS);
  const heads = await selectHeads(cluster.url);
  await until(() => crowd.peers.every(({ client }) => client.rev === (heads.get(client.room) ?? 0)), NOTICE_MS);
  const [pages, endedAt] = [await people.noted(), Date.now()];
  const rooms = await selectRooms(cluster.url);
  // Copies: the ends of the run's own are nobody's loss.
  const [clients, idlers] = [crowd.records(), quiet.clients.map((client) => client.record())].map((records) => records.map((one) => ({ ...one, events: [...one.events] }))) as [ClientRecord[], ClientRecord[]];
  const history = { clients, rooms: rooms.filter(({ room }) => room !== PEOPLES_ROOM) };
  const { acknowledged, resent } = countMessages(history);
  const violations = checkHistory(history);
  const complaints = [
    ...nodes.flatMap(({ server }) => server.lostLives),
    ...replacements.flatMap(({ node, code }) => (code === 0 ? [] : [`${node} ended with ${code ?? 'a signal'}`])),
    ...(unsettled > 0 ? [`${unsettled} words of clients have no outcome`] : []),
    ...(lacking > 0 ? [`${lacking} words are not on every page, saved`] : []),
  ];
  const saved = rooms.find(({ room }) => room === PEOPLES_ROOM)?.rows.map(({ text }) => text) ?? [];
  const { waits } = crowd;
  await Promise.all([crowd.close(), people.close(), knocks.close()]);
  const passedOn = await balancer.passedOn();
  if (violations.length === 0 && complaints.length === 0) stack.defer(() => rm(logDir, { recursive: true, force: true }));
  return { replacements, acknowledged, resent, waits, passedOn, knocks, history, idle: idlers, violations, complaints, pages, said: people.said, saved, endedAt };
}

/** The next node's turn comes when this one has served somebody again: a newcomer is given to the node that has least to do. */
async function replace({ server, metricsPort }: Node, url: string, random: Random, { plant, balancer, noticeMs }: Pick<RollingOptions, 'plant'> & { balancer: Balancer; noticeMs: number }): Promise<Replacement> {
  const late = noticeMs < 0 ? pause(-noticeMs).then(() => balancer.takeOut?.(server.port)) : null;
  if (!late) {
    await balancer.takeOut?.(server.port);
    await pause(noticeMs);
  }
  const began = performance.now();
  const code = plant === 'kill' ? await server.kill().then(() => null) : await server.stop();
  const ended = performance.now();
  await late;
  await server.untilReady();
  await balancer.putIn?.(server.port);
  const readyAt = performance.now();
  let served = 0;
  for (const deadline = readyAt + SERVES_WITHIN_MS; served === 0 && performance.now() < deadline; ) {
    const guest = openClient({ name: 'guest', room: `post-${random.between(1, ROOMS.rooms)}`, url: () => url, random, clock: createClock() });
    await until(() => guest.live, SERVES_WITHIN_MS);
    served = await countServed(metricsPort);
    await guest.close();
  }
  return { node: server.name, code, began, ended, readyAt, served };
}

function openIdle(count: number, url: string, random: Random): { clients: readonly Client[]; close(): Promise<void> } {
  const clock = createClock();
  const clients = Array.from({ length: count }, (_, i) => openClient({ name: `idle ${i}`, room: 'quiet', url: () => url, random: random.fork(`${i}`), clock }));
  return { clients, close: async () => void (await Promise.all(clients.map((client) => client.close()))) };
}

async function countServed(metricsPort: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  return [...text.matchAll(/^aside_entries_total\{[^}]*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}

function tell(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
