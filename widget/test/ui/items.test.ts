import type { LiveRow, Row } from '@aside/server/protocol';
import t from 'tap';
import { type Outbox, step } from '../../src/state/outbox.ts';
import { countUnread, GROUP_MS, type Item, listItems, type Message } from '../../src/ui/items.ts';

const noon = new Date(2026, 10, 21, 12).getTime();
const row = (n: number, author: string, more: Partial<LiveRow> = {}): LiveRow => ({
  n, rev: n, cid: `cid-${n}`, author, nick: `nick of ${author}`, avatar: 'fox', text: `${n}`, at: noon + n * 1_000, ...more,
});
const held = (...rows: Row[]) => new Map(rows.map((one) => [one.n, one]));
const messages = (items: readonly Item[]) => items.filter((item): item is Message => item.t === 'message');
const shape = (items: readonly Item[]) => items.map((item) => (item.t === 'day' ? 'day' : `${item.text}${item.opens ? ' opens' : ''}${item.closes ? ' closes' : ''}`));
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
  t.equal(countUnread(listItems(held(row(1, 'a'), row(2, 'a'), row(3, 'me'), row(4, 'b')), box, 'me'), 1), 2);
});
