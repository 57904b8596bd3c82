import type { Random } from './random.ts';

/** What can go wrong on purpose. */
export const kinds = ['kill', 'terminate', 'stop', 'pause', 'cut', 'half-open'] as const;
export type Kind = (typeof kinds)[number];

/** One moment of the run: one fault, or two at once, after so many well milliseconds. */
export type Step = { faults: readonly [Kind] | readonly [Kind, Kind]; afterMs: number };

/** A full run: at least 50 faults, at least 6 of each kind, at least 5 pairs, with some to spare. */
const FULL: Record<Kind, number> = { kill: 11, terminate: 11, stop: 9, pause: 8, cut: 13, 'half-open': 8 };
const FULL_PAIRS = 8;

/** Kinds that can be seen to take effect at the same time: a paused or stopped database ends no sessions. */
const together: readonly (readonly [Kind, Kind])[] = [
  ['kill', 'stop'], ['kill', 'pause'], ['kill', 'terminate'], ['cut', 'stop'], ['cut', 'pause'], ['cut', 'kill'], ['terminate', 'cut'], ['half-open', 'stop'],
];

/** The faults of a run, in an order that the seed decides. */
export function planFaults(share: number, random: Random): Step[] {
  const left = new Map(kinds.map((kind) => [kind, Math.max(1, Math.round(FULL[kind] * share))]));
  const pairs: Step['faults'][] = [];
  const wanted = Math.max(1, Math.round(FULL_PAIRS * share));
  // The rarest pair kinds come round again when more are wanted than there are combinations.
  for (const [a, b] of Array.from({ length: Math.ceil(wanted / together.length) }, () => random.shuffle(together)).flat().slice(0, wanted)) {
    for (const kind of [a, b]) left.set(kind, (left.get(kind) ?? 0) - 1);
    pairs.push([a, b]);
  }
  const singles = [...left].flatMap(([kind, count]) => Array.from({ length: Math.max(0, count) }, (): Step['faults'] => [kind]));
  return random.shuffle([...pairs, ...singles]).map((faults) => ({ faults, afterMs: random.between(800, 3_000) }));
}

/** Acknowledged messages that a run of this share must reach. */
export function planMessages(share: number): number {
  return Math.max(200, Math.round(20_000 * share));
}
