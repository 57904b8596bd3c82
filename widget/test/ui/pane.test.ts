import t from 'tap';
import { BLOCK_ROWS, blocksOf, group, listMessages, type Message } from '../../src/ui/items.ts';
import { cutPane, END_ROWS, movePane, PANE_ROWS, paneAround } from '../../src/ui/pane.ts';

const talk = (first: number, last: number): readonly Message[] => listMessages(new Map(Array.from({ length: last - first + 1 }, (_, i) => [first + i, {
  n: first + i, rev: first + i, cid: `cid-${first + i}`, author: 'a', nick: '여우', avatar: 'fox', text: '', at: i,
}])), [], null);
const shown = (messages: readonly Message[], top: number | null) => {
  const { from, to } = cutPane(messages, top);
  return [messages[from]?.n, messages[to - 1]?.n];
};

t.test('what is drawn keeps to the end, and never grows past its bound', async (t) => {
  t.same(cutPane([], null), { from: 0, to: 0 });
  t.same(shown(talk(1, 50), null), [1, 50]);
  t.same(shown(talk(1, 1_000), null), [870, 1_000]);
  for (let last = 300; last <= 400; last += 1) {
    const { from, to } = cutPane(talk(1, last), null);
    t.ok(to === last && to - from <= END_ROWS && to - from > END_ROWS - 2 * BLOCK_ROWS, 'and it is never much shorter than it may be');
    t.ok(from === 0 || (from + 1) % BLOCK_ROWS === 0, 'the oldest leave by whole blocks');
  }
});

t.test('while the reader reads above, it begins with the same message whatever comes', async (t) => {
  t.same(shown(talk(400, 800), 450), [450, 759]);
  t.same(shown(talk(400, 2_000), 450), [450, 759], 'new ones stay out');
  t.same(shown(talk(100, 800), 450), [450, 759], 'and so do older ones');
  t.same(shown(talk(460, 800), 450), [460, 769], 'what was forgotten is not waited for');
  t.same(shown(talk(700, 800), 750), [700, 800], 'there is room for all of a short talk');
  t.same(shown(talk(400, 800), 790), [651, 800], 'and it is never shorter than it may be');
});

t.test('it moves over what is held when the reader comes near an end of it', async (t) => {
  const all = talk(1, 1_000);
  const pane = cutPane(all, 450);
  t.equal(movePane(all, pane, false, false), 450);
  t.equal(movePane(all, pane, true, false), 420);
  t.equal(movePane(all, pane, false, true), 480);
  t.equal(movePane(all, cutPane(all, 20), true, false), 1);
  t.equal(movePane(all, cutPane(all, 690), false, true), 720);
  t.equal(movePane(all, cutPane(all, 850), false, true), 851, 'down to the newest');
  for (let top: number | null = null, rows = 0, i = 0; i < 8; i += 1) {
    const { from, to } = cutPane(all, top);
    t.ok(to - from >= rows && to - from <= PANE_ROWS, 'it grows upwards from the end, up to its bound');
    [top, rows] = [movePane(all, { from, to }, true, false), to - from];
  }
  t.same(shown(all, paneAround(all, 499)), [345, 654]);
  t.same(shown(all, paneAround(all, 3)), [1, 310]);
});

t.test('a block holds the same messages whatever is drawn around it', async (t) => {
  const all = group(talk(1, 100), null);
  const keysOf = (from: number) => blocksOf(all.slice(from)).map(({ key, items }) => `${key}: ${items.length}`);
  t.same(keysOf(0), ['0: 30', '1: 30', '2: 30', '3: 11'], 'a day stands in the block of its first message');
  t.same(keysOf(30), ['1: 30', '2: 30', '3: 11']);
});
