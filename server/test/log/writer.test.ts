import t from 'tap';
import type { Place } from '../../src/protocol/index.ts';
import type { WriterOptions } from '../../src/log/writer.ts';
import { type Desk, openDesk } from './desk.ts';

let current: Desk | null = null;
t.afterEach(() => current?.close());

/** One at a time: a desk holds the clocks. */
function open(options: WriterOptions = {}): Desk {
  current?.close();
  current = openDesk(options);
  return current;
}

/** The oldest append under way. */
function first(desk: Desk) {
  const flight = desk.flights[0];
  if (!flight) throw new Error('nothing is under way');
  return flight;
}

t.test('a room has one append under way; what arrives meanwhile goes together, next and in order', async (t) => {
  const desk = open();
  const outcomes = [desk.say('a', '1')];
  await desk.settle();
  for (const text of ['2', '3', '4']) outcomes.push(desk.say('a', text));
  await desk.settle();
  t.same(desk.flights.map(({ texts }) => texts), [{ a: ['1'] }]);
  await first(desk).save();
  t.same(desk.flights.map(({ texts }) => texts), [{ a: ['2', '3', '4'] }]);
  await first(desk).save();
  t.match(await Promise.all(outcomes), [1, 2, 3, 4].map((n) => ({ is: 'saved', n, dup: false })));
  t.same(desk.flights, []);
});

t.test('a commit stands on the first item of its room only, so that it is told once', async (t) => {
  const desk = open();
  const outcomes = ['a', 'a', 'b', 'a'].map((room, i) => desk.say(room, `${i}`));
  await desk.settle();
  await first(desk).save();
  t.match((await Promise.all(outcomes)).map((one) => (one.is === 'saved' ? one.commit : one)), [{ place: { post: 'a' }, from: 0, rev: 3 }, null, { place: { post: 'b' }, rev: 1 }, null]);
});

t.test('an append takes at most 8 rooms and 200 items, and at most 3 are under way', async (t) => {
  const desk = open();
  for (let room = 0; room < 40; room += 1) void desk.say(`room ${room}`, 'x');
  await desk.settle();
  t.same(desk.flights.map(({ batch }) => batch.length), [8, 8, 8]);
  await first(desk).save();
  t.same(desk.flights.map(({ batch }) => batch.length), [8, 8, 8]);
  const other = open();
  for (let i = 0; i < 450; i += 1) void other.say('hot', `${i}`);
  await other.settle();
  t.same(other.flights.map(({ texts }) => texts.hot?.length), [200]);
});

t.test('a slow room rides alone, never on the last slot, and is quick again when it was', async (t) => {
  const desk = open();
  for (const text of ['1', '2']) void desk.say('slow', text);
  await desk.settle();
  await desk.pass(16);
  void desk.say('slow', '3');
  for (const room of ['a', 'b']) void desk.say(room, '1');
  await first(desk).save();
  t.same(desk.flights.map(({ texts }) => Object.keys(texts)).sort(), [['a', 'b'], ['slow']]);
  for (const room of ['c', 'd']) void desk.say(room, '1');
  await desk.settle();
  t.equal(desk.flights.length, 3);
  const slow = desk.flights.find(({ texts }) => 'slow' in texts);
  void desk.say('slow', '4');
  await desk.pass(40);
  await slow?.save();
  t.equal(desk.flights.some(({ texts }) => 'slow' in texts), false, 'two others are under way: the last slot is not for it');
  void desk.say('quick', '1');
  await desk.settle();
  t.ok(desk.flights.some(({ texts }) => 'quick' in texts), 'but for a quick one');
  for (let guard = 0; !desk.flights.some(({ texts }) => 'slow' in texts) && guard < 9; guard += 1) await first(desk).save();
  await desk.flights.find(({ texts }) => 'slow' in texts)?.save();
  for (const room of ['slow', 'a']) void desk.say(room, 'last');
  await desk.settle();
  t.ok(desk.flights.some(({ texts }) => 'slow' in texts && 'a' in texts), 'together with others again');
});

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

t.test('a reply that leaves an item out says nothing about it', async (t) => {
  const desk = open();
  const outcomes = ['1', '2'].map((text) => desk.say('a', text));
  await desk.settle();
  await first(desk).save({ reply: { rooms: [], outcomes: [{ i: 1, n: 2, rev: 2 }] } });
  t.match(await Promise.all(outcomes), [{ is: 'unknown' }, { is: 'saved', n: 2 }]);
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

t.test('what waits is bounded, and says so at once', async (t) => {
  const desk = open();
  for (let i = 0; i < 5_000; i += 1) void desk.say('a', `${i}`);
  t.same(await desk.say('b', 'one too many'), { is: 'unsent', code: 'overloaded' });
  await desk.settle();
  await first(desk).save();
  const taken = desk.say('b', 'there is room again');
  await desk.settle();
  for (let guard = 0; !desk.saved.b && guard < 5; guard += 1) await first(desk).save();
  t.match(await taken, { is: 'saved' });
});

t.test('closing takes nothing new and waits for what was taken', async (t) => {
  const desk = open();
  const outcome = desk.say('a', 'words');
  await desk.settle();
  let closed = false;
  const closing = desk.writer.close().then(() => { closed = true; });
  t.same(await desk.say('a', 'too late'), { is: 'unsent', code: 'overloaded' });
  await desk.pass(50);
  t.equal(closed, false);
  await first(desk).save();
  t.match(await outcome, { is: 'saved' });
  for (let i = 0; i < 5; i += 1) await desk.pass(10);
  await closing;
  t.equal(closed, true);
});
