import { mock } from 'node:test';
import t from 'tap';
import { createPace } from '../../src/room/pace.ts';
import { createPulse } from '../../src/room/pulse.ts';

t.beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] }));
t.afterEach(() => mock.timers.reset());

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await Promise.resolve();
}

t.test('of one key the first goes at once, the others together, once an interval; another key does not wait', async (t) => {
  const pace = createPace(1_000);
  const went: string[] = [];
  const go = (name: string, key = 'message'): void => {
    const turn = pace.turn(key);
    if (turn) void turn.then(() => went.push(name));
    else went.push(name);
  };
  for (const name of ['1', '2', '3']) go(name);
  go('other', 'another message');
  t.same(went, ['1', 'other']);
  mock.timers.tick(999);
  await settle();
  t.same(went, ['1', 'other']);
  mock.timers.tick(1);
  await settle();
  t.same(went, ['1', 'other', '2', '3']);
  go('4');
  t.equal(went.length, 4, 'the interval began anew');
  mock.timers.tick(1_000);
  await settle();
  t.same(went.at(-1), '4');
  mock.timers.tick(1_000);
  go('5');
  t.same(went.at(-1), '5', 'after a pause it goes at once again');
  go('6');
  pace.close();
  await settle();
  t.same(went.at(-1), '6', 'closing holds nobody back');
});

t.test('everybody is called every 25 s, the first time after 12 to 25 s, and never after its end', async (t) => {
  let now = 0;
  const pulse = createPulse(() => now);
  t.teardown(() => pulse.close());
  const calls = Array.from({ length: 500 }, () => [] as number[]);
  const ends = calls.map((call) => pulse.add({ beat: (at) => call.push(at) }));
  const pass = (seconds: number): void => {
    for (let i = 0; i < seconds; i += 1) {
      now += 1_000;
      mock.timers.tick(1_000);
    }
  };
  pass(75);
  for (const call of calls) {
    t.ok((call[0] ?? 0) >= 12_000 && (call[0] ?? 0) <= 25_000);
    t.same(call.slice(1).map((at, i) => at - (call[i] ?? 0)), Array(call.length - 1).fill(25_000));
  }
  t.ok(new Set(calls.map((call) => call[0])).size > 8, 'they are spread');
  for (const end of ends) end();
  const before = calls.flat().length;
  pass(50);
  t.equal(calls.flat().length, before);
});

t.test('what is expected is overdue once, when its time is over, unless it came', async (t) => {
  let now = 0;
  const pulse = createPulse(() => now);
  t.teardown(() => pulse.close());
  const overdue: string[] = [];
  pulse.expect({ overdue: () => overdue.push('late') }, 10_000);
  const came = pulse.expect({ overdue: () => overdue.push('came') }, 10_000);
  for (let i = 0; i < 30; i += 1) {
    now += 1_000;
    if (i === 5) came();
    mock.timers.tick(1_000);
    if (i < 9) t.same(overdue, []);
  }
  t.same(overdue, ['late']);
});
