import type { Page } from '@aside/server/protocol';
import { mock } from 'node:test';
import t, { type Test } from 'tap';
import { idle, type Link } from '../../src/net/link.ts';
import { openLapse } from '../../src/state/lapse.ts';
import { openPoll } from '../../src/state/poll.ts';
import { createModel } from './model.ts';

const waiting = (unheard: number): Link => ({ at: 'waiting', dial: 1, attempt: unheard, unheard, floor: 0, until: 0 });
const live: Link = { at: 'live', dial: 2, heardAt: 0, limit: 40_000 };

/** Timers go when they are told to, and what was asked is answered before the next. */
function stopClock(t: Test): (ms: number) => Promise<void> {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.teardown(() => mock.timers.reset());
  return async (ms) => {
    mock.timers.tick(ms);
    await new Promise(setImmediate);
  };
}

t.test('a loss is told after five seconds, and one that is over before is not', async (t) => {
  const pass = stopClock(t);
  const told = { value: false };
  const lapse = openLapse(told);
  lapse.follow(waiting(0));
  await pass(4_999);
  lapse.follow(live);
  await pass(1);
  t.equal(told.value, false);
  lapse.follow(waiting(0));
  await pass(3_000);
  lapse.follow({ at: 'dialing', dial: 3, attempt: 1, unheard: 0, until: 0 });
  await pass(1_999);
  t.equal(told.value, false);
  await pass(1);
  t.equal(told.value, true, 'counted from the loss, whatever was tried meanwhile');
  lapse.follow(idle);
  t.equal(told.value, false, 'who has left is told nothing');
});

t.test('pages are read every five seconds, less often while none come, and the first to come again is a reason to dial', async (t) => {
  const pass = stopClock(t);
  const page: Page = createModel().page(99, 0);
  const works = { value: false };
  let there = true;
  let [asked, taken, back] = [0, 0, 0];
  const poll = openPoll(works, async () => { asked += 1; return there ? page : null; }, () => { taken += 1; }, () => { back += 1; });
  poll.follow(waiting(3));
  await pass(0);
  await pass(4_999);
  t.same([asked, taken, back], [1, 1, 0]);
  await pass(1);
  t.same([asked, taken, back], [2, 2, 0]);
  t.equal(works.value, true);
  there = false;
  await pass(5_000);
  t.equal(works.value, false, 'a server that is away is not called blocked');
  for (let i = 0; i < 4; i += 1) await pass(35_000);
  t.same([asked, taken], [7, 2], 'never seldomer than every 35 s');
  there = true;
  await pass(35_000);
  t.same([asked, taken, back], [8, 3, 1]);
  await pass(5_000);
  t.same([asked, taken, back], [9, 4, 1]);
  poll.follow(live);
  await pass(60_000);
  t.equal(asked, 9);
  t.equal(works.value, false);
});
