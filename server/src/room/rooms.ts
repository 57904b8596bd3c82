import type { Bus } from '../bus/bus.ts';
import type { Log } from '../log/messages.ts';
import { type Hint, keyOf, type Place, RESUME_ROWS } from '../protocol/index.ts';
import { createRoom, type Room, type RoomDeps } from './room.ts';
import { createTail } from './tail.ts';
import { writeWhisper } from './whisper.ts';

/** Which rooms are open on this node, and what keeps them at the log's number. */
export type Rooms = {
  /** The open room; the first to come in reads its tail, the others wait for the same read. */
  enter(place: Place): Promise<Room>;
  /** The room if it is open here. */
  find(place: Place): Room | null;
  /** Of a commit from the bus, ours or another server's. Closed rooms need none. */
  hear(hint: Hint): void;
  /** Compares the numbers of open rooms with the log and reads what hints have missed. */
  compare(places?: Place[]): Promise<void>;
  /** When all open rooms last agreed with the log, in the deps' clock. */
  readonly comparedAt: number;
  readonly open: Iterable<Room>;
  close(): void;
};

type Deps = RoomDeps & { log: Log; bus: Pick<Bus, 'follow' | 'unfollow' | 'whisper'>; onEpoch: (room: Room) => void };
type Entry = { opening: Promise<Room>; room: Room | null; early: Hint[]; ahead: Hint[]; timer: NodeJS.Timeout | undefined; reading: boolean; emptyAt: number };

const CLOSE_AFTER_MS = 30_000;
/** Hints out of order are normal between servers; a missing one is read from the log after this long. */
const AHEAD_FOR_MS = 60;
const COMPARE_ROOMS = 1_000;
/** Of those that differ: one after the other would be too late for the last. */
const READ_AT_ONCE = 16;
/** Hints kept of one room; more than that is read from the log. */
const EARLY_MAX = 1_000;

export function createRooms(deps: Deps): Rooms {
  const entries = new Map<string, Entry>();
  let comparedAt = deps.now();
  const sweep = setInterval(closeEmpty, CLOSE_AFTER_MS / 6).unref();

  function enter(place: Place): Promise<Room> {
    const key = keyOf(place);
    const known = entries.get(key);
    if (known) {
      // Somebody is on the way in: a sweep between this and their joining must not close the room.
      known.emptyAt = deps.now();
      return known.opening;
    }
    const entry: Entry = { opening: open(place), room: null, early: [], ahead: [], timer: undefined, reading: false, emptyAt: deps.now() };
    entries.set(key, entry);
    entry.opening.then(
      (room) => {
        entry.room = room;
        for (const hint of entry.early.splice(0)) fit(entry, room, hint);
      },
      () => {
        entries.delete(key);
        deps.bus.unfollow(place);
      },
    );
    return entry.opening;
  }

  async function open(place: Place): Promise<Room> {
    // Before the tail is read: what is committed in between is heard.
    await deps.bus.follow(place);
    deps.bus.whisper(place, writeWhisper({ t: 'who' }));
    return createRoom(place, createTail(await deps.log.tail(place)), deps);
  }

  function hear(hint: Hint): void {
    const entry = entries.get(keyOf(hint.place));
    if (!entry) return;
    if (entry.room) fit(entry, entry.room, hint);
    else entry.early[Math.min(entry.early.length, EARLY_MAX)] = hint;
  }

  /** from ≤ at < rev: applied. rev ≤ at: known. from > at, or without rows: kept for a moment, then read from the log. */
  function fit(entry: Entry, room: Room, hint: Hint): void {
    const { head } = room.tail;
    if (head.rev > 0 && hint.epoch !== head.epoch) return void readOn(entry, room);
    if (hint.rev <= head.rev) return;
    if (hint.from > head.rev || !hint.rows) {
      if (entry.ahead.length < EARLY_MAX) entry.ahead.push(hint);
      entry.timer ??= setTimeout(() => void readOn(entry, room), AHEAD_FOR_MS);
      return;
    }
    room.take(hint);
    const ahead = entry.ahead.splice(0).sort((a, b) => a.from - b.from);
    for (const later of ahead) fit(entry, room, later);
    if (entry.ahead.length === 0) {
      clearTimeout(entry.timer);
      entry.timer = undefined;
    }
  }

  /** Brings the room to the log's number. What fails is found again by the next comparison. */
  async function readOn(entry: Entry, room: Room): Promise<boolean> {
    clearTimeout(entry.timer);
    entry.timer = undefined;
    if (entry.reading) return false;
    entry.reading = true;
    entry.ahead = [];
    try {
      const { head } = room.tail;
      const { facts, factsRev, ...read } = await deps.log.since(room.place, head.rev, 0);
      if ((head.rev > 0 && read.epoch !== head.epoch) || read.rev < head.rev) await startOver(room);
      else if (read.rows.length > RESUME_ROWS) await readAnew(room);
      else fit(entry, room, { ...read, place: room.place, from: head.rev, ...(factsRev > head.rev ? { facts } : {}) });
      return true;
    } catch {
      // The log does not answer. Readers are told by `old` in their heartbeat.
      return false;
    } finally {
      entry.reading = false;
      // Hints that came meanwhile and did not fit wait no longer than others.
      if (entry.ahead.length > 0) entry.timer ??= setTimeout(() => void readOn(entry, room), AHEAD_FOR_MS);
    }
  }

  /** Too much was missed to be told in changes: readers go on from the new tail, or start over by themselves. */
  async function readAnew(room: Room): Promise<void> {
    room.tail = createTail(await deps.log.tail(room.place));
    for (const member of room.members) room.catchUp(member);
  }

  /** The numbers this room was at mean nothing any more: another database, or one that was restored. */
  async function startOver(room: Room): Promise<void> {
    room.tail = createTail(await deps.log.tail(room.place));
    deps.onEpoch(room);
  }

  async function compare(places?: Place[]): Promise<void> {
    const asked = places ? new Set(places.map(keyOf)) : null;
    const open = [...entries].flatMap(([key, { room }]) => (room && (!asked || asked.has(key)) ? [room] : []));
    const began = deps.now();
    let agreed = true;
    for (let i = 0; i < open.length; i += COMPARE_ROOMS) {
      const heads = open.slice(i, i + COMPARE_ROOMS).map(({ place, tail }) => ({ place, epoch: tail.head.epoch, rev: tail.head.rev }));
      const differing = await deps.log.compare(heads);
      for (let k = 0; k < differing.length; k += READ_AT_ONCE) {
        await Promise.all(differing.slice(k, k + READ_AT_ONCE).map(async ({ place }) => {
          const entry = entries.get(keyOf(place));
          if (entry?.room && !(await readOn(entry, entry.room))) agreed = false;
        }));
      }
    }
    if (!asked && agreed) comparedAt = began;
  }

  function closeEmpty(): void {
    for (const [key, entry] of entries) {
      const { room } = entry;
      if (!room) continue;
      if (room.members.size > 0) entry.emptyAt = deps.now();
      else if (deps.now() - entry.emptyAt >= CLOSE_AFTER_MS) {
        clearTimeout(entry.timer);
        room.close();
        entries.delete(key);
        deps.bus.unfollow(room.place);
      }
    }
  }

  return {
    enter,
    find: (place) => entries.get(keyOf(place))?.room ?? null,
    hear,
    compare,
    get comparedAt() { return comparedAt; },
    get open() { return [...entries.values()].flatMap(({ room }) => (room ? [room] : [])); },
    close() {
      clearInterval(sweep);
      for (const { room, timer } of entries.values()) {
        clearTimeout(timer);
        room?.close();
      }
    },
  };
}
