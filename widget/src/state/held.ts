import type { Mine, Page, RoomFacts, ServerFrame } from '@aside/server/protocol';
import { merge, numbersOf, type Rows } from './rows.ts';

/** What a reader holds of a room. */
export type Room = {
  facts: RoomFacts | null;
  /** Null: nothing is known yet, and `hello` says no `at`. */
  epoch: string | null;
  /** P2's m: everything up to this change is held. */
  rev: number;
  n: number;
  first: number;
  /** Every message from here on is held; there are older ones while it is above `first`. */
  low: number;
  rows: Rows;
  mine: Mine;
  here: number | null;
  /** New messages may be missing (P8). */
  doubtful: boolean;
  /** How often what was shown had to be thrown away: the reader is told. */
  reloads: number;
  /** The `since` that is not answered yet. */
  asked: number | null;
  /** What came under `more` and waits for the last of its kind (P10). */
  parts: RowsFrame | null;
  paging: Paging | null;
};
/** A page of history under way: what changed meanwhile below the window is kept for it (P11). */
export type Paging = { id: number; from: number; kept: Rows; late: Page | null };
export type RowsFrame = Extract<ServerFrame, { t: 'rows' }>;

export function openRoom(facts: RoomFacts | null, snapshot: Page | null): Room {
  const empty: Room = {
    facts, epoch: null, rev: 0, n: 0, first: 1, low: 1, rows: new Map(), mine: {}, here: null,
    doubtful: false, reloads: 0, asked: null, parts: null, paging: null,
  };
  return snapshot ? { ...empty, ...readPage(snapshot), epoch: snapshot.epoch } : empty;
}

export function readPage(page: Pick<Page, 'rows' | 'more' | 'rev' | 'n' | 'first'>): Pick<Room, 'rows' | 'rev' | 'n' | 'first' | 'low'> {
  const { rev, n, first } = page;
  return { rev, n, first, rows: merge(new Map(), page.rows), low: lowOf(page) };
}

/** A page that says there is more begins at its own first row. */
export function lowOf({ rows, more, first }: Pick<Page, 'rows' | 'more' | 'first'>): number {
  return more && rows.length > 0 ? Math.min(...numbersOf(rows)) : first;
}
