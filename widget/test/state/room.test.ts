import type { LiveRow, ServerFrame } from '@aside/server/protocol';
import t from 'tap';
import { openRoom, type Room } from '../../src/state/held.ts';
import { type RoomEvent, step } from '../../src/state/room.ts';
import { createModel, EPOCH } from './model.ts';

const snapshot = { rows: [row(7, 70), row(8, 80), row(9, 90)], more: true, rev: 90, n: 9, first: 1, epoch: EPOCH };
const room = openRoom({ id: 'p', title: '제목' }, snapshot);
const you = { author: null, nick: null, avatar: null, role: 'reader' } as const;

function row(n: number, rev: number, text = `${n}`): LiveRow {
  return { n, rev, cid: `cid-of-message-${n}`, author: 'a', nick: '여우', avatar: 'fox', text, at: n };
}
function rows(from: number, to: number, ...rows: Extract<ServerFrame, { t: 'rows' }>['rows']): Extract<ServerFrame, { t: 'rows' }> {
  return { t: 'rows', from, to, rows };
}
function after(start: Room, ...events: (RoomEvent | ServerFrame)[]): { room: Room; asked: number[]; renewed: boolean } {
  let held = start;
  const asked: number[] = [];
  let renewed = false;
  for (const one of events) {
    const [next, effects] = step(held, one.t === 'paging' || one.t === 'page' || one.t === 'newest' || one.t === 'trim' || one.t === 'reacted' || one.t === 'frame' ? one : { t: 'frame', frame: one });
    held = next;
    for (const effect of effects) {
      if (effect.do === 'since') asked.push(effect.rev);
      else renewed = true;
    }
  }
  return { room: held, asked, renewed };
}
const numbers = ({ rows }: Room) => [...rows.values()].filter((one) => !one.deleted).map(({ n }) => n).sort((a, b) => a - b);

t.test('a snapshot is a position like any other', async (t) => {
  t.match(room, { epoch: EPOCH, rev: 90, n: 9, low: 7, first: 1 });
  t.same(numbers(room), [7, 8, 9]);
  t.match(openRoom(null, null), { epoch: null, rev: 0 }, 'and without one nothing is claimed');
});

t.test('P2: a frame that fits is applied, one that is known is ignored, one behind a gap asks once', async (t) => {
  t.match(after(room, rows(90, 91, row(10, 91))), { room: { rev: 91, n: 10 }, asked: [] });
  t.match(after(room, rows(85, 91, row(8, 86), row(10, 91))).room.rev, 91, 'an overlapping one fits too');
  t.strictSame(after(room, rows(80, 90, row(9, 90))).room, room);
  const gap = after(room, rows(95, 96, row(12, 96)), rows(96, 97, row(13, 97)));
  t.match(gap, { room: { rev: 90 }, asked: [90] });
  t.same(numbers(gap.room), [7, 8, 9], 'nothing is drawn over a gap');
  t.match(after(gap.room, rows(90, 97, row(10, 91))).room, { rev: 97, asked: null });
});

t.test('a since that was not answered is asked again at the next beat that shows the gap', async (t) => {
  t.same(after(room, rows(95, 96), { t: 'beat', rev: 96 }, { t: 'beat', rev: 96 }).asked, [90, 90, 90]);
  t.same(after(room, { t: 'beat', rev: 90 }).asked, []);
});

t.test('P8: a server that has not looked for thirty seconds makes us doubt', async (t) => {
  t.equal(after(room, { t: 'beat', rev: 90, old: 30 }).room.doubtful, true);
  t.equal(after(room, { t: 'beat', rev: 90, old: 30 }, { t: 'beat', rev: 90, old: 12 }).room.doubtful, false);
});

t.test('P10: frames joined by more are drawn when the last is in', async (t) => {
  const half = after(room, { ...rows(90, 99, row(10, 91)), more: true });
  t.same(numbers(half.room), [7, 8, 9]);
  const whole = after(half.room, rows(90, 99, row(11, 92)));
  t.same(numbers(whole.room), [7, 8, 9, 10, 11]);
  t.equal(whole.room.rev, 99);
});

t.test('a deleted message is gone, and no older word of it comes back', async (t) => {
  const { room: next } = after(room, rows(90, 91, { n: 8, rev: 91, deleted: true }), { t: 'paging', id: 1 }, { t: 'page', id: 1, page: { ...snapshot, rev: 91, rows: [row(6, 60), row(8, 80)] } });
  t.same(numbers(next), [6, 7, 9]);
});

t.test('P11: a page read too early waits for what came between', async (t) => {
  const page = { ...snapshot, rev: 85, rows: [row(5, 50), row(6, 60)], more: false };
  const early = after(room, { t: 'paging', id: 1 }, { t: 'page', id: 1, page });
  t.same(early.asked, [85]);
  t.same(numbers(early.room), [7, 8, 9], 'words that may be deleted are not shown meanwhile');
  const halfway = after(early.room, rows(85, 88));
  t.same(numbers(halfway.room), [7, 8, 9], 'nor when only a part of it has come');
  const mended = after(halfway.room, rows(85, 90, { n: 6, rev: 88, deleted: true }));
  t.same(numbers(mended.room), [5, 7, 8, 9]);
  t.match(mended.room, { low: 1, paging: null });
});

