import { mock } from 'node:test';
import type { ClientFrame, Page, PageData, ServerFrame } from '@aside/server/protocol';
import t from 'tap';
import type { Link } from '../../src/net/link.ts';
import { openCells } from '../../src/state/cells.ts';
import { openDrafts } from '../../src/state/drafts.ts';
import { openJar } from '../../src/state/jar.ts';
import { openKeeper } from '../../src/state/keeper.ts';
import { openReader } from '../../src/state/reader.ts';
import { openShelf } from '../../src/state/shelf.ts';
import { openSpeaker } from '../../src/state/speaker.ts';
import { openStore } from '../../src/state/store.ts';
import { openView } from '../../src/state/view.ts';
import { createModel, EPOCH } from './model.ts';
import { createStorage } from './shelf.ts';

t.beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_800_000_000_000 }));
t.afterEach(() => mock.timers.reset());

const page: PageData = { room: 'post', site: 's', title: null, lang: 'ko', theme: 'auto', facts: { id: 'post', title: null }, snapshot: null };
const author = 'k3vabcdefghijklm';

function open(options: { storage?: Storage; snapshot?: Page; older?: Page | null; seenBefore?: number; fetchPage?: () => Promise<Page | null>; /** The socket has said hello and is not yet welcome: nothing is sent. */ deaf?: () => boolean } = {}) {
  const shelf = openShelf(() => options.storage ?? storage);
  const storage = createStorage();
  const cell = openCells(() => {}, queueMicrotask);
  const snapshot = options.snapshot ?? null;
  const reader = openReader(cell, shelf, 's');
  const view = openView({ ...page, snapshot }, cell, options.seenBefore ?? null);
  const sent: ClientFrame[] = [];
  const wires: { greet: () => object; deliver: (frame: ServerFrame) => void; tell: (link: Link) => void }[] = [];
  const store = openStore({ ...page, snapshot }, view, {
    speaker: openSpeaker(reader, openKeeper(shelf, openJar({ cookie: '' })), shelf, 's'),
    drafts: openDrafts(shelf, 's', 'post'),
    dial(wire) {
      wires.push(wire);
      return { send: (frame) => { if (options.deaf?.()) return false; sent.push(frame); return true; }, happen: (happening) => { sent.push({ t: happening.t } as never); } };
    },
    fetchAround: async () => null,
    fetchPage: options.fetchPage ?? (async () => options.older ?? null),
  });
  const [wire] = wires;
  if (!wire) throw new Error('nobody was dialed');
  return { store, view, reader, sent, wire, storage };
}

function welcome(you: { nick: string | null; author: string | null }, dropped?: ['nick']): ServerFrame {
  const { t: _, ...fresh } = createModel().fresh();
  return { t: 'welcome', v: 1, limits: { text: 2_000, nick: [2, 15], page: 50 }, ...fresh, you: { ...you, avatar: 'fox', role: 'reader' }, ...(dropped ? { dropped } : {}) };
}
const kinds = (frames: readonly ClientFrame[]) => frames.map((frame) => frame.t);
/** What is due by now happens, and what it promised. */
function turn(): Promise<void> {
  mock.timers.tick(5);
  return new Promise((resolve) => { setImmediate(resolve); });
}

t.test('hello says what is held and nothing of who reads', async (t) => {
  const { wire } = open({ snapshot: { rows: [], more: false, rev: 41, n: 9, first: 9, epoch: EPOCH } });
  const nobody = { id: null, nick: null, avatar: null };
  t.same(wire.greet(), { t: 'hello', v: 1, room: 'post', site: 's', ...nobody, at: { epoch: EPOCH, rev: 41, low: 9 } });
  t.same(open().wire.greet(), { t: 'hello', v: 1, room: 'post', site: 's', ...nobody, at: null });
});

