import { OLD_WARN_S, type Page, type Row, type ServerFrame } from '@aside/server/protocol';
import { lowOf, type Paging, readPage, type Room, type RowsFrame } from './held.ts';
import { dropBelow, merge, numbersOf, pick, type Rows } from './rows.ts';

type Fresh = Extract<ServerFrame, { t: 'welcome' | 'reset' }>;

export type RoomEvent =
  | { t: 'frame'; frame: ServerFrame }
  | { t: 'paging'; id: number }
  | { t: 'page'; id: number; page: Page | null }
  /** The server took a reaction of this reader's. */
  | { t: 'reacted'; n: number; emoji: string; on: boolean }
  /** The newest page, read because no socket comes through. */
  | { t: 'newest'; page: Page }
  /** Forget all but the newest, so that a long evening does not fill the reader's memory. */
  | { t: 'trim'; keep: number };
export type RoomEffect = { do: 'since'; rev: number } | { do: 'renew' };
type Step = [Room, readonly RoomEffect[]];

export function step(room: Room, event: RoomEvent): Step {
  switch (event.t) {
    case 'frame': return hear(room, event.frame);
    case 'paging': return [{ ...room, paging: { id: event.id, from: room.rev, kept: new Map(), late: null } }, []];
    case 'page': return room.paging?.id === event.id ? takePage(room, room.paging, event.page) : [room, []];
    case 'reacted': return [{ ...room, mine: { ...room.mine, [event.n]: react(room.mine[event.n] ?? [], event.emoji, event.on) } }, []];
    case 'newest': return takeNewest(room, event.page);
    case 'trim': return [trim(room, event.keep), []];
  }
}

function hear(room: Room, frame: ServerFrame): Step {
  switch (frame.t) {
    case 'welcome': case 'reset': return [greet(room, frame), []];
    case 'rows': return hearRows(room, frame);
    case 'beat': return hearBeat({ ...room, doubtful: (frame.old ?? 0) >= OLD_WARN_S }, frame.rev);
    case 'here': return [{ ...room, here: frame.count }, []];
    case 'ok': case 'no': case 'wait': case 'you': case 'names': case 'typing': case 'bye': case 'pair': case 'desk': return [room, []];
  }
}

/** A page under way ends here: what a resume leaves out below our `low` was not kept for it. */
function greet(room: Room, frame: Fresh): Room {
  const heard: Room = { ...room, facts: frame.room, here: frame.here, doubtful: false };
  if (!frame.resumed) return { ...begin(heard, frame), mine: frame.mine };
  return cut({
    ...heard, epoch: frame.epoch, rev: frame.rev, asked: null, parts: null, paging: null,
    // A page may have shown more than this server has heard of.
    n: Math.max(room.n, frame.n),
    rows: merge(room.rows, atLeast(room.low, frame.rows)), mine: { ...room.mine, ...frame.mine },
  }, frame.first);
}

function hearRows(room: Room, frame: RowsFrame): Step {
  const whole = room.parts ? join(room.parts, frame) : frame;
  if (frame.more) return [{ ...room, parts: whole }, []];
  const next = { ...room, parts: null };
  if (room.epoch === null) return [next, []];
  if (whole.epoch !== undefined && whole.epoch !== room.epoch && room.epoch !== UNBORN) return [next, [{ do: 'renew' }]];
  const mended = mend(next, whole);
  if (whole.to <= mended.rev) return [mended, []];
  return whole.from > mended.rev ? ask(mended, mended.rev) : askLate(apply(mended, whole));
}

/** The epoch of a room nobody has spoken in yet. */
const UNBORN = '0';

function join(first: RowsFrame, next: RowsFrame): RowsFrame {
  const { more: _, ...joined } = { ...first, ...next, from: first.from, rows: [...first.rows, ...next.rows] };
  return joined;
}

function apply(room: Room, frame: RowsFrame): Room {
  const { paging } = room;
  return cut({
    ...room,
    facts: frame.room ?? room.facts,
    epoch: frame.epoch ?? room.epoch,
    rev: frame.to,
    n: Math.max(room.n, ...numbersOf(frame.rows)),
    rows: merge(room.rows, atLeast(room.low, frame.rows)),
    asked: room.asked !== null && frame.from <= room.asked ? null : room.asked,
    paging: paging && { ...paging, kept: merge(paging.kept, below(room.low, frame.rows)) },
  }, frame.first ?? room.first);
}

