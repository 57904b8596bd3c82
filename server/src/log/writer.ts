import { type Commit, keyOf, type Place, type RefusalCode, type Row } from '../protocol/index.ts';
import { type Fate, fateOf } from './fate.ts';
import type { Item, Outcome } from './messages.ts';
import { deadline, DeadlineError } from './pool.ts';

/**
 * The batching writer. A room has at most one append in flight; what arrives meanwhile gathers, so a calm
 * room waits for nothing and a busy one commits in large batches. A slow room rides alone.
 */
export type Writer = {
  append(place: Place, item: Item): Promise<Outcome>;
  /** Takes nothing new and waits until everything taken has its outcome. */
  close(): Promise<void>;
};

export type Batch = { site: string; post: string; items: (Item & { i: number })[] }[];
export type Reply = {
  rooms: { site: string; post: string; epoch: string; from: number; to: number; n: number; first: number; rows: Row[] }[];
  outcomes: ({ i: number } & ({ n: number; rev: number; dup?: true } | { held: true } | { code: RefusalCode }))[];
};
export type WriterOptions = {
  /** These rooms may have changed without our knowing: an append of theirs ended without a word. */
  onDoubt?: (places: Place[]) => void;
  onAppend?: (ms: number, items: number) => void;
  onLate?: () => void;
};

const APPEND_WITHIN_MS = 5_000;
const TRY_AGAIN_AFTER_MS = 100;
const BATCH_ROOMS = 8;
const BATCH_ITEMS = 200;
const SLOTS = 3;
const SLOW_ROOM_MS = 15;
const QUEUE_MAX_ITEMS = 5_000;

type Entry = { item: Item; until: number; doubts: number; settle: (outcome: Outcome) => void };
type Lane = { place: Place; waiting: Entry[]; inFlight: boolean; slow: boolean };

