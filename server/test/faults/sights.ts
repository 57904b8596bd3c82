import type { LiveRow, Row } from '../../src/protocol/index.ts';
import { differences, type Ledger, type RoomIndex, roomOf, rowsOf } from './ledger.ts';
import type { BrokenSight, Violation } from './violations.ts';

/** All that anybody was shown: the same for everybody, one number a message, and nothing that is not in the database. */
export function checkSights(ledger: Ledger): Violation[] {
  const rooms = new Set(ledger.history.clients.map((client) => client.room));
  return [...rooms].flatMap((room) => checkRoom(ledger, room).map((violation) => ({ room, ...violation })));
}

type Sight = { client: string; row: Row; form: string };

function checkRoom(ledger: Ledger, name: string): BrokenSight[] {
  const violations: BrokenSight[] = [];
  const room = roomOf(ledger, name);
  const states = new Map<string, Sight>();
  const births = new Map<number, { client: string; row: LiveRow }>();
  const numbers = new Map<string, { client: string; n: number }>();
  for (const { client, row } of sightsOf(ledger, name)) {
    const state = `${row.n} ${row.rev}`;
    const form = canonical(row);
    const known = states.get(state);
    // Thousands of readers see the same row; only the first sight of each form needs more than this comparison.
    if (known?.form === form) continue;
    if (known) violations.push(disagree(known.client, client, known.row, row));
    else {
      states.set(state, { client, row, form });
      violations.push(...compareStored(client, row, room));
    }
    if (row.deleted) continue;
    const birth = births.get(row.n);
    if (!birth) births.set(row.n, { client, row });
    else if (birth.row.cid !== row.cid || birth.row.author !== row.author || birth.row.at !== row.at) violations.push(disagree(birth.client, client, birth.row, row));
    const number = numbers.get(row.cid);
    if (!number) numbers.set(row.cid, { client, n: row.n });
    else if (number.n !== row.n) violations.push({ kind: 'renumbered', cid: row.cid, ns: [number.n, row.n], clients: [number.client, client] });
  }
  return violations;
}

function* sightsOf(ledger: Ledger, room: string): Generator<{ client: string; row: Row }> {
  for (const client of ledger.history.clients) {
    if (client.room !== room) continue;
    for (const event of client.events) {
      if (event.is === 'got') for (const row of rowsOf(event.frame)) yield { client: client.name, row };
    }
  }
}

function compareStored(client: string, row: Row, { byN, stored: { first } }: RoomIndex): BrokenSight[] {
  const stored = byN.get(row.n);
  if (!stored) return row.n < first ? [] : [{ kind: 'phantom', client, row }];
  if (row.rev > stored.rev) return [{ kind: 'unsaved_change', client, row, stored }];
  if (row.rev === stored.rev) {
    const members = differences(row, stored);
    return members.length > 0 ? [{ kind: 'shown_differs', client, row, stored, members }] : [];
  }
  // An older state of a row: what never changes must still be the same.
  return !row.deleted && row.cid !== stored.cid ? [{ kind: 'phantom', client, row }] : [];
}

function disagree(first: string, second: string, a: Row, b: Row): BrokenSight {
  const [left, right]: Record<string, unknown>[] = [a, b];
  const members = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => JSON.stringify(left?.[key]) !== JSON.stringify(right?.[key]));
  return { kind: 'disagree', n: a.n, members, clients: [first, second], rows: [a, b] };
}

/** One form per content: two paths through the server may order members differently. */
function canonical(row: Row): string {
  return JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}
