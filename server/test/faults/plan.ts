import type { Random } from './random.ts';

/** What can go wrong on purpose. */
export type Kind = ServerKind | NodeKind;
/** To servers that meet in the database only. */
type ServerKind = 'kill' | 'terminate' | 'stop' | 'pause' | 'cut' | 'half-open';
/** To nodes that meet on Redis. */
type NodeKind = 'kill' | 'stand' | `redis-${'kill' | 'restart' | 'flush' | 'pause'}` | `hints-${'lost' | 'doubled' | 'reordered'}` | `from-${'redis' | 'database'}`;

/** One moment of the run: one fault, or two at once, after so many well milliseconds. */
export type Step = { faults: readonly [Kind] | readonly [Kind, Kind]; afterMs: number };

export type Programme = {
  full: Partial<Record<Kind, number>>;
  pairs: number;
  /** Kinds that can be seen to take effect at the same time: a paused or stopped database ends no sessions. */
  together: readonly (readonly [Kind, Kind])[];
  messages: number;
  /** In milliseconds, before each step. */
  rest: readonly [number, number];
};

/** A full run: at least 50 faults, at least 6 of each kind, at least 5 pairs, with some to spare. */
export const SERVERS: Programme = {
  full: { kill: 11, terminate: 11, stop: 9, pause: 8, cut: 13, 'half-open': 8 },
  pairs: 8,
  together: [
    ['kill', 'stop'], ['kill', 'pause'], ['kill', 'terminate'], ['cut', 'stop'], ['cut', 'pause'], ['cut', 'kill'], ['terminate', 'cut'], ['half-open', 'stop'],
  ],
  messages: 20_000,
  rest: [800, 3_000],
};

/** A full run: half of 200 faults, more than 6 of each kind. */
export const NODES: Programme = {
  full: {
    kill: 12, stand: 8, 'redis-kill': 11, 'redis-restart': 9, 'redis-flush': 8, 'redis-pause': 11, 'hints-lost': 11, 'hints-doubled': 9, 'hints-reordered': 11, 'from-redis': 10, 'from-database': 8,
  },
  pairs: 10,
  together: [['kill', 'redis-kill'], ['kill', 'hints-lost'], ['redis-pause', 'hints-reordered'], ['from-redis', 'kill'], ['hints-lost', 'hints-reordered'], ['redis-kill', 'from-database']],
  messages: 105_000,
  rest: [1_500, 3_500],
};

/** The faults of a run, in an order that the seed decides. */
export function planFaults(share: number, random: Random, { full, pairs: most, together, rest }: Programme = SERVERS): Step[] {
  const left = new Map((Object.entries(full) as [Kind, number][]).map(([kind, times]) => [kind, Math.max(1, Math.round(times * share))]));
  const pairs: Step['faults'][] = [];
  const wanted = Math.max(1, Math.round(most * share));
  // The rarest pair kinds come round again when more are wanted than there are combinations.
  for (const [a, b] of Array.from({ length: Math.ceil(wanted / together.length) }, () => random.shuffle(together)).flat().slice(0, wanted)) {
    for (const kind of [a, b]) left.set(kind, (left.get(kind) ?? 0) - 1);
    pairs.push([a, b]);
  }
  const singles = [...left].flatMap(([kind, count]) => Array.from({ length: Math.max(0, count) }, (): Step['faults'] => [kind]));
  return random.shuffle([...pairs, ...singles]).map((faults) => ({ faults, afterMs: random.between(...rest) }));
}

/** Acknowledged messages that a run of this share must reach. */
export function planMessages(share: number, { messages }: Programme = SERVERS): number {
  return Math.max(200, Math.round(messages * share));
}
