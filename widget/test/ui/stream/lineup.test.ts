import t from 'tap';
import { blocksOf, group, listMessages, type Message } from '../../../src/ui/items.ts';
import { createLineup, type Standing } from '../../../src/ui/stream/lineup.ts';

const NOON = new Date(2026, 0, 1, 12).getTime();
const messages = new Map(listMessages(new Map(Array.from({ length: 400 }, (_, i) => [i + 1, {
  n: i + 1, rev: i + 1, cid: `cid-${i + 1}`, author: 'a', nick: '여우', avatar: 'fox', text: '', at: NOON + 86_400_000 + i,
}])), [], null).map((one) => [one.n, one]));
const standing = (...ns: number[]): Standing[] => ns.map((n, i) => ({ message: messages.get(n) as Message, pic: NOON + i }));
const from = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

t.test('places rise by one whatever the numbers are, and what is known keeps its own', async (t) => {
  const lineUp = createLineup();
  const first = lineUp(standing(12, 95, 13));
  const base = first[0]?.place ?? 0;
  const placesOf = (lined: readonly Message[]) => lined.map(({ place }) => (place ?? 0) - base);
  t.ok(base > 10_000, 'there is room above');
  t.same(placesOf(first), [0, 1, 2]);
  const longer = lineUp(standing(12, 95, 13, 4));
  t.same(placesOf(longer), [0, 1, 2, 3]);
  t.ok(first.every((one, i) => one === longer[i]), 'the same lines, which are not drawn anew');
  t.same(placesOf(lineUp(standing(7, 8, 12, 95, 13, 4))), [-2, -1, 0, 1, 2, 3], 'older ones come before');
  t.same(lineUp(standing(12, 95, 44, 13, 4)).map(({ n, place }) => [n, (place ?? 0) - base]), [[12, 0], [95, 1], [44, 2], [13, 3], [4, 4]], 'what comes between moves only those below it');
  t.same(placesOf(lineUp(standing(12, 95))), [0, 1], 'and back again');
});

t.test('after a leap another list ends where the last one did: nothing of it has just been said', async (t) => {
  const lineUp = createLineup();
  const end = lineUp(standing(1, 2, 3)).at(-1)?.place ?? 0;
  t.same(lineUp(standing(200, 300)).map(({ place }) => place), [end - 1, end]);
  t.same(lineUp([]), []);
  t.same(lineUp(standing(9)).map(({ place }) => place), [end]);
});

t.test('no two blocks carry one key, in whatever order the numbers stand', async (t) => {
  const mixed = from(1, 200).flatMap((n) => [n, 401 - n]);
  const blocks = blocksOf(group(createLineup()(standing(...mixed)), null));
  t.equal(new Set(blocks.map(({ key }) => key)).size, blocks.length);
  t.ok(blocks.length < 16);
});

t.test('days are the pictures’, so that a word said a month later is no other day', async (t) => {
  t.equal(group(createLineup()(standing(1, 2, 3)), null).filter(({ t }) => t === 'day').length, 1);
  t.equal(createLineup()(standing(1))[0]?.day, new Date(NOON).toDateString());
});
