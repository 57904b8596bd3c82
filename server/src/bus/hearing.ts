import { setTimeout as rest } from 'node:timers/promises';
import type { Deafness } from './bus.ts';
import type { Channels } from './channels.ts';
import { createPeers } from './peers.ts';
import { createProbes } from './probes.ts';

/** Whether hints of every living server can be relied on to come: ours come back to us, and the others say so of theirs. */
export type Hearing = {
  readonly hears: boolean;
  /** Whether ours come back to us. */
  readonly reached: boolean;
  /** A hint may have been lost, one of ours or one for us. */
  doubt(): void;
  /** A hint of that server came. */
  meet(node: string): void;
  close(): Promise<void>;
};

const EVERY_MS = 300;
/** Long enough that every peer hears of it. */
const STEADY_MS = 1_000;
const GOODBYE_MS = 300;

/** `turned`: at each change of `hears`, with the reason why not. */
export function createHearing(channels: Channels, parts: number, node: string, turned: (deaf: Deafness | null) => void): Hearing {
  const probes = createProbes(channels, parts, node);
  const peers = createPeers(channels, node, judge);
  let doubtedAt = performance.now();
  let alone = true;
  let hears = false;
  let saidDeaf = false;

  function judge(): void {
    const well = !alone && peers.well();
    if (well === hears) return;
    hears = well;
    turned(hears ? null : alone ? 'alone' : 'peer');
  }

  function say(): void {
    saidDeaf = alone;
    void peers.say(!alone).then((taken) => { if (!taken) saidDeaf = false; });
  }

  const timer = setInterval(() => {
    channels.retry();
    if (!probes.heard() || !channels.whole()) doubtedAt = performance.now();
    alone = performance.now() - doubtedAt < STEADY_MS;
    probes.say();
    say();
    judge();
  }, EVERY_MS);

  return {
    get hears() { return hears; },
    get reached() { return !alone; },
    doubt() {
      doubtedAt = performance.now();
      alone = true;
      // At once: words that nobody hears are late already. A server that has just come is known by this too.
      if (!saidDeaf) say();
      judge();
    },
    meet: (name) => peers.meet(name),
    async close() {
      clearInterval(timer);
      await Promise.race([peers.leave(), rest(GOODBYE_MS, false, { ref: false })]);
    },
  };
}
