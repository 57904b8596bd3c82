import type { Row } from '../../src/protocol/index.ts';
import type { RoomIndex } from './ledger.ts';
import type { BrokenFrame } from './violations.ts';

type Note = (violation: BrokenFrame) => void;

/** The newest page: by number, nothing deleted, none above its moment, none left out between its ends. */
export function checkFreshRows(page: { rows: Row[]; rev: number; n: number; first: number; more: boolean }, room: RoomIndex, note: Note): void {
  checkOrderBy('n', page.rows, note);
  for (const row of page.rows) {
    if (row.rev > page.rev || row.n > page.n) note({ kind: 'row_above', row, to: page.rev });
    if (row.deleted) note({ kind: 'deleted_on_page', n: row.n });
  }
  const shown = new Set(page.rows.map((row) => row.n));
  const low = page.more ? (page.rows[0]?.n ?? page.n + 1) : page.first;
  for (let n = low; n <= page.n; n += 1) {
    const row = room.byN.get(n);
    if (row && !row.deleted && !shown.has(n)) note({ kind: 'row_missing', from: 0, to: page.rev, row });
  }
}

/** A step from one number to another: by rev, each inside the step, and each that changed in it. */
export function checkResumedRows(span: { from: number; to: number; rows: Row[] }, low: number, room: RoomIndex, note: Note): void {
  checkOrderBy('rev', span.rows, note);
  const shown = new Set<number>();
  for (const row of span.rows) {
    if (row.rev > span.to) note({ kind: 'row_above', row, to: span.to });
    if (row.rev <= span.from) note({ kind: 'row_outside', row, from: span.from });
    shown.add(row.n);
  }
  // A row whose last change lies in the step cannot have changed since, so it must be here. Below `low` nothing is owed.
  for (let rev = span.from + 1; rev <= span.to; rev += 1) {
    const row = room.byRev.get(rev);
    if (row && row.n >= low && !shown.has(row.n)) note({ kind: 'row_missing', from: span.from, to: span.to, row });
  }
}

function checkOrderBy(by: 'n' | 'rev', rows: Row[], note: Note): void {
  const seen = new Set<number>();
  let before = 0;
  for (const row of rows) {
    if (seen.has(row.n)) note({ kind: 'row_twice', n: row.n });
    if (row[by] < before) note({ kind: 'row_disorder', by, row });
    seen.add(row.n);
    before = row[by];
  }
}
