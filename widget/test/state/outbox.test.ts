import type { RefusalCode } from '@aside/server/protocol';
import fc from 'fast-check';
import t from 'tap';
import { ANSWER_WITHIN_MS, nextDue, type Outbox, type OutboxEvent, step } from '../../src/state/outbox.ts';
import { answer, DAY, keepsWords, now, row, say } from './outbox.story.ts';

const saidBox = step([], { t: 'say', say: say('a'), now })[0];

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

t.test('words are never lost, and never stand twice', async () => {
  fc.assert(keepsWords, { numRuns: 2_000 });
});

t.test('what waits for approval is asked after when the reader comes back, and settled if it was let through meanwhile', async (t) => {
  const say = { t: 'say', cid: 'a', text: '기다린 말' } as const;
  const [waiting] = step(step([], { t: 'say', say, now: 0 })[0], { t: 'answer', frame: { t: 'ok', cid: 'a', held: true }, now: 1 });
  const [back, says] = step(waiting, { t: 'ready', now: 2 });
  t.same(says, [say]);
  t.same(back[0]?.state, { at: 'held' });
  t.same(step(back, { t: 'answer', frame: { t: 'ok', cid: 'a', held: true }, now: 3 })[0][0]?.state, { at: 'held' });
  const [answered] = step(back, { t: 'answer', frame: { t: 'ok', cid: 'a', n: 3, rev: 9, dup: true }, now: 3 });
  t.same(answered[0]?.state, { at: 'sent', n: 3 });
  t.same(step(answered, { t: 'rows', rows: [], n: 700 })[0], []);
});
