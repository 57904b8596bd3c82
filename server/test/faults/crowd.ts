import { setTimeout as pause } from 'node:timers/promises';
import { avatars } from '../../src/protocol/index.ts';
import { type Client, openClient } from './client.ts';
import { createClock } from './clock.ts';
import type { ClientRecord } from './history.ts';
import { openProxy, type FaultProxy } from './proxy.ts';
import type { Random } from './random.ts';
import type { Server } from './servers.ts';
import { until } from '../support/until.ts';
import { type Talk, writeOn } from './writer.ts';

/** Writers and readers of several rooms, half of them behind proxies, all of them coming back to whichever server they meet. */
export type Crowd = {
  readonly peers: readonly Peer[];
  readonly acknowledged: number;
  /** Of every word that was saved, how long its writer waited to hear it, in ms. */
  readonly waits: readonly number[];
  /** Sent on living sockets and unanswered, in all or on one server. */
  inFlight(server?: Server): number;
  connected(server: Server): number;
  /** While held, nobody begins anything new. */
  hold(on: boolean): void;
  /** Nobody begins anything new; resolves when every word has its outcome, or says how many have none. */
  hush(withinMs: number): Promise<number>;
  records(): ClientRecord[];
  close(): Promise<void>;
};
export type Peer = { client: Client; proxy: FaultProxy | null; writes: boolean; server: Place };
/** A server, or what stands before several. */
type Place = Pick<Server, 'port' | 'url'>;
/** `roams`: leaves now and then by itself. `clear`: nobody has a way of their own that splits and delays what they say. */
export type CrowdOptions = { servers: readonly Place[]; clear?: boolean; random: Random; rooms: number; writers: number; readers: number; paceMs: number; roams?: boolean };

/** Short, so that a run meets many returns; the waits of the real program are in the protocol. */
const BOUNDS = { redialMs: [300, 2_000], silentMs: [9_000, 14_000], unansweredMs: 6_500, byeMaxMs: 1_500 } as const;
const ROAM_EVERY_MS: readonly [number, number] = [8_000, 40_000];

export async function openCrowd(options: CrowdOptions): Promise<Crowd> {
  const { random, rooms, writers, readers, roams = true } = options;
  const clock = createClock();
  const talk: Talk = { quiet: false, held: false, acknowledged: 0, waits: [], aborted: new AbortController() };
  const peers: Peer[] = [];
  for (let room = 1; room <= rooms; room += 1) {
    for (let i = 0; i < writers + readers; i += 1) peers.push(await openPeer(options, clock, `post-${room}`, i < writers, random.fork(`${room}/${i}`)));
  }
  const running = peers.flatMap((peer) => {
    const own = random.fork(peer.client.name);
    return [...(peer.writes ? [writeOn(peer.client, own.fork('words'), options.paceMs, talk)] : []), ...(roams ? [roam(peer, own.fork('ways'), talk.aborted.signal)] : [])];
  });

  return {
    peers,
    get acknowledged() { return talk.acknowledged; },
    waits: talk.waits,
    inFlight: (server) => peers.reduce((sum, peer) => sum + (!server || peer.server === server ? peer.client.inFlight : 0), 0),
    connected: (server) => peers.filter((peer) => peer.server === server && peer.client.live).length,
    hold(on) { talk.held = on; },
    async hush(withinMs) {
      talk.quiet = true;
      const left = (): number => peers.reduce((sum, { client }) => sum + client.unsettled, 0);
      await until(() => left() === 0, withinMs);
      return left();
    },
    records: () => peers.map(({ client }) => client.record()),
    async close() {
      talk.quiet = true;
      talk.aborted.abort();
      await Promise.all(peers.map(({ client }) => client.close()));
      await Promise.all(peers.map(({ proxy }) => proxy?.close()));
      await Promise.all(running);
    },
  };
}

async function openPeer({ servers, clear = false }: CrowdOptions, clock: () => number, room: string, writes: boolean, random: Random): Promise<Peer> {
  const name = `${room} ${writes ? 'writer' : 'reader'} ${random.token(4)}`;
  const first = random.pick(servers);
  const proxy = random.chance(0.5) && !clear ? await openProxy(first.port, random.fork('proxy')) : null;
  if (proxy) misbehave(proxy, random);
  const peer: Pick<Peer, 'server'> = { server: first };
  const url = (): string => {
    peer.server = random.pick(servers);
    if (!proxy) return peer.server.url;
    proxy.target = peer.server.port;
    return `ws://127.0.0.1:${proxy.port}/ws`;
  };
  // A reader may have no id at all: reading asks nothing of anybody.
  const person = writes || random.chance(0.3) ? { person: { id: random.uuid(), nick: `이름 ${random.token(4)}`, avatar: random.pick(avatars) } } : {};
  const client = openClient({ name, room, url, random: random.fork('client'), clock, bounds: BOUNDS, eager: random.chance(0.5), ...person });
  return Object.assign(peer, { client, proxy, writes });
}

function misbehave(proxy: FaultProxy, random: Random): void {
  Object.assign(proxy.up, { delayMs: random.between(0, 40), split: random.chance(0.5) ? random.between(1, 64) : null });
  Object.assign(proxy.down, { delayMs: random.between(0, 40), split: random.chance(0.5) ? random.between(64, 1_024) : null });
}

/** Leaves one server for another now and then, so that both are always in use and numbers are carried between them. */
async function roam(peer: Peer, random: Random, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(random.between(...ROAM_EVERY_MS), undefined, { signal }).catch(() => 'the run is over');
    if (!signal.aborted) peer.client.redial();
  }
}
