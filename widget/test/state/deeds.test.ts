import type { Row } from '@aside/server/protocol';
import fc from 'fast-check';
import t from 'tap';
import { type DeedEvent, nextDue, step } from '../../src/state/deeds.ts';
import { type Deeds, overlay, reactionsOf } from '../../src/state/overlay.ts';
import { ANSWER_WITHIN_MS } from '../../src/state/outbox.ts';

const now = 1_000_000;
const row: Row = { n: 7, rev: 9, cid: 'r', author: 'me', nick: '여우', avatar: 'fox', text: '처음 말', at: now, reactions: { '👍': 2 } };
const edit = (cid: string, text: string): DeedEvent => ({ t: 'do', frame: { t: 'edit', cid, n: 7, text }, now });
const react = (cid: string, on: boolean, emoji = '👍'): DeedEvent => ({ t: 'do', frame: { t: 'react', cid, n: 7, emoji, on }, now });
const answer = (frame: Extract<DeedEvent, { t: 'answer' }>['frame'], at = now): DeedEvent => ({ t: 'answer', frame, now: at });

function after(...events: DeedEvent[]): { deeds: Deeds; sent: string[] } {
  const sent: string[] = [];
  let deeds: Deeds = [];
  for (const event of events) {
    const [next, frames] = step(deeds, event);
    deeds = next;
    sent.push(...frames.map(({ cid }) => cid));
  }
  return { deeds, sent };
}

t.test('an edit shows at once, goes out again until it is answered, and gives way to the row', async (t) => {
  const begun = after(edit('a', '고친 말'));
  t.match(overlay(row, begun.deeds), { text: '고친 말', edited: now });
  t.same(begun.sent, ['a']);
  t.equal(nextDue(begun.deeds), now + ANSWER_WITHIN_MS);
  t.same(after(edit('a', '고친 말'), { t: 'due', now: now + ANSWER_WITHIN_MS }).sent, ['a', 'a']);
  t.same(after(edit('a', '고친 말'), { t: 'ready', now: now + 1 }).sent, ['a', 'a'], 'and at once over a new socket');
  const answered = after(edit('a', '고친 말'), answer({ t: 'ok', cid: 'a', n: 7, rev: 12 }));
  t.match(overlay(row, answered.deeds), { text: '고친 말' }, 'until its row is here, so that the old words never blink');
  t.equal(nextDue(answered.deeds), null);
  t.same(after(edit('a', '고친 말'), answer({ t: 'ok', cid: 'a', n: 7, rev: 12 }), { t: 'rows', rows: [], rev: 11 }).deeds.length, 1);
  t.same(after(edit('a', '고친 말'), answer({ t: 'ok', cid: 'a', n: 7, rev: 12 }), { t: 'rows', rows: [], rev: 12 }).deeds, []);
});

t.test('an edit that is refused keeps its words and says why; a sign or a deletion gives way to the truth', async (t) => {
  const refused = after(edit('a', '고친 말'), answer({ t: 'no', cid: 'a', code: 'too_long' }));
  t.match(refused.deeds, [{ why: 'too_long', frame: { text: '고친 말' } }]);
  t.same(after(edit('a', '고친 말'), answer({ t: 'no', cid: 'a', code: 'too_long' }), { t: 'due', now: now + 99_999 }).sent, ['a'], 'and is not sent again by itself');
  t.same(after(edit('a', '고친 말'), answer({ t: 'no', cid: 'a', code: 'too_long' }), { t: 'discard', cid: 'a' }).deeds, []);
  t.same(after(react('b', true), answer({ t: 'no', cid: 'b', code: 'not_found' })).deeds, []);
});

t.test('a refusal that advises to retry is retried, no sooner than it said', async (t) => {
  const slow = after(react('b', true), answer({ t: 'no', cid: 'b', code: 'rate', retryAfter: 4_000 }));
  t.equal(nextDue(slow.deeds), now + 4_000);
});

t.test('only the last word on the same thing goes out', async (t) => {
  t.same(after(edit('a', '하나'), edit('b', '둘')).deeds.map(({ frame }) => frame.cid), ['b']);
  t.same(after(react('a', true), react('b', false), react('c', true, '🎉')).deeds.map(({ frame }) => frame.cid), ['b', 'c']);
});

t.test('a deletion hides at once, and a tombstone ends whatever was under way', async (t) => {
  const gone = after({ t: 'do', frame: { t: 'delete', cid: 'd', n: 7 }, now });
  t.equal(overlay(row, gone.deeds), null);
  t.same(after(react('a', true), { t: 'rows', rows: [{ n: 7, rev: 20, deleted: true }], rev: 20 }).deeds, []);
});

t.test('a reaction counts this reader once, on or off, however often it is pressed', async (t) => {
  const { deeds } = after(react('a', true));
  t.same(reactionsOf(row as never, {}, []), [{ emoji: '👍', count: 2, own: false }]);
  t.same(reactionsOf(row as never, {}, deeds), [{ emoji: '👍', count: 3, own: true }]);
  t.same(reactionsOf(row as never, { 7: ['👍'] }, deeds), [{ emoji: '👍', count: 2, own: true }], 'it was on already');
  t.same(reactionsOf({ n: 7, reactions: { '👍': 1 } }, { 7: ['👍'] }, after(react('a', false)).deeds), [], 'the last one takes the sign away');
  t.same(reactionsOf({ n: 7 }, {}, after(react('a', true, '🎉')).deeds), [{ emoji: '🎉', count: 1, own: true }]);
  fc.assert(fc.property(fc.array(fc.boolean(), { maxLength: 20 }), fc.boolean(), fc.nat(5), (presses, own, others) => {
    const pressed = after(...presses.map((on, i) => react(`p${i}`, on)));
    const shown = reactionsOf({ n: 7, reactions: { '👍': others + Number(own) } }, own ? { 7: ['👍'] } : {}, pressed.deeds);
    const last = presses.at(-1) ?? own;
    return (shown[0]?.count ?? 0) === others + Number(last) && (shown[0]?.own ?? false) === last;
  }));
});
