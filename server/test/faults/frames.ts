import type { Row, ServerFrame } from '../../src/protocol/index.ts';
import { FRAME_OUT_MAX_BYTES } from '../../src/protocol/index.ts';
import type { ClientEvent, ClientRecord } from './history.ts';
import { type Ledger, type RoomIndex, roomOf, rowsOf } from './ledger.ts';
import { checkFreshRows, checkResumedRows } from './rows.ts';
import type { BrokenFrame, Violation } from './violations.ts';

/** Every frame a client got, against what came before it on that socket and on that client's earlier sockets. */
export function checkFrames(ledger: Ledger): Violation[] {
  const secrets = new Set(ledger.history.clients.flatMap(({ secret }) => (secret === null ? [] : [secret.replaceAll('-', '')])));
  const epochs = new Map<string, string>();
  return ledger.history.clients.flatMap((client) => checkClient(client, roomOf(ledger, client.room), secrets, epochs));
}

/** What the client must know by now, by the rules alone. */
type Place = {
  rev: number;
  low: number;
  first: number;
  epoch: string;
  /** What `hello` of this socket said it has. */
  asked: { epoch: string; rev: number } | null;
  welcomed: boolean;
  parts: { from: number; to: number; rows: Row[] } | null;
  deleted: Map<number, number>;
};
type Note = (violation: BrokenFrame) => void;
type Got = Extract<ClientEvent, { is: 'got' }>;

function checkClient(client: ClientRecord, room: RoomIndex, secrets: Set<string>, epochs: Map<string, string>): Violation[] {
  const violations: Violation[] = [];
  const place: Place = { rev: 0, low: 1, first: 1, epoch: '0', asked: null, welcomed: false, parts: null, deleted: new Map() };
  for (const event of client.events) {
    const { socket, when } = event;
    const note: Note = (violation) => violations.push({ room: client.room, client: client.name, socket, when, ...violation });
    if (event.is === 'opened') Object.assign(place, { welcomed: false, asked: null, parts: null });
    else if (event.is === 'sent' && event.frame.t === 'hello') place.asked = event.frame.at ?? null;
    else if (event.is === 'unread') note({ kind: 'unreadable', text: event.text.slice(0, 200) });
    else if (event.is === 'got') {
      checkShape(event, place, secrets, note);
      checkEpoch(event.frame, client.room, epochs, note);
      checkDeletions(rowsOf(event.frame), place, note);
      const { frame } = event;
      if (frame.t === 'welcome' || frame.t === 'reset') enter(frame, place, room, note);
      else if (frame.t === 'rows') advance(frame, event, place, room, note);
    }
  }
  return violations;
}

function checkShape({ frame, bytes }: Got, place: Place, secrets: Set<string>, note: Note): void {
  if (bytes > FRAME_OUT_MAX_BYTES) note({ kind: 'too_big', bytes });
  if (frame.t === 'welcome' && place.welcomed) note({ kind: 'welcome_twice' });
  // Only a refusal or a farewell may come before the welcome (P1).
  if (!place.welcomed && frame.t !== 'welcome' && frame.t !== 'no' && frame.t !== 'bye') note({ kind: 'before_welcome', t: frame.t });
  for (const found of JSON.stringify(frame).match(uuid) ?? []) {
    const plain = found.replaceAll('-', '').toLowerCase();
    if (secrets.has(plain)) note({ kind: 'secret_shown', of: plain });
  }
}
const uuid = /[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}/gi;

/** A crash keeps the history, so one run sees one epoch a room; "0" is a room that is not born. */
function checkEpoch(frame: ServerFrame, room: string, epochs: Map<string, string>, note: Note): void {
  if (!('epoch' in frame) || frame.epoch === undefined || frame.epoch === '0') return;
  const before = epochs.get(room) ?? frame.epoch;
  if (before !== frame.epoch) note({ kind: 'epoch_changed', epoch: frame.epoch, before });
  epochs.set(room, before);
}

function checkDeletions(rows: Row[], place: Place, note: Note): void {
  for (const row of rows) {
    if (row.deleted) {
      place.deleted.set(row.n, Math.max(row.rev, place.deleted.get(row.n) ?? 0));
      if (Object.keys(row).length > 3) note({ kind: 'deleted_with_words', row });
    } else {
      const deletedAt = place.deleted.get(row.n);
      if (deletedAt !== undefined) note({ kind: 'undeleted', row, deletedAt });
    }
  }
}

function enter(frame: Extract<ServerFrame, { t: 'welcome' | 'reset' }>, place: Place, room: RoomIndex, note: Note): void {
  place.welcomed = true;
  checkFirst(frame.first, frame.rows, place, note);
  const known = place.epoch === frame.epoch || place.epoch === '0';
  if (known && frame.rev < place.rev) note({ kind: 'went_backwards', rev: frame.rev, before: place.rev });
  if (frame.t === 'welcome' && frame.resumed) {
    if (!place.asked) note({ kind: 'resumed_unasked' });
    checkResumedRows({ from: place.asked?.rev ?? 0, to: frame.rev, rows: frame.rows }, place.low, room, note);
  } else {
    checkFreshRows(frame, room, note);
    place.low = frame.more ? (frame.rows[0]?.n ?? frame.n + 1) : frame.first;
  }
  place.rev = frame.rev;
  place.epoch = frame.epoch;
}

function advance(frame: Extract<ServerFrame, { t: 'rows' }>, { took }: Got, place: Place, room: RoomIndex, note: Note): void {
  const parts = place.parts ?? { from: frame.from, to: frame.to, rows: [] };
  const span = { from: parts.from, to: Math.max(parts.to, frame.to), rows: [...parts.rows, ...frame.rows] };
  place.parts = frame.more ? span : null;
  if (frame.first !== undefined) checkFirst(frame.first, frame.rows, place, note);
  if (frame.more) return;
  if (span.to < span.from) note({ kind: 'went_backwards', rev: span.to, before: span.from });
  checkResumedRows(span, place.low, room, note);
  if (span.from > place.rev) {
    // The server may skip, but then sends from this socket's own number (P2).
    note({ kind: 'gap_left', rev: place.rev, from: span.from });
    if (took === 'applied') note({ kind: 'gap_accepted', rev: place.rev, from: span.from });
    else return;
  }
  if (frame.epoch !== undefined) place.epoch = frame.epoch;
  place.rev = Math.max(place.rev, span.to);
}

function checkFirst(first: number, rows: Row[], place: Place, note: Note): void {
  if (first < place.first) note({ kind: 'first_backwards', first, before: place.first });
  place.first = Math.max(first, place.first);
  for (const row of rows) if (row.n < first) note({ kind: 'row_below_first', row, first });
}
