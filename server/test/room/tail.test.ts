import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import t from 'tap';
import { PAGE_BYTES, type Row } from '../../src/protocol/index.ts';
import { createTail, firstPage, keep, type Kept, type Tail } from '../../src/room/tail.ts';
import { Model, type Step } from './model.ts';

/** DESIGN §5: what a node keeps of a room. */
const MAX_ROWS = 500;
const MAX_BYTES = 512 * 1024;

const step = fc.record<Step>({
  do: fc.oneof({ weight: 8, arbitrary: fc.constant('say' as const) }, { weight: 5, arbitrary: fc.constant('edit' as const) }, { weight: 3, arbitrary: fc.constant('delete' as const) }, { weight: 1, arbitrary: fc.constantFrom('cut' as const, 'title' as const) }),
  pick: fc.nat(2_000), size: fc.constantFrom(1, 1, 100, 8_000), together: fc.integer({ min: 1, max: 20 }),
});
/** Rooms about as large as each bound when they are opened, and what happens then. */
const history = fc.tuple(fc.constantFrom(0, 49, 50, 51, 52, 199, 200, 201, 490, 520), fc.constantFrom(1, 900), fc.array(step, { maxLength: 20 }), fc.array(step, { maxLength: 60, size: 'max' })).map(([together, size, before, after]) => (
  { before: [{ do: 'say' as const, pick: 0, size, together }, ...before], after }));

function rowsOf(kept: readonly Kept[] | null | undefined): Row[] | null {
  return kept ? kept.map(({ row, json }) => ((JSON.parse(json) as Row).rev === row.rev ? row : { ...row, rev: -1 })) : null;
}

function play({ before, after }: { before: Step[]; after: Step[] }, look: (model: Model, tail: Tail, opened: number) => void): void {
  const model = new Model();
  for (const one of before) model.apply(one);
  const tail = createTail(model.read());
  const opened = model.head.rev;
  look(model, tail, opened);
  for (const one of after) {
    const commit = model.apply(one);
    if (commit.rev > commit.from) tail.take(commit);
    look(model, tail, opened);
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

t.test('what changed since a number is exactly what the log would say, or is not known', async (t) => {
  fc.assert(fc.property(history, fc.nat(), fc.nat(), (history, back, lowest) => play(history, (model, tail, opened) => {
    const { rev, n } = model.head;
    for (const from of new Set([0, rev, opened, Math.max(0, rev - (back % 40)), back % (rev + 1)])) {
      const low = lowest % (n + 2);
      const told = rowsOf(tail.since(from, low));
      if (told && !same(told, model.since(from, low))) throw new Error(`since ${from} low ${low}: ${told.map((row) => row.n)} instead of ${model.since(from, low).map((row) => row.n)}`);
      if (!told && from === rev) throw new Error('it knows at least where it stands');
    }
    if (!same([tail.head, tail.facts, tail.factsRev], [model.head, model.facts, model.factsRev])) throw new Error('another head');
  })), { numRuns: 60, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true });
  t.pass();
});

t.test('the newest page is the log\'s newest page, or is not known', async (t) => {
  let known = 0;
  let asked = 0;
  fc.assert(fc.property(history, (history) => play(history, (model, tail) => {
    const page = tail.page();
    asked += 1;
    if (!page) return;
    known += 1;
    const whole = model.page();
    const told = rowsOf(page.kept) ?? [];
    const cut = told.length < whole.rows.length;
    if (!same(told, whole.rows.slice(whole.rows.length - told.length))) throw new Error('another page');
    if (cut && !(page.more && told.reduce((sum, row) => sum + JSON.stringify(row).length, 0) > PAGE_BYTES - 10_500)) throw new Error('a page cut short without need');
    if (whole.more && !page.more) throw new Error('no way to the older ones');
  })), { numRuns: 60, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true });
  t.ok(known > asked / 3, `known ${known} of ${asked} times`);
});

t.test('it reaches back over everything it took while that fits its bounds, and never holds more than they allow', async (t) => {
  fc.assert(fc.property(history, (history) => {
    // What was once too much is forgotten for good; what was cut off stays until it is the oldest.
    let fits = true;
    play(history, (model, tail, opened) => {
      const bytes = model.since(0, 0).reduce((sum, row) => sum + JSON.stringify(row).length + 1, 0);
      fits &&= model.head.first === 1 && model.rows.size <= MAX_ROWS && bytes <= MAX_BYTES;
      if (fits && !tail.since(opened)) throw new Error('changes forgotten without need');
      const held = heldBy(tail, model.head.rev);
      if (held.length > MAX_ROWS || held.reduce((sum, { json }) => sum + json.length, 0) > MAX_BYTES) throw new Error(`${held.length} rows held`);
    });
  }), { numRuns: 40, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true });
  t.pass();
});

/** All it can tell, from the lowest number it knows of. */
function heldBy(tail: Tail, rev: number): readonly Kept[] {
  let low = 0;
  for (let high = rev; low < high; ) {
    const mid = (low + high) >> 1;
    if (tail.since(mid)) high = mid;
    else low = mid + 1;
  }
  return tail.since(low) ?? [];
}

t.test('one message changed for days costs one message of memory', async (t) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const model = new Model();
  const tail = createTail(model.read());
  for (const together of [1, 1]) tail.take(model.apply({ do: 'say', pick: 0, size: 8_000, together }));
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 5_700; i += 1) tail.take(model.apply({ do: 'edit', pick: 1, size: 8_000, together: 1 }));
  collect();
  const grown = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  t.ok(grown < 3, `${grown.toFixed(1)} MiB`);
  t.equal(tail.since(0)?.length, 2);
});

t.test('a page has at most its rows and bytes, at least one row, and says whether there is more', async (t) => {
  const row = (n: number, size: number): Kept => keep({ n, rev: n, cid: 'c', author: 'a', nick: 'n', avatar: 'fox', text: '가'.repeat(size), at: 1 });
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 120 }), fc.integer({ min: 1, max: 50 }), fc.boolean(), (sizes, limit, more) => {
    const all = sizes.map((size, i) => row(sizes.length - i, size));
    const page = firstPage(all, more, limit);
    const bytes = page.kept.reduce((sum, { json }) => sum + Buffer.byteLength(json) + 1, 0);
    return page.kept.length <= limit && (bytes <= PAGE_BYTES || page.kept.length === 1) && (page.kept.length > 0 || all.length === 0)
      && page.more === (more || page.kept.length < all.length) && page.kept.every((kept, i) => kept === all[page.kept.length - 1 - i]);
  }), { numRuns: 200 });
  t.pass();
});