t.test('P11: what changes below the window is kept for the page under way, and forgotten after it', async (t) => {
  const page = { ...snapshot, rev: 90, rows: [row(5, 50), row(6, 60)] };
  const { room: next } = after(room, { t: 'paging', id: 1 }, rows(90, 92, row(6, 91, 'new'), row(3, 92)), { t: 'page', id: 1, page });
  t.equal(next.rows.get(6)?.rev, 91);
  t.equal(next.rows.has(3), false);
  t.same(after(next, { t: 'page', id: 1, page: { ...page, rows: [row(2, 20)] } }).room, next, 'an answer to an older question is nothing');
});

t.test('P11, P12: another epoch throws the page away and comes back', async (t) => {
  const other = after(room, { t: 'paging', id: 1 }, { t: 'page', id: 1, page: { ...snapshot, epoch: 'f'.repeat(16) } });
  t.match(other, { renewed: true, room: { paging: null } });
  t.equal(after(room, { ...rows(0, 99), epoch: 'f'.repeat(16) }).renewed, true);
  const unborn = openRoom(null, { ...snapshot, rows: [], more: false, rev: 0, n: 0, epoch: '0' });
  t.match(after(unborn, { ...rows(0, 1, row(1, 1)), epoch: EPOCH }), { renewed: false, room: { epoch: EPOCH, rev: 1 } }, 'the first word gives a room its epoch');
});

t.test('the newest page without a socket shows what is new and what is gone, and leaves our number where the next resume begins', async (t) => {
  const page = { rows: [row(8, 80), row(10, 95), row(11, 96, 'new')], more: true, rev: 97, n: 11, first: 1, epoch: EPOCH };
  const { room: next, renewed } = after(room, { t: 'newest', page });
  t.same(numbers(next), [7, 8, 10, 11]);
  t.match(next, { rev: 90, n: 11, low: 7, reloads: 0 });
  t.equal(renewed, false);
  const back = after(next, { ...createModel().resumed(0, 0), rev: 97, n: 11, rows: [row(7, 91, 'edited'), { n: 9, rev: 94, deleted: true }, row(10, 95), row(11, 96, 'new')] });
  t.same(numbers(back.room), [7, 8, 10, 11]);
  t.match(back.room.rows.get(7), { text: 'edited' }, 'what changed below the page comes with the resume');
  t.strictSame(after(back.room, { t: 'newest', page }).room, back.room, 'a page that says nothing new is nothing');
  t.same(numbers(after(next, { t: 'newest', page: { ...page, rows: [row(8, 80), row(9, 90), row(10, 95)], rev: 95, n: 10 } }).room), [7, 8, 10, 11], 'an older one brings nothing back and takes nothing away');
});

t.test('a newest page behind a gap, or of another epoch, is begun anew with', async (t) => {
  const far = { rows: [row(20, 200), row(21, 210)], more: true, rev: 210, n: 21, first: 1, epoch: EPOCH };
  const gap = after(after(room, { t: 'paging', id: 1 }, rows(90, 91, row(6, 91))).room, { t: 'newest', page: far });
  t.same(numbers(gap.room), [20, 21]);
  t.match(gap, { renewed: false, room: { rev: 210, n: 21, low: 20, reloads: 1, paging: null } });
  const other = after({ ...room, mine: { 8: ['👍'] } }, { t: 'newest', page: { ...far, rev: 12, epoch: 'f'.repeat(16) } });
  t.match(other, { renewed: true, room: { rev: 12, epoch: 'f'.repeat(16), low: 20, mine: {} } }, 'and a socket that should be live comes back for it');
  t.equal(Object.keys(other.room.mine).length, 0);
  t.match(after(openRoom(null, null), { t: 'newest', page: far }).room, { epoch: EPOCH, rev: 210, reloads: 0 });
});

t.test('P13: rows below first are dropped', async (t) => {
  const { room: next } = after(room, { ...rows(90, 91), first: 9 });
  t.same(numbers(next), [9]);
  t.match(next, { first: 9, low: 9 });
});

t.test('a return that resumes keeps what is held; one that does not starts over and says so', async (t) => {
  const model = createModel();
  model.change('say', 0);
  const resumed = after(room, { ...model.resumed(0, 0), rev: 91, rows: [row(8, 91, 'edited')], n: 9 });
  t.same(numbers(resumed.room), [7, 8, 9]);
  t.match(resumed.room, { rev: 91, reloads: 0 });
  const anew = after(room, model.fresh());
  t.same(numbers(anew.room), [1]);
  t.equal(anew.room.reloads, 1);
  t.equal(after(openRoom(null, null), model.fresh()).room.reloads, 0, 'the first page of all is no reload');
});

t.test('a welcome brings what is not rows', async (t) => {
  const { room: next } = after(room, {
    t: 'welcome', v: 1, you, room: { id: 'p', title: '새 제목' }, epoch: EPOCH, rev: 90, n: 9, first: 1, resumed: true, rows: [], more: false,
    mine: { 8: ['👍'] }, here: 12, limits: { text: 2_000, nick: [2, 15], page: 50 },
  });
  t.match(next, { facts: { title: '새 제목' }, here: 12, mine: { 8: ['👍'] } });
  t.equal(after(next, { t: 'here', count: 13 }).room.here, 13);
});

t.test('a long evening keeps its newest', async (t) => {
  const { room: next } = after(room, { t: 'trim', keep: 2 });
  t.same(numbers(next), [8, 9]);
  t.equal(next.low, 8);
  t.strictSame(after(after(room, { t: 'paging', id: 1 }).room, { t: 'trim', keep: 2 }).room.low, 7, 'not while a page is under way');
});
