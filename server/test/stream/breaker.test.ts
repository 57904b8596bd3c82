import t from 'tap';
import { createBreaker, type Outcome } from '../../src/stream/breaker.ts';

function begin() {
  let time = 0;
  const breaker = createBreaker(() => time);
  const ask = (outcome: Outcome, host = 'a') => {
    const pass = breaker.enter(host);
    pass?.(outcome);
    return pass !== null;
  };
  const fail = (times: number) => { for (let i = 0; i < times; i += 1) ask('bad'); };
  return { breaker, ask, fail, wait: (ms: number) => { time += ms; } };
}

t.test('five failures within ten seconds let a host rest, and no other', async (t) => {
  const { ask, fail } = begin();
  fail(5);
  t.notOk(ask('good'));
  t.ok(ask('good', 'b'));
});

t.test('failures that lie further apart do not add up, nor do those before a success', async (t) => {
  const { ask, fail, wait } = begin();
  fail(4);
  wait(10_000);
  fail(4);
  t.ok(ask('good'));
  fail(4);
  t.ok(ask('none'), 'of which nothing is learnt');
  t.ok(ask('bad'));
  t.notOk(ask('good'));
});

t.test('the rest doubles from one second to thirty, and begins anew after a success', async (t) => {
  const { ask, fail, wait } = begin();
  fail(5);
  for (const rest of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    wait(rest - 1);
    t.notOk(ask('bad'), `before ${rest} ms`);
    wait(1);
    t.ok(ask('bad'), `after ${rest} ms`);
  }
  wait(30_000);
  t.ok(ask('good'));
  t.ok(ask('bad'), 'all may ask again');
  fail(4);
  wait(999);
  t.notOk(ask('good'));
  wait(1);
  t.ok(ask('good'));
});

t.test('one asks whether a host is back, and the others wait for what it says', async (t) => {
  const { breaker, ask, fail, wait } = begin();
  fail(5);
  wait(1_000);
  const probe = breaker.enter('a');
  t.notOk(ask('good'));
  probe?.('none');
  t.ok(breaker.enter('a'), 'a probe that learnt nothing makes room for another');
  t.notOk(ask('good'));
});

t.test('who set out before a host rested does not prolong the rest, and ends it with good news', async (t) => {
  const { breaker, ask, fail, wait } = begin();
  const [late, lucky] = [breaker.enter('a'), breaker.enter('a')];
  fail(5);
  late?.('bad');
  wait(1_000);
  const probe = breaker.enter('a');
  lucky?.('good');
  probe?.('bad');
  t.ok(ask('good'));
});

t.test('an outcome counts once', async (t) => {
  const { breaker, ask } = begin();
  const pass = breaker.enter('a');
  for (let i = 0; i < 9; i += 1) pass?.('bad');
  t.ok(ask('good'));
});
