import type { LiveRow, Row } from '@aside/server/protocol';
import t from 'tap';
import { type Outbox, step } from '../../src/state/outbox.ts';
import { findMark, GROUP_MS, group, type Item, listMessages, listUnread, type Message } from '../../src/ui/items.ts';

const noon = new Date(2026, 10, 21, 12).getTime();
const row = (n: number, author: string, more: Partial<LiveRow> = {}): LiveRow => ({
  n, rev: n, cid: `cid-${n}`, author, nick: `nick of ${author}`, avatar: 'fox', text: `${n}`, at: noon + n * 1_000, ...more,
});
const held = (...rows: Row[]) => new Map(rows.map((one) => [one.n, one]));
const listItems = (...held: Parameters<typeof listMessages>) => group(listMessages(...held), null);
const messages = (items: readonly Item[]) => items.filter((item): item is Message => item.t === 'message');
const shape = (items: readonly Item[]) => items.map((item) => (item.t !== 'message' ? item.t : `${item.text}${item.opens ? ' opens' : ''}${item.closes ? ' closes' : ''}`));
const box: Outbox = step([], { t: 'say', say: { t: 'say', cid: 'mine', text: 'on its way' }, now: noon + 60_000 })[0];

t.test('rows stand in order of their number; the deleted are not there', async (t) => {
  t.same(messages(listItems(held(row(3, 'a'), row(1, 'b'), { n: 2, rev: 9, deleted: true }), [], null)).map(({ n }) => n), [1, 3]);
  t.same(listItems(new Map(), [], null), []);
});

t.test('messages of one author in a few minutes stand together', async (t) => {
  t.same(shape(listItems(held(row(1, 'a'), row(2, 'a'), row(3, 'b'), row(4, 'a', { at: noon + 9_000 }), row(5, 'a', { at: noon + 9_000 + GROUP_MS })), [], null)),
    ['day', '1 opens', '2 closes', '3 opens closes', '4 opens closes', '5 opens closes']);
  t.same(shape(listItems(held(row(1, 'a'), row(2, 'a', { nick: 'another name' })), [], null)), ['day', '1 opens closes', '2 opens closes'], 'a new name is shown');
});

t.test('a new day begins with its name, and no group reaches over midnight', async (t) => {
  const midnight = new Date(2026, 10, 22).getTime();
  const items = listItems(held(row(1, 'a', { at: midnight - 1_000 }), row(2, 'a', { at: midnight })), [], null);
  t.same(shape(items), ['day', '1 opens closes', 'day', '2 opens closes']);
  t.equal(new Set(items.map(({ key }) => key)).size, items.length);
});

t.test('an old word that was never sent keeps its day without taking it from others', async (t) => {
  const yesterday = noon - 86_400_000;
  const old = step([], { t: 'say', say: { t: 'say', cid: 'old', text: 'old' }, now: yesterday })[0];
  const items = listItems(held(row(1, 'a', { at: yesterday }), row(2, 'a')), old, 'me');
  t.same(shape(items), ['day', '1 opens closes', 'day', '2 opens closes', 'day', 'old opens closes']);
  t.equal(new Set(items.map(({ key }) => key)).size, items.length);
});

t.test('FR-303: own messages are known by author, or by their cid on its way', async (t) => {
  const items = messages(listItems(held(row(1, 'me'), row(2, 'b'), row(3, 'x', { cid: 'mine' })), box, 'me'));
  t.same(items.map(({ mine }) => mine), [true, false, true, true]);
});

t.test('the line of a sent message stays the same line', async (t) => {
  const [before] = messages(listItems(held(), box, 'me'));
  const [after] = messages(listItems(held(row(1, 'me', { cid: 'mine' })), [], 'me'));
  t.equal(before?.key, after?.key);
  t.not(messages(listItems(held(row(1, 'stranger', { cid: 'mine' })), [], 'me'))[0]?.key, before?.key, 'a stranger cannot take its place');
});

t.test('two people of one name wear a tag', async (t) => {
  const tags = messages(listItems(held(row(1, 'abcdef', { nick: '여우' }), row(2, 'ghijkl', { nick: '여우' }), row(3, 'mnopqr')), [], null)).map(({ tag }) => tag);
  t.same(tags, ['abcd', 'ghij', '']);
});

t.test('what failed stands alone, with its own line', async (t) => {
  const failed = step(box, { t: 'answer', frame: { t: 'no', cid: 'mine', code: 'too_long' }, now: noon })[0];
  t.same(shape(listItems(held(row(1, 'me')), failed, 'me')), ['day', '1 opens closes', 'on its way opens closes']);
});

t.test('unread are the others after what was seen', async (t) => {
  t.same(listUnread(listMessages(held(row(1, 'a'), row(2, 'a'), row(3, 'me'), row(4, 'b')), box, 'me'), 1).map(({ n }) => n), [2, 4]);
});

t.test('a line stands before the first message of others that was missed, once all that was missed is held', async (t) => {
  const all = listMessages(held(row(4, 'a'), row(5, 'me'), row(6, 'a'), row(7, 'a')), [], 'me');
  t.equal(findMark(all, null, 4), null, 'nothing was');
  t.equal(findMark(all, 4, 4)?.n, 6, 'own words are no news');
  t.equal(findMark(all, 3, 4)?.n, 4);
  t.equal(findMark(all, 2, 4), null, 'the first of them is further up');
  t.equal(findMark(all, 7, 4), null);
  t.same(shape(group(all, findMark(all, 6, 4))), ['day', '4 opens closes', '5 opens closes', '6 opens closes', 'mark', '7 opens closes'], 'and it parts a group');
});

t.test('what a row says is made once, and anew when it is another row or another reader', async (t) => {
  const [one, two] = [row(1, 'a'), row(2, 'b')];
  const before = listMessages(held(one, two), [], null);
  const after = listMessages(held(one, { ...two, rev: 3, text: 'edited' }), [], null);
  t.equal(after[0], before[0]);
  t.match(after[1], { text: 'edited' });
  t.match(listMessages(held(one), [], 'a'), [{ mine: true, key: 'cid-1' }]);
});
