import type { LiveRow, Row, ServerFrame } from '../../src/protocol/index.ts';
import type { ClientEvent, ClientRecord, History, StoredRoom, StoredRow } from './history.ts';
import { rowsOf } from './ledger.ts';
import type { Random } from './random.ts';
import type { ViolationKind } from './violations.ts';

/** One lie put into a good history. `inflict` says false when this history has no place for it. */
export type Damage = { name: string; kind: ViolationKind; inflict: (history: History, random: Random) => boolean };

export type Got<T extends ServerFrame['t'] = ServerFrame['t']> = {
  client: ClientRecord;
  event: Extract<ClientEvent, { is: 'got' }>;
  frame: Extract<ServerFrame, { t: T }>;
  index: number;
};

/** Every frame of a kind that any client got. */
export function framesOf<T extends ServerFrame['t']>(history: History, t: T): Got<T>[] {
  return history.clients.flatMap((client) => client.events.flatMap((event, index) =>
    event.is === 'got' && event.frame.t === t ? [{ client, event, frame: event.frame as Extract<ServerFrame, { t: T }>, index }] : []));
}

/** Runs the deed on one thing that fits, drawn by chance. */
export function on<T>(things: T[], random: Random, deed: (thing: T) => void): boolean {
  if (things.length === 0) return false;
  deed(random.pick(things));
  return true;
}

/** Acknowledged messages with the row the database holds for each. */
export function acknowledged(history: History): { client: ClientRecord; ok: Got<'ok'>; room: StoredRoom; row: StoredRow }[] {
  return framesOf(history, 'ok').flatMap((ok) => {
    const room = history.rooms.find((candidate) => candidate.room === ok.client.room);
    const row = room?.rows.find((candidate) => candidate.cid === ok.frame.cid);
    return room && row ? [{ client: ok.client, ok, room, row }] : [];
  });
}

/** Live rows as they stand in frames of changes and pages. */
export function shownRows(history: History): { got: Got<'rows'> | Got<'welcome'>; row: LiveRow; rows: Row[]; at: number }[] {
  return [...framesOf(history, 'rows'), ...framesOf(history, 'welcome')].flatMap((got) =>
    rowsOf(got.frame).flatMap((row, at) => (row.deleted ? [] : [{ got, row, rows: got.frame.rows, at }])));
}

/** Gives two messages each other's number, everywhere and for everybody. */
export function swapNumbers(history: History, room: string, a: number, b: number): void {
  const other = (n: number): number => (n === a ? b : n === b ? a : n);
  for (const stored of history.rooms) if (stored.room === room) for (const row of stored.rows) row.n = other(row.n);
  for (const client of history.clients) {
    if (client.room !== room) continue;
    for (const row of client.view.rows) row.n = other(row.n);
    for (const event of client.events) {
      if (event.is === 'sent' && 'n' in event.frame) event.frame.n = other(event.frame.n);
      if (event.is !== 'got') continue;
      if (event.frame.t === 'ok' && event.frame.n !== undefined) event.frame.n = other(event.frame.n);
      for (const row of rowsOf(event.frame)) row.n = other(row.n);
    }
  }
}

export function newestOf(room: StoredRoom): StoredRow | undefined {
  return room.rows.reduce<StoredRow | undefined>((newest, row) => (!newest || row.n > newest.n ? row : newest), undefined);
}