export function createWriter(send: (batch: Batch) => Promise<Reply | null>, options: WriterOptions = {}): Writer {
  const lanes = new Map<string, Lane>();
  const flights = new Set<Promise<void>>();
  let queued = 0;
  let pumping = false;
  let closed = false;
  let pausedUntil = 0;
  let usualMs = 0;

  function append(place: Place, item: Item): Promise<Outcome> {
    if (closed || queued >= QUEUE_MAX_ITEMS) return Promise.resolve({ is: 'unsent', code: 'overloaded' });
    return new Promise((settle) => {
      const key = keyOf(place);
      let lane = lanes.get(key);
      if (!lane) lanes.set(key, (lane = { place, waiting: [], inFlight: false, slow: false }));
      lane.waiting.push({ item, until: Date.now() + APPEND_WITHIN_MS, doubts: 0, settle });
      queued += 1;
      pump();
    });
  }

  /** Gathers what this turn of the event loop brings, over all sockets, before anything leaves. */
  function pump(): void {
    if (pumping) return;
    pumping = true;
    const wait = pausedUntil - Date.now();
    if (wait > 0) setTimeout(launch, wait);
    else setImmediate(launch);
  }

  function launch(): void {
    pumping = false;
    dropExpired();
    if (pausedUntil > Date.now()) return pump();
    while (flights.size < SLOTS) {
      const chosen = choose(flights.size === SLOTS - 1);
      if (chosen.length === 0) return;
      const flight = fly(chosen).finally(() => {
        flights.delete(flight);
        pump();
      });
      flights.add(flight);
    }
  }

  /** The longest waiting rooms that are not in flight, bounded; a slow room alone, and never on the last slot. */
  function choose(lastSlot: boolean): Chosen {
    const chosen: Chosen = [];
    let room = BATCH_ITEMS;
    for (const [key, lane] of lanes) {
      if (lane.inFlight || lane.waiting.length === 0) continue;
      if (lane.slow && (chosen.length > 0 || lastSlot)) continue;
      const entries = lane.waiting.splice(0, room);
      room -= entries.length;
      lane.inFlight = true;
      lanes.delete(key);
      lanes.set(key, lane);
      chosen.push({ lane, entries });
      if (lane.slow || room === 0 || chosen.length === BATCH_ROOMS) break;
    }
    return chosen;
  }

  async function fly(chosen: Chosen): Promise<void> {
    const began = performance.now();
    const entries = chosen.flatMap((one) => one.entries);
    const result = await attempt(chosen);
    const took = performance.now() - began;
    if (result === 'rolled-back' && entries.length > 1) await oneByOne(chosen);
    else if (result !== 'done') for (const { lane, entries } of chosen) giveBack(lane, entries, result);
    // Slow means slower than its peers here: on a slow disk every room would else ride alone.
    const slow = took > Math.max(SLOW_ROOM_MS, 2 * usualMs);
    usualMs += (took - usualMs) / 8;
    for (const { lane } of chosen) {
      lane.inFlight = false;
      lane.slow = slow;
      if (lane.waiting.length === 0) lanes.delete(keyOf(lane.place));
    }
    options.onAppend?.(took, entries.length);
  }

  /** Something in the batch made it fail as a whole: alone, only the guilty item fails. */
  async function oneByOne(chosen: Chosen): Promise<void> {
    for (const { lane, entries } of chosen) {
      for (const [i, entry] of entries.entries()) {
        const result = await attempt([{ lane, entries: [entry] }]);
        if (result === 'rolled-back') giveBack(lane, [entry], result);
        else if (result !== 'done') {
          // All behind it goes back with it: were they saved before, the room's order would change.
          giveBack(lane, entries.slice(i), result);
          break;
        }
      }
    }
  }

  async function attempt(chosen: Chosen): Promise<'done' | Fate> {
    const flat: Entry[] = [];
    const batch = chosen.map(({ lane, entries }) => ({
      ...lane.place,
      items: entries.map((entry) => ({ ...entry.item, i: flat.push(entry) - 1 })),
    }));
    try {
      const left = Math.min(...flat.map((entry) => entry.until)) - Date.now();
      const reply = await deadline(Math.max(left, 50), send(batch));
      if (reply) settleAll(reply, chosen);
      return reply ? 'done' : doubt(chosen);
    } catch (error) {
      if (error instanceof DeadlineError) options.onLate?.();
      const fate = fateOf(error);
      return fate === 'lost' ? doubt(chosen) : fate;
    }
  }

  function doubt(chosen: Chosen): 'lost' {
    for (const { entries } of chosen) for (const entry of entries) entry.doubts += 1;
    options.onDoubt?.(chosen.map(({ lane }) => lane.place));
    return 'lost';
  }

  function settleAll(reply: Reply, chosen: Chosen): void {
    const told = new Map(reply.outcomes.map((outcome) => [outcome.i, outcome]));
    const commits = new Map(reply.rooms.map((room) => [keyOf(room), toCommit(room)]));
    let i = 0;
    for (const { lane, entries } of chosen) {
      const key = keyOf(lane.place);
      for (const entry of entries) {
        const outcome = toOutcome(told.get(i++), commits.get(key) ?? null);
        if (outcome.is === 'saved') commits.delete(key);
        settle(entry, outcome);
      }
    }
  }

  /** Back to the front of its room, if time is left and it was in doubt at most once; else its sender is told. */
  function giveBack(lane: Lane, entries: Entry[], fate: Fate): void {
    if (fate === 'never-left' || fate === 'lost' || fate === 'busy') pausedUntil = Date.now() + TRY_AGAIN_AFTER_MS;
    const again = entries.filter((entry) => {
      if (fate === 'rolled-back') settle(entry, { is: 'refused', code: 'bad_text' });
      else if (entry.doubts > 1 || entry.until <= Date.now()) settleExpired(entry);
      else return true;
      return false;
    });
    lane.waiting.unshift(...again);
  }

  function dropExpired(): void {
    const now = Date.now();
    for (const [key, lane] of lanes) {
      for (let entry = lane.waiting[0]; entry && entry.until <= now; entry = lane.waiting[0]) {
        lane.waiting.shift();
        settleExpired(entry);
      }
      if (lane.waiting.length === 0 && !lane.inFlight) lanes.delete(key);
    }
  }

  function settleExpired(entry: Entry): void {
    settle(entry, entry.doubts > 0 ? { is: 'unknown' } : { is: 'unsent', code: 'store_down' });
  }

  function settle(entry: Entry, outcome: Outcome): void {
    queued -= 1;
    entry.settle(outcome);
  }

  async function close(): Promise<void> {
    closed = true;
    while (flights.size > 0 || queued > 0) {
      if (flights.size === 0) pump();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  return { append, close };
}

type Chosen = { lane: Lane; entries: Entry[] }[];

function toCommit({ site, post, to, ...rest }: Reply['rooms'][number]): Commit {
  return { ...rest, place: { site, post }, rev: to };
}

/** A reply without the item's own outcome says nothing about it. */
function toOutcome(told: Reply['outcomes'][number] | undefined, commit: Commit | null): Outcome {
  if (!told) return { is: 'unknown' };
  if ('code' in told) return { is: 'refused', code: told.code };
  if ('held' in told) return { is: 'held' };
  return { is: 'saved', n: told.n, rev: told.rev, dup: told.dup ?? false, commit };
}
