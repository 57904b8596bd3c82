import type { Channels } from './channels.ts';
import { SLOTS, slotOf } from './slots.ts';

/**
 * Whether what we say comes back to us, on every part of a cluster. A connection that stands says nothing: Redis may be
 * paused, or cut off on one side only.
 */
export type Probes = { say(): void; /** Whether all that was said a moment ago has come back. */ heard(): boolean };

/** A probe that was said longer ago and did not come back means that hints may not come either. */
const WITHIN_MS = 800;
const HUNG_MS = 10_000;

/** `count`: into so many equal parts the slots of a cluster are cut, one probe each. */
export function createProbes(channels: Channels, count: number, node: string): Probes {
  const now = (): number => performance.now();
  const probes = pickNames(count, node).map((name) => ({ name, saidAt: Number.NEGATIVE_INFINITY }));
  for (const probe of probes) void channels.follow(probe.name, (text) => { if (Number(text) <= now()) probe.saidAt = Number(text); });
  return {
    say() {
      for (const { name, saidAt } of probes) {
        if (now() - saidAt > HUNG_MS) channels.renewHung(name);
        void channels.publish(name, String(now()));
      }
    },
    heard: () => probes.every(({ saidAt }) => now() - saidAt <= WITHIN_MS),
  };
}

/** One name in each part of the slots, found by trying. */
function pickNames(count: number, node: string): string[] {
  const names = new Map<number, string>();
  for (let i = 0; names.size < count; i += 1) {
    const name = `aside\nprobe\n${node}\n${i}`;
    names.set(Math.floor((slotOf(name) * count) / SLOTS), name);
  }
  return [...names.values()];
}
