import t from 'tap';
import { listMessages, type Message } from '../../src/ui/items.ts';
import { cutPane, movePane, PANE_ROWS, paneAround } from '../../src/ui/pane.ts';

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
  t.same(shown(talk(1, 1_000), null), [1_001 - PANE_ROWS, 1_000]);
});

t.test('while the reader reads above, it begins with the same message whatever comes', async (t) => {
  t.same(shown(talk(400, 800), 450), [450, 749]);
  t.same(shown(talk(400, 2_000), 450), [450, 749], 'new ones stay out');
  t.same(shown(talk(100, 800), 450), [450, 749], 'and so do older ones');
  t.same(shown(talk(460, 800), 450), [460, 759], 'what was forgotten is not waited for');
  t.same(shown(talk(700, 800), 750), [700, 800], 'there is room for all of a short talk');
  t.same(shown(talk(400, 800), 790), [501, 800], 'and it is never shorter than it may be');
});

t.test('it moves over what is held when the reader comes near an end of it', async (t) => {
  const all = talk(1, 1_000);
  const pane = cutPane(all, 450);
  t.equal(movePane(all, pane, false, false), 450);
  t.equal(movePane(all, pane, true, false), 350);
  t.equal(movePane(all, pane, false, true), 550);
  t.equal(movePane(all, cutPane(all, 40), true, false), 1);
  t.equal(movePane(all, cutPane(all, 690), false, true), 701, 'up to the newest');
  t.same(shown(all, paneAround(all, 499)), [350, 649]);
  t.same(shown(all, paneAround(all, 3)), [1, 300]);
});
