import fc from 'fast-check';
import t from 'tap';
import { createBeat } from '../../src/room/beat.ts';

const BEAT_MS = 78;
const DENSE_BEAT_MS = 52;
const DENSEST_BEAT_MS = 44;

t.test('the first row in a quiet room goes at once, however many read', async (t) => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 251, max: 60_000 }), (members, pause) => {
    const beat = createBeat();
    if (beat.wait(0, members, 1) !== 0) return false;
    beat.passed(0, 0);
    return beat.wait(pause, members, 1) === 0;
  }));
  t.pass();
});

t.test('a calm room gathers nothing', async (t) => {
  const beat = createBeat();
  let now = 0;
  for (let i = 0; i < 200; i += 1) {
    now += 100;
    t.ok(beat.wait(now, 100, 1) < 1, '10 rows a second to 100 readers');
    beat.passed(now, 0);
  }
});

t.test('a hot room gathers for 78 ms, for less where hundreds of rows come a second, however many come at once', async (t) => {
  for (const [everyMs, rows, gathers] of [[50, 1, BEAT_MS], [20, 1, BEAT_MS], [5, 1, DENSE_BEAT_MS], [20, 4, DENSE_BEAT_MS], [2, 1, DENSEST_BEAT_MS], [20, 10, DENSEST_BEAT_MS]] as const) {
    const beat = createBeat();
    let wait = 0;
    for (let now = 0; now < 5_000; now += everyMs) {
      wait = beat.wait(now, 1_000, rows);
      beat.passed(now, 0);
    }
    t.equal(wait, gathers, `${rows} rows every ${everyMs} ms`);
  }
});

t.test('the longer a pass takes, the less a hot room gathers: the last reader has the row within the beat', async (t) => {
  const beat = createBeat();
  for (let now = 0; now < 5_000; now += 100) {
    beat.wait(now, 3_000, 1);
    beat.passed(now, 30);
  }
  t.equal(beat.wait(5_000, 3_000, 1), BEAT_MS - 30);
});

t.test('however rows come, the wait is between nothing and the beat, or what the last pass needs', async (t) => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(400), fc.nat(5_000), fc.nat(100)), { maxLength: 200 }), (steps) => {
    const beat = createBeat();
    let now = 0;
    let last = { at: Number.NEGATIVE_INFINITY, took: 0 };
    return steps.every(([pause, members, took]) => {
      now += pause;
      const wait = beat.wait(now, members, 1);
      const rest = Math.max(0, last.at + 2 * last.took - now);
      beat.passed(now, took);
      last = { at: now, took };
      return wait >= rest && wait <= Math.max(rest, BEAT_MS);
    });
  }));
  t.pass();
});

t.test('more readers never make it gather less, nor do more rows until they are a hundred a second', async (t) => {
  const waitOf = (every: number, members: number): number => {
    const beat = createBeat();
    let wait = 0;
    for (let now = 0; now < 3_000; now += every) {
      wait = beat.wait(now, members, 1);
      beat.passed(now, 0);
    }
    return wait;
  };
  for (const every of [5, 20, 50, 100]) t.ok(waitOf(every, 2_000) >= waitOf(every, 200));
  for (const members of [100, 500, 1_000]) t.ok(waitOf(12, members) >= waitOf(100, members));
});

t.test('a process that stood in the midst of a pass does not rest for as long again', async (t) => {
  const beat = createBeat();
  beat.wait(0, 10, 1);
  beat.passed(0, 8_000);
  t.equal(beat.wait(8_000, 10, 1), 0);
});
