import t from 'tap';
import type { Place } from '../../src/protocol/index.ts';
import type { WriterOptions } from '../../src/log/writer.ts';
import { type Desk, firstOf as first, openDesk } from './desk.ts';

let current: Desk | null = null;
t.afterEach(() => current?.close());

/** One at a time: a desk holds the clocks. */
function open(options: WriterOptions = {}): Desk {
  current?.close();
  current = openDesk(options);
  return current;
}

t.test('an append that ended without a word is tried once more under the same cid, and then nobody knows', async (t) => {
  for (const end of ['fail', 'null'] as const) {
    const doubts: Place[][] = [];
    const desk = open({ onDoubt: (places) => doubts.push(places) });
    const outcome = desk.say('a', 'words');
    await desk.settle();
    const cids = [];
    for (let i = 0; i < 2; i += 1) {
      cids.push(first(desk).batch[0]?.items.map((item) => ('cid' in item ? item.cid : '')));
      await (end === 'fail' ? first(desk).fail('ECONNRESET') : first(desk).save({ reply: null }));
      await desk.pass(100);
    }
    t.same(await outcome, { is: 'unknown' });
    t.same(cids, [['cid of words'], ['cid of words']]);
    t.same(doubts, [[{ site: '', post: 'a' }], [{ site: '', post: 'a' }]], 'whoever shows the room is told to look');
    t.same(desk.flights, []);
  }
});

t.test('an append that was saved and then cut off is found saved, once', async (t) => {
  const desk = open();
  const outcome = desk.say('a', 'words');
  await desk.settle();
  await first(desk).save({ silent: true });
  await desk.pass(100);
  await first(desk).save();
  t.match(await outcome, { is: 'saved', n: 1, dup: true });
  t.same(desk.saved, { a: ['words'] });
});

t.test('a reply that leaves an item out says nothing about it, and it is tried once more', async (t) => {
  const desk = open();
  const outcomes = ['1', '2'].map((text) => desk.say('a', text));
  await desk.settle();
  await first(desk).save({ reply: { rooms: [], outcomes: [{ i: 1, n: 2, rev: 2 }] } });
  await desk.pass(100);
  t.same(first(desk).texts, { a: ['1'] });
  await first(desk).save();
  t.match(await Promise.all(outcomes), [{ is: 'saved', n: 1 }, { is: 'saved', n: 2 }]);
});

t.test('what never left is tried until its time is over, and then surely not saved', async (t) => {
  const desk = open();
  const outcome = desk.say('a', 'words');
  await desk.settle();
  let tries = 0;
  for (let ms = 0; ms < 5_000; ms += 100) {
    if (desk.flights.length > 0) tries += 1;
    if (desk.flights.length > 0) await first(desk).fail('ECONNREFUSED');
    await desk.pass(100);
  }
  t.ok(tries > 30, `${tries} tries`);
  t.same(await outcome, { is: 'unsent', code: 'store_down' });
  const later = desk.say('a', 'later');
  await desk.settle();
  if (desk.flights.length > 0) await first(desk).fail('57P03');
  await desk.pass(200);
  await first(desk).save();
  t.match(await later, { is: 'saved', n: 1 }, 'and it goes on when the database is back');
});

t.test('of a batch that fails as a whole, only the guilty item is refused', async (t) => {
  const desk = open();
  const outcomes = ['1', 'guilty', '3'].map((text) => desk.say('a', text));
  outcomes.push(desk.say('b', '4'));
  await desk.settle();
  await first(desk).fail('22021');
  const sent = [];
  for (let i = 0; i < 4; i += 1) {
    const texts = Object.values(first(desk).texts).flat();
    sent.push(texts);
    await (texts[0] === 'guilty' ? first(desk).fail('22021') : first(desk).save());
  }
  t.same(sent, [['1'], ['guilty'], ['3'], ['4']]);
  t.match(await Promise.all(outcomes), [{ is: 'saved', n: 1 }, { is: 'refused', code: 'bad_text' }, { is: 'saved', n: 2 }, { is: 'saved', n: 1 }]);
});

t.test('a connection lost while items are tried one by one changes no order', async (t) => {
  for (const code of ['ECONNRESET', 'ECONNREFUSED', '40001']) {
    const desk = open();
    const outcomes = ['1', '2', '3'].map((text) => desk.say('a', text));
    await desk.settle();
    await first(desk).fail('22021');
    await first(desk).fail(code);
    for (let guard = 0; desk.saved.a?.length !== 3 && guard < 20; guard += 1) {
      if (desk.flights.length > 0) await first(desk).save();
      await desk.pass(100);
    }
    t.same(desk.saved, { a: ['1', '2', '3'] }, code);
    t.match(await Promise.all(outcomes), [{ n: 1 }, { n: 2 }, { n: 3 }]);
  }
});

t.test('a database that hangs costs five seconds, is told, and nothing after it waits for ever', async (t) => {
  let late = 0;
  const desk = open({ onLate: () => { late += 1; } });
  const hung = desk.say('a', 'hung');
  await desk.settle();
  const next = desk.say('a', 'next');
  await desk.pass(5_000);
  t.equal(late, 1);
  t.same(await hung, { is: 'unknown' });
  await desk.pass(100);
  t.match(await next, { is: 'unsent', code: 'store_down' });
});

t.test('under more than it can take a writer goes on saving, and tells the rest in time', async (t) => {
  const desk = open();
  const outcomes: Promise<{ is: string }>[] = [];
  let began = 0;
  for (let second = 0; second < 20; second += 1) {
    for (let i = 0; i < 400; i += 1) outcomes.push(desk.say('a', `${second}-${i}`));
    await desk.settle();
    if (desk.flights.length > 0) {
      began += 1;
      await first(desk).save();
    }
    await desk.pass(1_000);
  }
  while (desk.flights.length > 0) await first(desk).save();
  await desk.pass(6_000);
  while (desk.flights.length > 0) await first(desk).save();
  await desk.pass(6_000);
  const told = await Promise.all(outcomes);
  t.ok(began >= 19, 'an append a second, to the end');
  t.ok(told.filter(({ is }) => is === 'saved').length >= 19 * 200, 'each as large as may be');
  t.same([...new Set(told.map(({ is }) => is))].sort(), ['saved', 'unsent'], 'and nobody is left in doubt');
  t.match(told.find(({ is }) => is === 'unsent'), { code: 'overloaded' });
});
