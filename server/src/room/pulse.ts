import { BEAT_EVERY_MS } from '../protocol/index.ts';

/** One clock for all connections of a node: a timer each would cost more than the connection. */
export type Pulse = {
  /** Calls `beat` every 25 s, first after 12.5–25 s. Returns the end of it. */
  add(one: Beating): () => void;
  /** Calls `overdue` after `ms`, unless ended before. */
  expect(one: { overdue(): void }, ms: number): () => void;
  close(): void;
};
export type Beating = { beat(now: number): void };

const TICK_MS = 1_000;
const SLOTS = BEAT_EVERY_MS / TICK_MS;

export function createPulse(now: () => number): Pulse {
  const slots = Array.from({ length: SLOTS }, () => new Set<Beating>());
  const expected = new Map<{ overdue(): void }, number>();
  let at = 0;
  const timer = setInterval(() => {
    at = (at + 1) % SLOTS;
    for (const one of slots[at] ?? []) one.beat(now());
    for (const [one, until] of expected) {
      if (until > now()) continue;
      expected.delete(one);
      one.overdue();
    }
  }, TICK_MS).unref();
  return {
    add(one) {
      const first = SLOTS / 2 + Math.random() * (SLOTS / 2);
      const slot = slots[(at + Math.floor(first)) % SLOTS] as Set<Beating>;
      slot.add(one);
      return () => slot.delete(one);
    },
    expect(one, ms) {
      expected.set(one, now() + ms);
      return () => expected.delete(one);
    },
    close: () => clearInterval(timer),
  };
}
