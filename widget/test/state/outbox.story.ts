import type { RefusalCode, Row, Say } from '@aside/server/protocol';
import fc from 'fast-check';
import { type Answer, type Entry, type OutboxEvent, step } from '../../src/state/outbox.ts';

export const now = 1_000_000_000;
export const DAY = 24 * 3_600_000;
export const say = (cid: string): Say => ({ t: 'say', cid, text: `words of ${cid}` });
export const row = (n: number, cid: string): Row => ({ n, rev: n, cid, author: 'x', nick: '여우', avatar: 'fox', text: '', at: now });
export const answer = (frame: Answer, at = now): OutboxEvent => ({ t: 'answer', frame, now: at });

type Story = { event: OutboxEvent; now: number };
const cids = ['a', 'b', 'c', 'd'];
const cid = fc.constantFrom(...cids);
const eventAt = (now: number): fc.Arbitrary<OutboxEvent> => fc.oneof(
  cid.map((cid): OutboxEvent => ({ t: 'say', say: say(cid), now })),
  fc.tuple(cid, fc.nat(9)).map(([cid, n]) => answer({ t: 'ok', cid, n, rev: n }, now)),
  cid.map((cid) => answer({ t: 'ok', cid, held: true }, now)),
  fc.tuple(cid, fc.constantFrom<RefusalCode>('rate', 'banned', 'too_long')).map(([cid, code]) => answer({ t: 'no', cid, code, retryAfter: 500 }, now)),
  cid.map((cid) => answer({ t: 'wait', cid, retryAfter: 700 }, now)),
  fc.tuple(cid, fc.nat(9)).map(([cid, n]): OutboxEvent => ({ t: 'rows', rows: [row(n, cid)], n })),
  fc.constantFrom<OutboxEvent>({ t: 'ready', now }, { t: 'due', now }),
  fc.tuple(cid, fc.nat(999)).map(([cid, i]): OutboxEvent => ({ t: 'retry', cid, fresh: `fresh-${i}-${now}`, now })),
);
const story: fc.Arbitrary<Story[]> = fc.array(fc.nat(DAY / 4), { maxLength: 40 }).chain((waits) => {
  const times = waits.map((_, i) => now + waits.slice(0, i + 1).reduce((sum, wait) => sum + wait, 0));
  return fc.tuple(...times.map((at) => eventAt(at).map((event) => ({ event, now: at }))));
});

/** Words are never lost, and never stand twice. */
export const keepsWords = fc.property(story, (events) => {
  let box: readonly Entry[] = [];
  for (const { event, now: at } of events) {
    const [next, says] = step(box, event);
    const known = new Set(next.map((entry) => entry.say.cid));
    if (known.size !== next.length) return false;
    // Only what everybody can see, or the reader's own hand, takes words out of the box.
    const gone = box.filter((entry) => !next.some((left) => left.say.text === entry.say.text));
    if (gone.some(({ say, state }) => event.t !== 'rows' || !(event.rows.some((one) => !one.deleted && one.cid === say.cid) || (state.at === 'sent' && state.n <= event.n)))) return false;
    if (event.t === 'say' && !known.has(event.say.cid)) return false;
    // What goes out stands in the box as sending, or waits for approval and is asked after; and what is sending has its time.
    const wants = event.t === 'ready' ? ['sending', 'held'] : ['sending'];
    if (says.some((one) => !wants.includes(next.find((entry) => entry.say.cid === one.cid)?.state.at ?? ''))) return false;
    if (next.some(({ state }) => state.at === 'sending' && state.due > at + 30_000 && event.t !== 'rows')) return false;
    box = next;
  }
  return true;
});
