import type { LiveRow, PicturePage, ServerFrame } from '@aside/server/protocol';
import t from 'tap';
import { openCells } from '../../src/state/cells.ts';
import { openFar } from '../../src/state/far.ts';
import { openView } from '../../src/state/view.ts';

const row = (n: number, rev = n): LiveRow => ({ n, rev, cid: `cid-${n}`, author: 'a', nick: '여우', avatar: 'fox', text: `${n}`, at: n, pic: n });
const page = (rev: number, ...rows: LiveRow[]): PicturePage => ({ rows, older: true, more: true, rev, n: 90, first: 1, epoch: 'e' });
const gone = (n: number, rev: number): ServerFrame => ({ t: 'rows', from: rev - 1, to: rev, rows: [{ n, rev, deleted: true }] });
const welcome = (resumed: boolean, ...rows: LiveRow[]) => ({ t: 'welcome', resumed, rows }) as unknown as ServerFrame;

function open() {
  const view = openView({ room: 'post', site: '', title: null, lang: 'ko', theme: 'auto', facts: { id: 'post', title: null }, snapshot: { ...page(100, row(90)), more: true } }, openCells(() => {}, queueMicrotask), null);
  const waiting: ((page: PicturePage | null) => void)[] = [];
  const far = openFar(view, () => new Promise((resolve) => { waiting.push(resolve); }));
  const shown = () => [...view.far.value.values()].flatMap((one) => (one.deleted ? [] : [one.n]));
  const settle = async (answer: PicturePage | null): Promise<void> => {
    waiting.shift()?.(answer);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { view, far, shown, settle };
}

t.test('what is deleted while its page is on its way is not shown when the page comes', async (t) => {
  const { far, shown, settle } = open();
  const read = far.read({ pic: 5 });
  far.hear(gone(5, 101));
  await settle(page(100, row(4), row(5)));
  t.ok(await read);
  t.same(shown(), [4]);
  far.hear(gone(4, 102));
  t.same(shown(), [], 'nor afterwards');
});

t.test('a page from before what is known already is none', async (t) => {
  const { far, shown, settle } = open();
  const read = far.read({ pic: 5 });
  await settle(page(99, row(4)));
  t.equal(await read, null);
  t.same(shown(), []);
});

t.test('one page at a time; one that could not be had is not the last', async (t) => {
  const { far, shown, settle } = open();
  const first = far.read({ pic: 5 });
  t.equal(await far.read({ pic: 6 }), null);
  await settle(null);
  t.equal(await first, null);
  const second = far.read({ pic: 5 });
  await settle(page(100, row(4)));
  t.ok(await second);
  t.same(shown(), [4]);
});

t.test('hello asks for changes from the lowest that is held anywhere, and what was not in it is forgotten', async (t) => {
  const { far, shown, settle } = open();
  t.equal(far.greet(90), 90);
  void far.read({ pic: 5 });
  await settle(page(100, row(4), row(5)));
  t.equal(far.greet(90), 4);
  far.hear(welcome(true, row(5, 105)));
  t.same(shown(), [4, 5]);
  const age = far.age();
  void far.read({ pic: 2 });
  await settle(page(105, row(2)));
  far.hear(welcome(true));
  t.same(shown(), [], 'of the second page the greeting said nothing');
  t.not(far.age(), age);
});

t.test('a room that begins anew takes all of it along, and the page on its way', async (t) => {
  const { far, shown, settle } = open();
  void far.read({ pic: 5 });
  await settle(page(100, row(4)));
  const read = far.read({ pic: 6 });
  far.hear(welcome(false, row(90)));
  await settle(page(100, row(6)));
  t.equal(await read, null);
  t.same(shown(), []);
});