t.test('a name makes an id, and the id goes with the name', async (t) => {
  const { store, reader, wire, sent } = open();
  wire.deliver(welcome({ nick: null, author: null }));
  t.equal(store.rename(' 가 ', 'fox'), 'nick_invalid');
  t.equal(store.rename(' 졸린 여우 ', 'fox'), null);
  await turn();
  t.match(sent, [{ t: 'nick', nick: '졸린 여우', avatar: 'fox', id: /^[0-9a-f-]{36}$/ }]);
  t.match(wire.greet(), { nick: '졸린 여우', avatar: 'fox', id: reader.me.value.id });
});

t.test('a name taken between hello and welcome is told when somebody listens, and the words said under it follow', async (t) => {
  let deaf = true;
  const { store, reader, wire, sent } = open({ deaf: () => deaf });
  t.match(wire.greet(), { id: null, nick: null });
  t.equal(store.rename('졸린 여우', 'fox'), null);
  await turn();
  store.say('먼저', null);
  t.same(sent, []);
  deaf = false;
  wire.deliver(welcome({ nick: null, author: null }));
  const { id } = reader.me.value;
  t.same(sent, [{ t: 'nick', nick: '졸린 여우', avatar: 'fox', id }]);
  wire.deliver({ t: 'you', author, nick: '졸린 여우', avatar: 'fox', role: 'reader' });
  t.same(kinds(sent), ['nick', 'say']);
  deaf = true;
  t.match(wire.greet(), { nick: '졸린 여우', id });
  store.rename('밤새는 부엉이', 'owl');
  await turn();
  deaf = false;
  wire.deliver(welcome({ nick: '졸린 여우', author }));
  t.match(sent.filter((frame) => frame.t === 'nick'), [{}, { nick: '밤새는 부엉이', avatar: 'owl', id }], 'also a name that is not the first');
  wire.deliver({ t: 'you', author, nick: '밤새는 부엉이', avatar: 'owl', role: 'reader' });
  t.equal(kinds(sent).filter((kind) => kind === 'nick').length, 2, 'each is told once');
});

t.test('words said before the server knows the name wait for it', async (t) => {
  const { store, wire, sent } = open();
  wire.deliver(welcome({ nick: null, author: null }));
  store.say('먼저', null);
  t.same(kinds(sent), []);
  wire.deliver({ t: 'you', author, nick: '졸린 여우', avatar: 'fox', role: 'reader' });
  t.match(sent, [{ t: 'say', text: '먼저' }]);
  store.say('그리고', null);
  t.match(sent[1], { text: '그리고' });
});

t.test('an answer settles, and the row of an ok takes its place', async (t) => {
  const { store, view, wire, sent } = open();
  wire.deliver(welcome({ nick: '여우', author }));
  store.say('안녕', null);
  const cid = view.outbox.value[0]?.say.cid ?? '';
  t.match(sent, [{ t: 'say', cid: /^[\w-]{21}$/, text: '안녕' }]);
  wire.deliver({ t: 'ok', cid, n: 1, rev: 1 });
  t.match(view.outbox.value, [{ state: { at: 'sent' } }]);
  wire.deliver({ t: 'rows', from: 0, to: 1, epoch: EPOCH, rows: [{ n: 1, rev: 1, cid, author, nick: '여우', avatar: 'fox', text: '안녕', at: 1 }] });
  t.same(view.outbox.value, []);
  t.same([...view.room.value.rows.keys()], [1]);
});

t.test('after a reload unsent words go out under the cid they had', async (t) => {
  const { store, view, wire, storage } = open();
  wire.deliver(welcome({ nick: '여우', author }));
  store.say('안녕', null);
  const again = open({ storage });
  t.match(again.view.outbox.value, [{ say: { text: '안녕' } }]);
  again.wire.deliver(welcome({ nick: '여우', author }));
  t.match(again.sent, [{ t: 'say', cid: view.outbox.value[0]?.say.cid, text: '안녕' }]);
  t.equal(again.reader.author.value, author, 'and the first paint knows whose are whose');
});

