import { type Ledger, roomOf, rowsOf } from './ledger.ts';
import type { Violation } from './violations.ts';

/**
 * One order: what was acknowledged, or seen by anybody, before a message was first sent stands before it.
 * One sweep over all moments of a room; at each sending the highest number known by then must be below its own.
 */
export function checkOrder(ledger: Ledger): Violation[] {
  const rooms = new Set(ledger.history.clients.map((client) => client.room));
  return [...rooms].flatMap((room) => sweep(room, momentsOf(ledger, room)));
}

type Moment = { when: number; n: number; cid: string; is: 'ok' | 'sight' | 'sent' };

function momentsOf(ledger: Ledger, room: string): Moment[] {
  const { byCid } = roomOf(ledger, room);
  const moments: Moment[] = [];
  for (const { client, cid, frame, sends, oks } of ledger.letters) {
    if (client.room !== room || frame.t !== 'say') continue;
    for (const { n, when } of oks) if (n !== undefined) moments.push({ when, n, cid, is: 'ok' });
    const n = byCid.get(cid)?.[0]?.n ?? oks.find((ok) => ok.n !== undefined)?.n;
    const [sent] = sends;
    if (n !== undefined && sent !== undefined) moments.push({ when: sent, n, cid, is: 'sent' });
  }
  for (const [n, { when, cid }] of firstSights(ledger, room)) moments.push({ when, n, cid, is: 'sight' });
  return moments.sort((a, b) => a.when - b.when);
}

function firstSights(ledger: Ledger, room: string): Map<number, { when: number; cid: string }> {
  const sights = new Map<number, { when: number; cid: string }>();
  for (const client of ledger.history.clients) {
    if (client.room !== room) continue;
    for (const event of client.events) {
      if (event.is !== 'got') continue;
      for (const row of rowsOf(event.frame)) {
        const known = sights.get(row.n);
        if (!row.deleted && (!known || event.when < known.when)) sights.set(row.n, { when: event.when, cid: row.cid });
      }
    }
  }
  return sights;
}

function sweep(room: string, moments: Moment[]): Violation[] {
  const violations: Violation[] = [];
  let highest: Moment | null = null;
  for (const moment of moments) {
    if (moment.is !== 'sent') {
      if (!highest || moment.n > highest.n) highest = moment;
    } else if (highest && highest.n > moment.n && highest.cid !== moment.cid) {
      const by = highest.is === 'ok' ? 'ok' : 'sight';
      violations.push({ room, kind: 'out_of_order', earlier: highest.cid, n: highest.n, later: moment.cid, laterN: moment.n, by });
    }
  }
  return violations;
}
