import type { Row } from '../../src/protocol/index.ts';
import type { ClientRecord } from './history.ts';
import { differences, type Ledger, type RoomIndex, roomOf } from './ledger.ts';
import type { BrokenView, Violation } from './violations.ts';

/** When all is quiet, everybody shows what the database holds, from their lowest number to the newest: no silent gap. */
export function checkViews(ledger: Ledger): Violation[] {
  return ledger.history.clients.flatMap((client) =>
    checkView(client, roomOf(ledger, client.room)).map((violation) => ({ room: client.room, client: client.name, ...violation })));
}

function checkView({ view }: ClientRecord, { stored, byN }: RoomIndex): BrokenView[] {
  if (view.rev !== stored.rev) return [{ kind: 'view_stale', rev: view.rev, head: stored.rev }];
  const held = new Map(view.rows.map((row) => [row.n, row]));
  const violations: BrokenView[] = [];
  for (const row of stored.rows) {
    if (row.n >= Math.max(view.low, stored.first) && !row.deleted && !held.has(row.n)) violations.push({ kind: 'view_misses', row });
  }
  for (const row of view.rows) violations.push(...compare(row, byN, view.first));
  return violations;
}

function compare(row: Row, byN: RoomIndex['byN'], first: number): BrokenView[] {
  const stored = byN.get(row.n) ?? null;
  if (!stored || row.n < first) return [{ kind: 'view_differs', row, stored, members: ['n'] }];
  const members = row.rev === stored.rev ? differences(row, stored) : ['rev'];
  return members.length > 0 ? [{ kind: 'view_differs', row, stored, members }] : [];
}