/** A page read before we began to keep changes waits for the ones between; they come in a frame P2 alone would ignore. */
function mend(room: Room, frame: RowsFrame): Room {
  const late = room.paging?.late;
  if (!room.paging || !late || frame.from > late.rev || frame.to < room.paging.from) return room;
  const kept = merge(room.paging.kept, below(room.low, frame.rows));
  return takeWhole({ ...room, asked: null }, late, kept);
}

function takePage(room: Room, paging: Paging, page: Page | null): Step {
  if (page === null) return [{ ...room, paging: null }, []];
  if (page.epoch !== room.epoch) return [{ ...room, paging: null }, [{ do: 'renew' }]];
  return page.rev < paging.from ? askLate({ ...room, paging: { ...paging, late: page } }) : [takeWhole(room, page, paging.kept), []];
}

/**
 * Our own number stays: what changed below the page since then is not in it, and only a resume from that number brings it.
 * Where the page begins behind a gap all of the room is begun anew with it, and its number is ours.
 */
function takeNewest(room: Room, page: Page): Step {
  const low = lowOf(page);
  if (page.epoch !== room.epoch) return [{ ...begin(room, page), mine: {} }, [{ do: 'renew' }]];
  if (page.rev <= room.rev) return [room, []];
  if (low > room.n + 1) return [begin(room, page), []];
  const there = new Set(numbersOf(page.rows));
  const graves = [...room.rows.keys()].flatMap((n): Row[] => (n < low || there.has(n) ? [] : [{ n, rev: page.rev, deleted: true }]));
  const rows = merge(room.rows, [...graves, ...atLeast(room.low, page.rows)]);
  return [cut({ ...room, n: Math.max(room.n, page.n), rows }, page.first), []];
}

/** What was held is thrown away for a page that stands by itself. */
function begin(room: Room, page: Page | Fresh): Room {
  const reloads = room.reloads + (room.rows.size > 0 ? 1 : 0);
  return { ...room, ...readPage(page), epoch: page.epoch, asked: null, parts: null, paging: null, reloads };
}

function takeWhole(room: Room, page: Page, kept: Rows): Room {
  const low = lowOf(page);
  const older = pick(merge(kept, page.rows), (row) => row.n >= low);
  return cut({ ...room, low: Math.min(room.low, low), rows: merge(room.rows, older.values()), paging: null }, page.first);
}

/** A server asked too often does not answer; its beat shows what is still missing, and then it is asked again. */
function hearBeat(room: Room, head: number): Step {
  const next = { ...room, asked: null };
  return head > room.rev ? ask(next, room.rev) : askLate(next);
}

function askLate(room: Room): Step {
  const late = room.paging?.late;
  return late ? ask(room, late.rev) : [room, []];
}

/** One at a time, once per gap (P2). */
function ask(room: Room, rev: number): Step {
  return room.asked === null ? [{ ...room, asked: rev }, [{ do: 'since', rev }]] : [room, []];
}

function react(own: readonly string[], emoji: string, on: boolean): string[] {
  const others = own.filter((one) => one !== emoji);
  return on ? [...others, emoji] : others;
}

function trim(room: Room, keep: number): Room {
  if (room.paging || room.rows.size <= keep) return room;
  const low = [...room.rows.keys()].sort((a, b) => b - a)[keep - 1] ?? room.low;
  return { ...room, low, rows: dropBelow(room.rows, low) };
}

/** Rows below `first` no longer exist (P13). */
function cut(room: Room, saidFirst: number): Room {
  const first = Math.max(room.first, saidFirst);
  if (first === room.first && first <= room.low) return room;
  const paging = room.paging && { ...room.paging, kept: dropBelow(room.paging.kept, first) };
  return { ...room, first, low: Math.max(room.low, first), rows: dropBelow(room.rows, first), paging };
}

function atLeast(low: number, rows: Row[]): Row[] {
  return rows.filter((row) => row.n >= low);
}

function below(low: number, rows: Row[]): Row[] {
  return rows.filter((row) => row.n < low);
}
