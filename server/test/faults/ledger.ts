import type { ReaderChange, RefusalCode, Row, ServerFrame } from '../../src/protocol/index.ts';
import type { ClientEvent, ClientRecord, History, StoredRoom, StoredRow } from './history.ts';

/** The history, sorted so that every rule finds what it compares. */
export type Ledger = {
  history: History;
  letters: Letter[];
  strays: Stray[];
  rooms: Map<string, RoomIndex>;
  /** Edits and deletions by the message they speak of, under {@link keyOf}. */
  changes: Map<string, Letter[]>;
};

/** One cid of one client: all that was sent under it and all that was answered. */
export type Letter = {
  client: ClientRecord;
  cid: string;
  frame: ReaderChange;
  sends: number[];
  oks: { n: number | undefined; held: boolean; dup: boolean; when: number }[];
  nos: { code: RefusalCode; when: number }[];
  /** Its own row came back, which settles it as `ok` does (P4). */
  seen: boolean;
};
export type Stray = { client: ClientRecord; cid: string; t: 'ok' | 'no' | 'wait' };
export type RoomIndex = {
  stored: StoredRoom;
  byN: Map<number, StoredRow>;
  byRev: Map<number, StoredRow>;
  byCid: Map<string, StoredRow[]>;
};

export function readLedger(history: History): Ledger {
  const letters: Letter[] = [];
  const strays: Stray[] = [];
  for (const client of history.clients) {
    const mine = new Map<string, Letter>();
    for (const event of client.events) note(client, event, mine, strays);
    letters.push(...mine.values());
  }
  const changes = new Map<string, Letter[]>();
  for (const letter of letters) {
    if (letter.frame.t !== 'edit' && letter.frame.t !== 'delete') continue;
    const key = keyOf(letter.client.room, letter.frame.n);
    changes.set(key, [...(changes.get(key) ?? []), letter]);
  }
  return { history, letters, strays, changes, rooms: new Map(history.rooms.map((stored) => [stored.room, indexRoom(stored)])) };
}

export function keyOf(room: string, n: number): string {
  return `${n} ${room}`;
}

function note(client: ClientRecord, event: ClientEvent, mine: Map<string, Letter>, strays: Stray[]): void {
  if (event.is === 'sent') {
    const { frame } = event;
    if (!('cid' in frame) || frame.t === 'mod' || frame.t === 'ticket') return;
    const letter = mine.get(frame.cid) ?? { client, cid: frame.cid, frame, sends: [], oks: [], nos: [], seen: false };
    letter.sends.push(event.when);
    mine.set(frame.cid, letter);
    return;
  }
  if (event.is !== 'got') return;
  const { frame } = event;
  for (const row of rowsOf(frame)) {
    const letter = row.deleted ? undefined : mine.get(row.cid);
    if (letter) letter.seen = true;
  }
  if (frame.t !== 'ok' && frame.t !== 'no' && frame.t !== 'wait') return;
  if (frame.cid === undefined) return;
  const letter = mine.get(frame.cid);
  if (!letter) strays.push({ client, cid: frame.cid, t: frame.t });
  else if (frame.t === 'ok') letter.oks.push({ n: frame.n, held: frame.held ?? false, dup: frame.dup ?? false, when: event.when });
  else if (frame.t === 'no') letter.nos.push({ code: frame.code, when: event.when });
}

function indexRoom(stored: StoredRoom): RoomIndex {
  const byCid = new Map<string, StoredRow[]>();
  for (const row of stored.rows) byCid.set(row.cid, [...(byCid.get(row.cid) ?? []), row]);
  return {
    stored,
    byN: new Map(stored.rows.map((row) => [row.n, row])),
    byRev: new Map(stored.rows.map((row) => [row.rev, row])),
    byCid,
  };
}

/** The room as the database has it; a room that nobody's message reached is not there. */
export function roomOf(ledger: Ledger, room: string): RoomIndex {
  return ledger.rooms.get(room) ?? indexRoom({ room, rev: 0, n: 0, first: 1, rows: [] });
}

export function rowsOf(frame: ServerFrame): Row[] {
  return frame.t === 'welcome' || frame.t === 'reset' || frame.t === 'rows' ? frame.rows : [];
}

/** The public id the servers told this client, last. */
export function authorOf(client: ClientRecord): string | null {
  let author: string | null = null;
  for (const event of client.events) {
    if (event.is !== 'got') continue;
    if (event.frame.t === 'welcome' || event.frame.t === 'reset') author = event.frame.you.author ?? author;
    if (event.frame.t === 'you') author = event.frame.author ?? author;
  }
  return author;
}

/** Members in which a shown row differs from the stored one. `at` may lose its fraction either way. */
export function differences(row: Row, stored: StoredRow): string[] {
  if (row.deleted) return stored.deleted ? [] : ['deleted'];
  if (stored.deleted) return ['deleted'];
  const members: string[] = [];
  if (row.cid !== stored.cid) members.push('cid');
  if (row.author !== stored.author) members.push('author');
  if (row.nick !== stored.nick) members.push('nick');
  if (row.text !== stored.text) members.push('text');
  if ((row.re ?? null) !== stored.re) members.push('re');
  if (Math.abs(row.at - stored.at) > 1) members.push('at');
  if ((row.edited !== undefined) !== stored.edited) members.push('edited');
  return members;
}
