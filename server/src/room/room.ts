import { type Commit, type Place, RESUME_BYTES } from '../protocol/index.ts';
import { type Beat, createBeat } from './beat.ts';
import { bytesOf, rowsFrames, type Span } from './frames.ts';
import { createPresence, type Presence } from './presence.ts';
import { type Shed, tellable } from './shed.ts';
import type { Tail } from './tail.ts';

/** One reader's place in a room. A reader whose socket is full is skipped: only its number lags. */
export type Member = {
  /** The number up to which everything was written to this socket. */
  at: number;
  readonly author: string | null;
  readonly nick: string | null;
  readonly avatar: string | null;
  /** Nothing more until it drained. */
  readonly full: boolean;
  /** Takes compressed bytes too. */
  readonly deflates: boolean;
  write(bytes: Uint8Array): void;
  /** Too far behind for the tail: read the log, or start over with the newest page. */
  fallBehind(): void;
};

/** The readers of one room on this node, and what the node remembers of the room. Knows no socket and no database. */
export type Room = {
  readonly place: Place;
  readonly presence: Presence;
  readonly members: ReadonlySet<Member>;
  tail: Tail;
  join(member: Member): void;
  leave(member: Member): void;
  /** A commit that fits goes into the tail at once and to every reader on the beat. */
  take(commit: Commit): void;
  /** Writes what this reader misses, from the tail. */
  catchUp(member: Member): void;
  /** Whether passes have gone by this reader. What waits for the next one is not missed. */
  hasLeftBehind(member: Member): boolean;
  /** The same bytes to everybody who can take them now; not for rows. */
  tell(text: string): void;
  close(): void;
};

export type Encode = (text: string) => Uint8Array;
export type RoomDeps = { encode: Encode; /** Compressed, for those who take that. */ deflate: Encode; now: () => number; shed: Shed; delivered: (rows: number, readers: number, ms: number) => void; /** When what led to this commit came, in `now`; unless known, when it is heard. */ cameAt?: (commit: Commit) => number | undefined; /** Everybody who can take it was written up to `to`. */ passed?: (place: Place, to: number, readers: number) => void };

/** Readers served before a pass lets the event loop breathe. */
const PASS_YIELDS_EVERY = 500;
/** Once for all costs 0.3 ms with cold caches; in a hot room so many writes, of 20 µs with the kernel's part, make that a tenth. Below these bytes, some four rows, about a third is saved; half from twelve rows on. */
const DEFLATE_MIN_READERS = 200;
const DEFLATE_MIN_BYTES = 1_024;

export function createRoom(place: Place, tail: Tail, deps: RoomDeps): Room {
  const members = new Set<Member>();
  const beat: Beat = createBeat();
  let sent = tail.head.rev;
  let deflating = 0;
  let timer: NodeJS.Timeout | undefined;
  let passing = false;
  /** Of what the next pass carries, when the first came. */
  let oldestAt = Number.POSITIVE_INFINITY;

  const room: Room = {
    place,
    presence: createPresence(),
    members,
    tail,
    join(member) {
      members.add(member);
      if (member.deflates) deflating += 1;
      room.presence.enter(member.author);
    },
    leave(member) {
      if (!members.delete(member)) return;
      if (member.deflates) deflating -= 1;
      room.presence.leave(member.author);
    },
    take(commit) {
      room.tail.take(commit);
      oldestAt = Math.min(oldestAt, deps.cameAt?.(commit) ?? deps.now());
      arrange(commit.rows.length);
    },
    catchUp(member) {
      if (member.full || member.at >= room.tail.head.rev) return;
      const step = stepFrom(member.at);
      if (step) go(member, step);
      else member.fallBehind();
    },
    hasLeftBehind: (member) => member.at < sent,
    tell(text) {
      const bytes = deps.encode(text);
      for (const member of members) if (!member.full) member.write(bytes);
    },
    close() {
      clearTimeout(timer);
    },
  };

  function arrange(rows: number): void {
    const wait = beat.wait(deps.now(), members.size, rows);
    if (timer || passing) return;
    if (wait < 1) void pass();
    else timer = setTimeout(pass, wait);
  }

  /** One write a reader for all that came since the last pass. */
  async function pass(): Promise<void> {
    timer = undefined;
    if (passing) return;
    passing = true;
    const began = deps.now();
    const cameAt = Math.min(oldestAt, began);
    oldestAt = Number.POSITIVE_INFINITY;
    const from = Math.min(sent, room.tail.head.rev);
    const to = (sent = room.tail.head.rev);
    const { epoch } = room.tail.head;
    // Who came or was caught up in the midst of the last pass stands a little further than the others.
    const steps = new Map([[from, stepFrom(from, deflating >= DEFLATE_MIN_READERS)]]);
    const rows = steps.get(from)?.rows ?? 0;
    let served = 0;
    for (const member of members) {
      if (member.full || member.at >= to) continue;
      if (member.at >= from && !steps.has(member.at)) steps.set(member.at, stepFrom(member.at));
      const step = room.tail.head.epoch === epoch ? steps.get(member.at) : null;
      if (step) go(member, step);
      else room.catchUp(member);
      served += 1;
      if (served % PASS_YIELDS_EVERY === 0) await new Promise(setImmediate);
    }
    const ended = deps.now();
    deps.delivered(rows, served, ended - cameAt);
    beat.passed(began, ended - began);
    passing = false;
    deps.passed?.(place, to, served);
    if (room.tail.head.rev > sent) arrange(0);
  }

  /** Null where the tail does not reach back so far, or it is more than a resume may carry: a reader would be cut for what the server itself wrote. */
  function stepFrom(at: number, deflated = false): Step | null {
    const kept = room.tail.since(at);
    if (!kept || bytesOf(kept) > RESUME_BYTES) return null;
    const span = spanOf(room.tail, at, deps.shed);
    const frames = rowsFrames(span, kept);
    const bytes = encode(frames, deps.encode);
    // Danger: only what everybody may read is compressed. Its length would tell of a secret that stood beside a stranger's words.
    const small = deflated && bytes.length >= DEFLATE_MIN_BYTES ? encode(frames, deps.deflate) : bytes;
    return { to: span.to, rows: kept.length, bytes, small };
  }

  function go(member: Member, { to, bytes, small }: Step): void {
    member.at = to;
    member.write(member.deflates ? small : bytes);
  }

  return room;
}

/** What brings a reader from one number to another. */
type Step = { to: number; rows: number; bytes: Uint8Array; /** For those who take it compressed, where that pays. */ small: Uint8Array };

function encode(frames: readonly string[], by: Encode): Uint8Array {
  const parts = frames.map(by);
  return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
}

/** What a frame from `from` to the tail's number has to say about the room itself. */
function spanOf(tail: Tail, from: number, shed: Shed): Span {
  const span: Span = { from, to: tail.head.rev };
  if (from === 0) span.epoch = tail.head.epoch;
  if (tail.firstRev > from) span.first = tail.head.first;
  if (tail.factsRev > from) span.room = tellable(tail.facts, shed);
  return span;
}
