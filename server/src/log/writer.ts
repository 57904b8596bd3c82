import { type Commit, keyOf, type Place } from '../protocol/index.ts';
import { type Fate, fateOf } from './fate.ts';
import { createLanes, type Entry, type Lane, type Load } from './lanes.ts';
import type { Item, Outcome } from './messages.ts';
import { deadline, DeadlineError } from './pool.ts';
import { type Batch, type Reply, toCommit, toOutcome } from './reply.ts';

/**
 * The batching writer. A room has at most one append in flight; what arrives meanwhile gathers, so a calm
 * room waits for nothing and a busy one commits in large batches. A slow room rides alone.
 */
export type Writer = {
  append(place: Place, item: Item): Promise<Outcome>;
  /** Taken, and without an outcome yet. */
  readonly pending: number;
  /** Takes nothing new and waits until everything taken has its outcome. */
  close(): Promise<void>;
};

export type WriterOptions = {
  /** These rooms may have changed without our knowing: an append of theirs ended without a word. */
  onDoubt?: (places: Place[]) => void;
  onAppend?: (ms: number, items: number) => void;
  /** Before anybody is told of it. `cameAt`: when the first of its changes was taken, by `performance.now()`. */
  onCommit?: (commit: Commit, cameAt: number) => void;
  onLate?: () => void;
};

const APPEND_WITHIN_MS = 5_000;
/** Less is not worth an append: it would be given up before it could answer, and hold its room meanwhile. */
const APPEND_NEEDS_MS = 1_000;
const TRY_AGAIN_AFTER_MS = 100;
const SLOTS = 3;
const SLOW_ROOM_MS = 15;
const QUEUE_MAX_ITEMS = 5_000;

/** The clock is one that never goes back: a step of the wall clock must not stop all writing. */
export function createWriter(send: (batch: Batch) => Promise<Reply | null>, options: WriterOptions = {}): Writer {
  const lanes = createLanes();
  const flights = new Set<Promise<void>>();
  const now = (): number => performance.now();
  let queued = 0;
  let pumping = false;
  let waking: NodeJS.Timeout | undefined;
  let closed = false;
  /** No connection: nothing leaves until then. */
  let pausedUntil = 0;
  let reachable = true;
  let usualMs = 0;

  function append(place: Place, item: Item): Promise<Outcome> {
    if (closed || queued >= QUEUE_MAX_ITEMS) return Promise.resolve({ is: 'unsent', code: 'overloaded' });
    return new Promise((settle) => {
      lanes.add(place, { item, until: now() + APPEND_WITHIN_MS, doubts: 0, settle });
      queued += 1;
      pump();
    });
  }

  /** Gathers what this turn of the event loop brings, over all sockets, before anything leaves. */
  function pump(): void {
    if (pumping) return;
    pumping = true;
    const wait = pausedUntil - now();
    if (wait > 0) setTimeout(launch, wait);
    else setImmediate(launch);
  }

  function launch(): void {
    pumping = false;
    for (const entry of lanes.dropExpired(isExpired, now())) settleExpired(entry);
    if (pausedUntil > now()) return pump();
    clearTimeout(waking);
    const wakesAt = lanes.wakesAt(now());
    // A timer may ring early by the clock asked here: then it is set again.
    if (wakesAt !== null) waking = setTimeout(pump, Math.max(1, wakesAt - now()));
    while (flights.size < SLOTS) {
      const load = lanes.choose(now(), flights.size === SLOTS - 1);
      if (load.length === 0) return;
      const flight = fly(load).finally(() => {
        flights.delete(flight);
        pump();
      });
      flights.add(flight);
    }
  }

  async function fly(load: Load): Promise<void> {
    const began = now();
    const items = load.reduce((sum, { entries }) => sum + entries.length, 0);
    const result = await attempt(load);
    const took = now() - began;
    if (result === 'rolled-back' && items > 1) await oneByOne(load);
    else if (result !== 'done') for (const { lane, entries } of load) giveBack(lane, entries, result);
    // Slow means slower than its peers here: on a slow disk every room would else ride alone.
    lanes.land(load, took > Math.max(SLOW_ROOM_MS, 2 * usualMs), began);
    usualMs += (took - usualMs) / 8;
    options.onAppend?.(took, items);
  }

  /** Something in the batch made it fail as a whole: alone, only the guilty item fails. */
  async function oneByOne(load: Load): Promise<void> {
    for (const { lane, entries } of load) {
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

  async function attempt(load: Load): Promise<'done' | Fate> {
    const flat: Entry[] = [];
    const batch = load.map(({ lane, entries }) => ({
      ...lane.place,
      items: entries.map((entry) => ({ ...entry.item, i: flat.push(entry) - 1 })),
    }));
    try {
      const left = Math.min(...flat.map((entry) => entry.until)) - now();
      const reply = await deadline(Math.max(left, APPEND_NEEDS_MS), send(batch));
      reachable = true;
      if (reply) settleAll(reply, load);
      return reply ? 'done' : doubt(load);
    } catch (error) {
      if (error instanceof DeadlineError) options.onLate?.();
      const fate = fateOf(error);
      reachable = fate === 'rolled-back';
      return fate === 'lost' ? doubt(load) : fate;
    }
  }

  function doubt(load: Load): 'lost' {
    for (const { entries } of load) for (const entry of entries) entry.doubts += 1;
    options.onDoubt?.(load.map(({ lane }) => lane.place));
    return 'lost';
  }

  function settleAll(reply: Reply, load: Load): void {
    const told = new Map(reply.outcomes.map((outcome) => [outcome.i, outcome]));
    const commits = new Map(reply.rooms.map((room) => [keyOf(room), toCommit(room)]));
    let i = 0;
    for (const { lane, entries } of load) {
      const key = keyOf(lane.place);
      const untold: Entry[] = [];
      const commit = commits.get(key);
      if (commit && entries[0]) options.onCommit?.(commit, entries[0].until - APPEND_WITHIN_MS);
      for (const entry of entries) {
        const outcome = told.get(i++);
        if (!outcome) untold.push(entry);
        else settle(entry, toOutcome(outcome, 'rev' in outcome ? (commits.get(key) ?? null) : null));
        if (outcome && 'rev' in outcome) commits.delete(key);
      }
      // A reply without an item's own outcome says nothing about it.
      if (untold.length > 0) giveBack(lane, untold, doubt([{ lane, entries: untold }]));
    }
  }

  /** Back to the front of its room, if time is left and it was in doubt at most once; else its sender is told. */
  function giveBack(lane: Lane, entries: Entry[], fate: Fate): void {
    if (fate === 'never-left') pausedUntil = now() + TRY_AGAIN_AFTER_MS;
    else if (fate !== 'rolled-back') lane.restUntil = now() + TRY_AGAIN_AFTER_MS;
    const again = entries.filter((entry) => {
      // In doubt from an earlier append it may be saved, whatever this one says.
      if (fate === 'rolled-back') settle(entry, entry.doubts > 0 ? { is: 'unknown' } : { is: 'refused', code: 'bad_text' });
      else if (entry.doubts > 1 || isExpired(entry)) settleExpired(entry);
      else return true;
      return false;
    });
    lane.waiting.unshift(...again);
  }

  function isExpired(entry: Entry): boolean {
    return entry.until - (entry.doubts > 0 ? 0 : APPEND_NEEDS_MS) <= now();
  }

  function settleExpired(entry: Entry): void {
    settle(entry, entry.doubts > 0 ? { is: 'unknown' } : { is: 'unsent', code: reachable ? 'overloaded' : 'store_down' });
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

  return { append, get pending() { return queued; }, close };
}
