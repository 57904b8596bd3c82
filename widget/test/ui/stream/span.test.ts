import type { LiveRow, PicturePage } from '@aside/server/protocol';
import t from 'tap';
import { pictureOf } from '../../../src/ui/stream/playhead.ts';
import { floorOf, type Need, nextAsk, type Span, takePage } from '../../../src/ui/stream/span.ts';

const clock = { skew: -40_000, targetMs: 2_000 };
const row = (n: number, pic: number | undefined, at = 0): LiveRow => ({ n, rev: n, cid: `cid-${n}`, author: 'a', nick: '여우', avatar: 'fox', text: '', at, ...(pic !== undefined && { pic }) });
const page = (rows: LiveRow[], older: boolean, more: boolean): PicturePage => ({ rows, older, more, rev: 9, n: 9, first: 1, epoch: 'e' });
const NOWHERE = Number.POSITIVE_INFINITY;
const need = (picture: number, more: Partial<Need> = {}): Need => ({ picture, floor: NOWHERE, behind: 50, ahead: 0, older: false, ...more });
const span = (from: number | null, to: number | null): Span => ({ from: from === null ? null : { pic: from, n: 1 }, to: to === null ? null : { pic: to, n: 2 } });

t.test('a message without a picture belongs to what its author probably saw', async (t) => {
  t.equal(pictureOf({ at: 100_000 }, clock), 134_000);
  t.equal(pictureOf({ at: 100_000, pic: 7 }, clock), 7);
  t.equal(pictureOf({ at: 100_000 }, {}), 100_000);
});

t.test('where nothing is held, the first page stands around the picture', async (t) => {
  t.same(nextAsk(null, need(5_000.7)), { pic: 5_000 });
  t.same(nextAsk(null, need(-3)), { pic: 0 });
  t.equal(nextAsk(null, need(5_000, { floor: 4_000 })), null, 'and none is needed where the newest reach');
});

t.test('the next page is asked for before the picture comes to the end of what is held', async (t) => {
  t.same(nextAsk(span(0, 50_000), need(1_000)), { pic: 50_000, after: 2 });
  t.equal(nextAsk(span(0, 70_000), need(1_000)), null);
  t.equal(nextAsk(span(0, null), need(1_000)), null, 'behind the last there is none');
  t.equal(nextAsk(span(0, 50_000), need(1_000, { ahead: 250 })), null, 'a busy minute is held in parts');
  t.equal(nextAsk(span(0, 50_000), need(1_000, { floor: 50_000 })), null, 'what is held by number goes on from there');
});

t.test('what lies above is asked for to fill a screen, or when the reader comes there', async (t) => {
  t.same(nextAsk(span(500, null), need(1_000, { behind: 3 })), { pic: 500, until: 1 });
  t.equal(nextAsk(span(500, null), need(1_000)), null);
  t.same(nextAsk(span(500, null), need(1_000, { older: true })), { pic: 500, until: 1 });
  t.equal(nextAsk(span(null, null), need(1_000, { older: true })), null);
});

t.test('a picture outside of what is held begins anew, but not for a moment that was outrun', async (t) => {
  t.same(nextAsk(span(10_000, 50_000), need(9_000)), { pic: 9_000 });
  t.same(nextAsk(span(10_000, 50_000), need(53_000)), { pic: 50_000, after: 2 });
  t.same(nextAsk(span(10_000, 50_000), need(56_000)), { pic: 56_000 });
  t.equal(nextAsk(span(10_000, 50_000), need(56_000, { floor: 45_000 })), null, 'from the end of the pages it goes on by number');
});

t.test('pages join: what an end says is what the last page there said', async (t) => {
  const around = takePage(null, { pic: 5 }, page([row(1, 3), row(2, 9)], true, true), clock);
  t.same(around, { from: { pic: 3, n: 1 }, to: { pic: 9, n: 2 } });
  t.same(takePage(around, { pic: 9, after: 2 }, page([row(4, undefined, 100_000)], true, true), clock), { from: { pic: 3, n: 1 }, to: { pic: 134_000, n: 4 } });
  t.same(takePage(around, { pic: 9, after: 2 }, page([], true, false), clock), { from: { pic: 3, n: 1 }, to: null });
  t.same(takePage(around, { pic: 3, until: 1 }, page([row(7, 1)], false, true), clock), { from: null, to: { pic: 9, n: 2 } });
});

t.test('what is held by number is all there is from the picture its oldest author could not have seen yet', async (t) => {
  t.equal(floorOf({ rows: [row(1, 5)], low: 1, first: 1 }, undefined, clock), Number.NEGATIVE_INFINITY);
  t.equal(floorOf({ rows: [{ n: 5, rev: 5, deleted: true }, row(7, 5, 200_000), row(6, 5, 100_000)], low: 5, first: 1 }, undefined, clock), 140_000);
  t.equal(floorOf({ rows: [row(7, 5, 200_000)], low: 5, first: 1 }, 300_000, clock), NOWHERE, 'of a recording anybody may speak of anything at any time');
  t.equal(floorOf({ rows: [], low: 5, first: 1 }, undefined, clock), NOWHERE);
});
