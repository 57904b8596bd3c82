import type { Channels } from './channels.ts';

/**
 * The other servers, as they tell of themselves on one channel. Who is cut off from Redis alone knows it; the others
 * know it by its silence, or by its word.
 */
export type Peers = {
  /** Only whether this server hears itself: what it heard of others it would spread for ever. */
  say(hears: boolean): Promise<boolean>;
  /** A hint of that server came: it lives, though it may not have told of itself yet. */
  meet(name: string): void;
  /** Nobody waits for a server that said it. */
  leave(): Promise<boolean>;
  /** Whether every peer of the last minute speaks, and hears itself. */
  well(): boolean;
};

const CHANNEL = 'aside\npeers';
/** Our own that came back here since a peer was last heard: more is about a second, so that one that stands for a moment is not missed. */
const SILENT = 3;
/** About a minute: a server that died without a word is remembered so long. Not counted while we hear nothing ourselves. */
const FORGOTTEN = 200;
const OWN_WITHIN_MS = 800;
const PEERS_MAX = 1_000;
const [HEARS, DEAF, GONE] = ['+', '-', '.'];

/** `changed`: what `well` says may be another thing now. */
export function createPeers(channels: Channels, node: string, changed: () => void): Peers {
  const peers = new Map<string, { silent: number; hears: boolean }>();
  let ownAt = Number.NEGATIVE_INFINITY;

  void channels.follow(CHANNEL, (text) => {
    const [name, said] = [text.slice(0, -1), text.slice(-1)];
    if (name === node) count();
    else if (said === GONE) peers.delete(name);
    else put(name, said !== DEAF);
    changed();
  });

  function put(name: string, hears: boolean): void {
    if (peers.has(name) || peers.size < PEERS_MAX) peers.set(name, { silent: 0, hears });
  }

  function count(): void {
    ownAt = performance.now();
    for (const [name, peer] of peers) if ((peer.silent += 1) > FORGOTTEN) peers.delete(name);
  }

  return {
    say: (hears) => channels.publish(CHANNEL, `${node}${hears ? HEARS : DEAF}`),
    meet(name) { if (!peers.has(name)) put(name, true); },
    leave: () => channels.publish(CHANNEL, `${node}${GONE}`),
    // It is a cluster's one channel that may stand on no part that is probed.
    well: () => performance.now() - ownAt <= OWN_WITHIN_MS && [...peers.values()].every(({ silent, hears }) => hears && silent <= SILENT),
  };
}
