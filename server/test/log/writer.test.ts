import { mock } from 'node:test';
import t from 'tap';
import { type Desk, firstOf as first, openDesk } from './desk.ts';

let current: Desk | null = null;
t.afterEach(() => current?.close());

/** One at a time: a desk holds the clocks. */
function open(): Desk {
  current?.close();
  current = openDesk();
  return current;
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

t.test('where several spoke during one append the next gathers until 15 ms after it, or until 16 wait', async (t) => {
  const desk = open();
  for (const text of ['1', '2']) void desk.say('busy', text);
  await desk.settle();
  await desk.pass(5);
  await first(desk).save();
  void desk.say('busy', '3');
  void desk.say('calm', '1');
  await desk.settle();
  t.same(desk.flights.map(({ texts }) => texts), [{ calm: ['1'] }], 'other rooms do not wait');
  void desk.say('busy', '4');
  await desk.pass(9.9);
  t.same(desk.flights.length, 1);
  await desk.pass(1);
  t.same(desk.flights.map(({ texts }) => texts), [{ calm: ['1'] }, { busy: ['3', '4'] }]);
  await desk.flights[1]?.save();
  for (let i = 0; i < 16; i += 1) void desk.say('busy', 'x');
  await desk.settle();
  t.equal(desk.flights[1]?.texts.busy?.length, 16);
});

t.test('a timer that rings early delays what gathers, and does not leave it behind', async (t) => {
  const desk = open();
  for (const text of ['1', '2']) void desk.say('busy', text);
  await desk.settle();
  await first(desk).save();
  const outcome = desk.say('busy', '3');
  await desk.settle();
  mock.timers.tick(15);
  await desk.settle();
  t.same(desk.flights, [], 'by the clock that does not go back it is too early');
  await desk.pass(15);
  await first(desk).save();
  t.match(await outcome, { is: 'saved', n: 3 });
});

t.test('who speaks alone in a room waits for nothing', async (t) => {
  const desk = open();
  for (const text of ['1', '2', '3']) {
    void desk.say('a', text);
    await desk.settle();
    t.same(desk.flights.map(({ texts }) => texts), [{ a: [text] }]);
    await first(desk).save();
  }
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
