import { keyOf, type Place } from '../protocol/index.ts';
import type { Item, Outcome } from './messages.ts';

/** One item on its way: `doubts` counts appends of it that ended without a word. */
export type Entry = { item: Item; until: number; doubts: number; settle: (outcome: Outcome) => void };
export type Lane = { place: Place; waiting: Entry[]; inFlight: boolean; slow: boolean; restUntil: number; gatherUntil: number };
export type Load = { lane: Lane; entries: Entry[] }[];

/** The rooms that wait to be written, the longest waiting first. */
export type Lanes = {
  add(place: Place, entry: Entry): void;
  /** What the next append takes: rooms that are not in flight, bounded; a slow one alone, and never on the last slot. */
  choose(now: number, lastSlot: boolean): Load;
  /** An append of these ended. */
  land(load: Load, slow: boolean, launchedAt: number): void;
  /** When the first that rests now may leave; null where none does. */
  wakesAt(now: number): number | null;
  /** Takes out what waited too long. */
  dropExpired(isExpired: (entry: Entry) => boolean, now: number): Entry[];
};

const BATCH_ROOMS = 8;
const BATCH_ITEMS = 200;
/** Where several spoke during one append, the next leaves so long after it at the earliest, unless enough wait: half of a busy room's cost was an append for every two or three words. */
const GATHER_MS = 15;
const GATHERED_ITEMS = 16;

export function createLanes(): Lanes {
  const lanes = new Map<string, Lane>();

  return {
    add(place, entry) {
      const key = keyOf(place);
      let lane = lanes.get(key);
      if (!lane) lanes.set(key, (lane = { place, waiting: [], inFlight: false, slow: false, restUntil: 0, gatherUntil: 0 }));
      lane.waiting.push(entry);
    },
    choose(now, lastSlot) {
      const load: Load = [];
      let room = BATCH_ITEMS;
      for (const [key, lane] of lanes) {
        if (lane.inFlight || lane.waiting.length === 0 || restsUntil(lane) > now) continue;
        if (lane.slow && (load.length > 0 || lastSlot)) continue;
        const entries = lane.waiting.splice(0, room);
        room -= entries.length;
        lane.inFlight = true;
        // To the end of the row: the next append begins with those who wait longer.
        lanes.delete(key);
        lanes.set(key, lane);
        load.push({ lane, entries });
        if (lane.slow || room === 0 || load.length === BATCH_ROOMS) break;
      }
      return load;
    },
    land(load, slow, launchedAt) {
      for (const { lane, entries } of load) {
        lane.inFlight = false;
        lane.slow = slow;
        if (entries.length > 1) lane.gatherUntil = launchedAt + GATHER_MS;
        else if (lane.waiting.length === 0) lanes.delete(keyOf(lane.place));
      }
    },
    wakesAt(now) {
      let first = Number.POSITIVE_INFINITY;
      for (const lane of lanes.values()) {
        const until = restsUntil(lane);
        if (!lane.inFlight && lane.waiting.length > 0 && until > now) first = Math.min(first, until);
      }
      return first < Number.POSITIVE_INFINITY ? first : null;
    },
    dropExpired(isExpired, now) {
      const dropped: Entry[] = [];
      for (const [key, lane] of lanes) {
        for (let entry = lane.waiting[0]; entry && isExpired(entry); entry = lane.waiting[0]) dropped.push(...lane.waiting.splice(0, 1));
        if (lane.waiting.length === 0 && !lane.inFlight && lane.gatherUntil <= now) lanes.delete(key);
      }
      return dropped;
    },
  };
}

function restsUntil(lane: Lane): number {
  return lane.waiting.length < GATHERED_ITEMS ? Math.max(lane.restUntil, lane.gatherUntil) : lane.restUntil;
}
