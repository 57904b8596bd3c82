import type { RefusalCode, Row, Say } from '@aside/server/protocol';
import fc from 'fast-check';
import t from 'tap';
import { type Answer, ANSWER_WITHIN_MS, type Entry, nextDue, type Outbox, type OutboxEvent, step } from '../../src/state/outbox.ts';

const now = 1_000_000_000;
const DAY = 24 * 3_600_000;
const say = (cid: string): Say => ({ t: 'say', cid, text: `words of ${cid}` });
const saidBox = step([], { t: 'say', say: say('a'), now })[0];
const row = (n: number, cid: string): Row => ({ n, rev: n, cid, author: 'x', nick: '여우', avatar: 'fox', text: '', at: now });
const answer = (frame: Answer, at = now): OutboxEvent => ({ t: 'answer', frame, now: at });

function after(box: Outbox, ...events: OutboxEvent[]): { box: Outbox; sent: string[]; states: string[] } {
  const sent: string[] = [];
  let held = box;
  for (const event of events) {
    const [next, says] = step(held, event);
    held = next;
    sent.push(...says.map(({ cid }) => cid));
  }
  return { box: held, sent, states: held.map(({ state }) => state.at) };
}

t.test('what is said goes out at once, and again when nobody answers', async (t) => {
  t.same(after([], { t: 'say', say: say('a'), now }).sent, ['a']);
  t.equal(nextDue(saidBox), now + ANSWER_WITHIN_MS);
  t.same(after(saidBox, { t: 'due', now: now + ANSWER_WITHIN_MS - 1 }).sent, []);
  t.same(after(saidBox, { t: 'due', now: now + ANSWER_WITHIN_MS }).sent, ['a']);
});

t.test('P4: the row or the ok settles it, whichever comes first', async (t) => {
  t.same(after(saidBox, { t: 'rows', rows: [row(5, 'a')], n: 5 }).box, []);
  t.same(after(saidBox, { t: 'rows', rows: [row(5, 'a')], n: 5 }, answer({ t: 'ok', cid: 'a', n: 5, rev: 5 })).box, []);
  const ok = after(saidBox, answer({ t: 'ok', cid: 'a', n: 5, rev: 5 }));
  t.match(ok.box, [{ state: { at: 'sent', n: 5 } }], 'an ok waits for its row, so that the words never blink');
  t.same(after(ok.box, { t: 'rows', rows: [row(4, 'other')], n: 4 }).states, ['sent']);
  t.same(after(ok.box, { t: 'rows', rows: [{ n: 5, rev: 9, deleted: true }], n: 5 }).box, [], 'deleted before it was seen');
  t.same(after(ok.box, { t: 'ready', now }).sent, [], 'and is not sent again');
});

t.test('what waits for approval is kept until it is shown', async (t) => {
  const held = after(saidBox, answer({ t: 'ok', cid: 'a', held: true }));
  t.same(held.states, ['held']);
  t.same(after(held.box, { t: 'rows', rows: [row(7, 'a')], n: 7 }).box, []);
});

t.test('wait keeps sending and sends the same frame again', async (t) => {
  const wait = after(saidBox, answer({ t: 'wait', cid: 'a', retryAfter: 1_000 }));
  t.same(wait.states, ['sending']);
  t.same(after(wait.box, { t: 'due', now: now + 999 }).sent, []);
  t.same(after(wait.box, { t: 'due', now: now + 1_000 }).sent, ['a']);
});

t.test('a refusal that advises to retry is retried, no sooner than it said', async (t) => {
  const slow = after(saidBox, answer({ t: 'no', cid: 'a', code: 'slow_mode', retryAfter: 4_200 }));
  t.equal(nextDue(slow.box), now + 4_200);
  t.same(after(slow.box, { t: 'ready', now: now + 10 }).sent, [], 'not even after a new welcome');
  t.same(after(slow.box, { t: 'say', say: say('b'), now: now + 10 }).sent, [], 'and later words go behind it');
  t.same(after(slow.box, { t: 'say', say: say('b'), now: now + 10 }, { t: 'due', now: now + 4_200 }).sent, ['a', 'b']);
  const both = after(saidBox, { t: 'say', say: say('b'), now }, answer({ t: 'no', cid: 'b', code: 'rate', retryAfter: 100 }), answer({ t: 'no', cid: 'a', code: 'rate', retryAfter: 900 }));
  t.same(after(both.box, { t: 'due', now: now + 100 }).sent, [], 'nor does a later refusal let them pass');
});

t.test('any other refusal keeps the words, says why, and is over until the reader says otherwise', async (t) => {
  for (const code of ['too_long', 'banned', 'cid_conflict'] satisfies RefusalCode[]) {
    const no = after(saidBox, answer({ t: 'no', cid: 'a', code }));
    t.match(no.box, [{ say: say('a'), state: { at: 'failed', why: code } }]);
    t.same(after(no.box, { t: 'ready', now }, { t: 'due', now: now + DAY }).sent, []);
    const retried = after(no.box, { t: 'retry', cid: 'a', fresh: 'b', now });
    t.same(retried.sent, ['b'], 'then it is a new message');
    t.match(retried.box, [{ say: { cid: 'b', text: 'words of a' } }]);
    t.same(after(no.box, { t: 'discard', cid: 'a' }).box, []);
  }
});

t.test('after each welcome what is not settled goes out once more, in order', async (t) => {
  const two = after(saidBox, { t: 'say', say: say('b'), now: now + 1 });
  t.same(after(two.box, { t: 'ready', now: now + 500 }).sent, ['a', 'b']);
});

t.test('P5: older than a day it is not sent by itself, and by hand under the same cid', async (t) => {
  const old = after(saidBox, { t: 'ready', now: now + DAY + 1 });
  t.same(old.sent, []);
  t.match(old.box, [{ state: { at: 'failed', why: 'old' } }]);
  t.same(after(old.box, { t: 'retry', cid: 'a', fresh: 'b', now: now + DAY + 2 }).sent, ['a']);
});

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

t.test('words are never lost, and never stand twice', async () => {
  fc.assert(fc.property(story, (events) => {
    let box: readonly Entry[] = [];
    for (const { event, now: at } of events) {
      const [next, says] = step(box, event);
      const known = new Set(next.map((entry) => entry.say.cid));
      if (known.size !== next.length) return false;
      // Only what everybody can see, or the reader's own hand, takes words out of the box.
      const gone = box.filter((entry) => !next.some((left) => left.say.text === entry.say.text));
      if (gone.some(({ say, state }) => event.t !== 'rows' || !(event.rows.some((one) => !one.deleted && one.cid === say.cid) || (state.at === 'sent' && state.n <= event.n)))) return false;
      if (event.t === 'say' && !known.has(event.say.cid)) return false;
      // What goes out stands in the box as sending, and what is sending has its time.
      if (says.some((one) => next.find((entry) => entry.say.cid === one.cid)?.state.at !== 'sending')) return false;
      if (next.some(({ state }) => state.at === 'sending' && state.due > at + 30_000 && event.t !== 'rows')) return false;
      box = next;
    }
    return true;
  }), { numRuns: 2_000 });
});