t.test('a name the server does not take is asked for again, and the words stay', async (t) => {
  const { store, view, reader, wire } = open();
  wire.deliver(welcome({ nick: null, author }, ['nick']));
  t.equal(reader.fault.value, 'nick_invalid');
  store.say('기다려요', null);
  wire.deliver({ t: 'no', code: 'nick_lookalike' });
  t.equal(reader.fault.value, 'nick_lookalike');
  t.match(view.outbox.value, [{ state: { at: 'sending' } }]);
  wire.deliver({ t: 'you', author, nick: '여우', avatar: 'fox', role: 'reader' });
  t.equal(reader.fault.value, null);
});

t.test('a gap is asked for once, and not sooner than a second after the last', async (t) => {
  const { wire, sent } = open({ snapshot: { rows: [], more: false, rev: 5, n: 0, first: 1, epoch: EPOCH } });
  wire.deliver({ t: 'rows', from: 8, to: 9, rows: [] });
  await turn();
  t.same(sent, [{ t: 'since', rev: 5 }]);
  wire.deliver({ t: 'beat', rev: 9 });
  await turn();
  t.equal(sent.length, 1, 'the second waits its second');
});

t.test('older messages are fetched once at a time, and only when there are any', async (t) => {
  const snapshot: Page = { rows: [], more: false, rev: 5, n: 9, first: 1, epoch: EPOCH };
  const top = open({ snapshot });
  top.wire.tell({ at: 'live', dial: 1, heardAt: 0, limit: 1 });
  top.store.loadOlder();
  t.equal(top.view.room.value.paging, null);
  const model = createModel();
  for (let i = 0; i < 9; i += 1) model.change('say', 0);
  const middle = open({ snapshot: model.page(99, 9), older: model.page(6, 9) });
  middle.wire.tell({ at: 'live', dial: 1, heardAt: 0, limit: 1 });
  middle.store.loadOlder();
  t.not(middle.view.room.value.paging, null);
  await turn();
  t.equal(middle.view.room.value.paging, null);
  t.same([...middle.view.room.value.rows.keys()].sort((a, b) => a - b), [2, 3, 4, 5, 6, 7, 8, 9]);
});

t.test('a page that cannot be had is not asked for again at once', async (t) => {
  let asked = 0;
  const model = createModel();
  for (let i = 0; i < 9; i += 1) model.change('say', 0);
  const { store, view, wire } = open({ snapshot: model.page(99, 9), fetchPage: async () => { asked += 1; return null; } });
  wire.tell({ at: 'live', dial: 1, heardAt: 0, limit: 1 });
  for (let i = 0; i < 3; i += 1) {
    store.loadOlder();
    await turn();
  }
  t.equal(asked, 1);
  t.equal(view.room.value.paging, null);
});

t.test('where nobody speaks on three dials in a row the newest page is read, and settles what it shows', async (t) => {
  const model = createModel();
  for (let i = 0; i < 3; i += 1) model.change('say', 0);
  let asked = 0;
  const { view, wire } = open({ snapshot: model.page(99, 2), fetchPage: async () => { asked += 1; return model.page(99, 3); } });
  const dialing = (unheard: number): Link => ({ at: 'dialing', dial: 1, attempt: unheard, unheard, until: 0 });
  wire.tell(dialing(2));
  await turn();
  t.equal(asked, 0);
  wire.tell(dialing(3));
  await turn();
  t.equal(asked, 1);
  t.equal(view.polling.value, true);
  t.match(view.room.value, { rev: 2, n: 3 });
  t.equal(view.room.value.rows.has(3), true);
  t.equal(view.room.value.paging, null);
  wire.tell({ at: 'live', dial: 1, heardAt: 0, limit: 1 });
  t.equal(view.polling.value, false);
});

