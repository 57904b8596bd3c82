import type { StoredRoom } from './history.ts';
import type { Ledger, RoomIndex } from './ledger.ts';
import type { BrokenLog, Violation } from './violations.ts';

/** The stored rooms against themselves: counted without holes, one row a cid, time along the numbers. */
export function checkDatabase(ledger: Ledger): Violation[] {
  const known = new Set(ledger.letters.filter((letter) => letter.frame.t === 'say').map((letter) => letter.cid));
  return [...ledger.rooms.values()].flatMap((room) =>
    [...findDoubles(room), ...findHoles(room.stored), ...findBadRevs(room.stored), ...findForeign(room.stored, known), ...findTimeTravel(room.stored)]
      .map((violation) => ({ room: room.stored.room, ...violation })));
}

function findDoubles({ byCid }: RoomIndex): BrokenLog[] {
  return [...byCid].filter(([, rows]) => rows.length > 1).map(([cid, rows]) => ({ kind: 'doubled_row', cid, ns: rows.map((row) => row.n) }));
}

function findHoles({ rows, first, n: head }: StoredRoom): BrokenLog[] {
  const violations: BrokenLog[] = [];
  const ns = new Set(rows.map((row) => row.n));
  const newest = rows.reduce((max, row) => Math.max(max, row.n), first - 1);
  if (newest !== head) violations.push({ kind: 'head_differs', head, newest });
  for (let n = first; n <= newest; n += 1) if (!ns.has(n)) violations.push({ kind: 'hole', n });
  return violations;
}

function findBadRevs({ rows, rev: head }: StoredRoom): BrokenLog[] {
  const violations: BrokenLog[] = [];
  const owners = new Map<number, number>();
  for (const { n, rev } of rows) {
    const other = owners.get(rev);
    if (other !== undefined) violations.push({ kind: 'rev_reused', rev, ns: [other, n] });
    if (rev > head) violations.push({ kind: 'rev_above_room', n, rev, head });
    owners.set(rev, n);
  }
  return violations;
}

function findForeign({ rows }: StoredRoom, known: Set<string>): BrokenLog[] {
  return rows.filter((row) => !known.has(row.cid)).map(({ n, cid }) => ({ kind: 'foreign_row', n, cid }));
}

function findTimeTravel({ rows }: StoredRoom): BrokenLog[] {
  const violations: BrokenLog[] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const { n, at } of [...rows].sort((a, b) => a.n - b.n)) {
    if (at < before) violations.push({ kind: 'at_backwards', n, at, before });
    before = at;
  }
  return violations;
}