t.test('a page that comes when the socket is back is not taken', async (t) => {
  const model = createModel();
  model.change('say', 0);
  const page = Promise.withResolvers<Page>();
  const { view, wire } = open({ snapshot: model.page(99, 0), fetchPage: () => page.promise });
  wire.tell({ at: 'dialing', dial: 1, attempt: 3, unheard: 3, until: 0 });
  await turn();
  wire.tell({ at: 'live', dial: 1, heardAt: 0, limit: 1 });
  page.resolve(model.page(99, 1));
  await turn();
  t.match(view.room.value, { rev: 0, n: 0 });
  t.equal(view.polling.value, false);
});

t.test('what the reader saw is counted from', async (t) => {
  const { view, wire } = open({ snapshot: { rows: [], more: false, rev: 5, n: 9, first: 1, epoch: EPOCH } });
  t.equal(view.seen.value, 9);
  wire.deliver({ t: 'rows', from: 5, to: 6, rows: [{ n: 10, rev: 6, cid: 'c', author, nick: '여우', avatar: 'fox', text: '', at: 1 }] });
  t.equal(view.seen.value, 9);
  view.see();
  t.equal(view.seen.value, 10);
});

const held: Page = { rows: [], more: false, rev: 5, n: 9, first: 1, epoch: EPOCH };
const news = (n: number, rev: number): ServerFrame => ({ t: 'rows', from: rev - 1, to: rev, rows: [{ n, rev, cid: `c${n}`, author, nick: '여우', avatar: 'fox', text: '', at: 1 }] });

t.test('what comes while the reader is away is marked from the first of it, until they have passed it and speak', async (t) => {
  const { store, view, wire } = open({ snapshot: held });
  view.see();
  t.equal(view.mark.value, null, 'who comes for the first time has missed nothing');
  wire.deliver(news(10, 6));
  view.see();
  t.equal(view.mark.value, null, 'nor has who was there');
  for (const n of [11, 12]) {
    wire.deliver(news(n, n - 4));
    view.miss();
    t.equal(view.mark.value, 10);
  }
  store.say('아직 안 읽었어요', null);
  t.equal(view.mark.value, 10, 'it is not taken away unseen');
  view.see();
  t.equal(view.mark.value, 10, 'it stays while it is read');
  wire.deliver(news(13, 9));
  view.see();
  t.equal(view.mark.value, 10, 'and does not run along');
  store.say('다 읽었어요', null);
  t.equal(view.mark.value, null);
  wire.deliver(news(14, 10));
  view.miss();
  t.equal(view.mark.value, 13, 'the next absence has its own');
});

t.test('a visit begins with what was said since the last one', async (t) => {
  const { view } = open({ snapshot: held, seenBefore: 4 });
  t.same([view.seen.value, view.mark.value], [4, 4]);
  t.same([open({ snapshot: held, seenBefore: 40 }).view.mark.value], [null], 'a number from before the room was cleared says nothing');
  const late = open({ seenBefore: 0 });
  t.equal(late.view.mark.value, null);
  const model = createModel();
  model.change('say', 0);
  const { t: _, ...fresh } = model.fresh();
  late.wire.deliver({ t: 'welcome', v: 1, limits: { text: 2_000, nick: [2, 15], page: 50 }, ...fresh, you: { nick: null, author: null, avatar: null, role: 'reader' } });
  t.equal(late.view.mark.value, 0, 'also where the page came without messages');
});

t.test('a message may still come by loading older ones when it is not too far, or from a connection that is on its way', async (t) => {
  const { view, wire } = open({ snapshot: { ...held, n: 9_000, first: 3, rows: [{ n: 8_951, rev: 1, deleted: true }], more: true } });
  t.same([2, 5_000, 6_000, 8_951, 9_000, 9_001].map(view.mayLoad), [false, false, true, false, false, true]);
  wire.tell({ at: 'live', dial: 1, heardAt: 0, limit: 1 });
  t.equal(view.mayLoad(9_001), false);
});
