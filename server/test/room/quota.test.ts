import fc from 'fast-check';
import t from 'tap';
import { createAllowance } from '../../src/room/allowance.ts';
import { createQuota, createWindow, owe, spend, takeAll } from '../../src/room/quota.ts';

const rate = fc.record({ perSecond: fc.integer({ min: 1, max: 50 }), burst: fc.integer({ min: 1, max: 60 }) });

t.test('however it is used, a bucket lets through its burst and its rate, and no more', async (t) => {
  fc.assert(fc.property(rate, fc.array(fc.tuple(fc.nat(2_000), fc.integer({ min: 1, max: 3 })), { maxLength: 200 }), (rate, steps) => {
    let now = 0;
    let taken = 0;
    const quota = createQuota(rate, () => now);
    for (const [ms, cost] of steps) {
      now += ms;
      if (quota.take('key', cost) === 0) taken += Math.min(cost, rate.burst);
      if (taken > rate.burst + (now / 1_000) * rate.perSecond + 1e-6) return false;
    }
    return true;
  }));
  t.pass();
});

t.test('who waits as long as it was told is let through, and one millisecond before the last is not', async (t) => {
  fc.assert(fc.property(rate, fc.array(fc.nat(300), { minLength: 1, maxLength: 100 }), fc.integer({ min: 1, max: 5 }), (rate, pauses, cost) => {
    let now = 0;
    const quota = createQuota(rate, () => now);
    for (const pause of pauses) {
      now += pause;
      const wait = quota.take('key', cost);
      if (wait === 0) continue;
      const told = now;
      now = told + wait - 2;
      if (wait > 2 && quota.take('key', cost) === 0) return false;
      now = told + wait;
      if (quota.take('key', cost) !== 0) return false;
    }
    return true;
  }));
  t.pass();
});

t.test('of several buckets all give or none, and the wait is long enough for the emptiest', async (t) => {
  fc.assert(fc.property(fc.array(rate, { minLength: 2, maxLength: 4 }), fc.array(fc.nat(500), { minLength: 1, maxLength: 80 }), (rates, pauses) => {
    let now = 0;
    const quotas = rates.map((rate) => createQuota(rate, () => now));
    const all = quotas.map((quota) => [quota, 'key'] as const);
    for (const pause of pauses) {
      now += pause;
      const wait = takeAll(all);
      if (wait === 0) continue;
      if (takeAll(all) !== wait) return false;
      now += wait;
      if (takeAll(all) !== 0) return false;
    }
    return true;
  }));
  t.pass();
});

t.test('a cost above the burst passes when the bucket is full, so that nothing is refused for ever', async (t) => {
  let now = 0;
  const quota = createQuota({ perSecond: 10, burst: 5 }, () => now);
  t.equal(quota.take('key', 100), 0);
  t.equal(quota.take('key', 100), 500);
  now = 500;
  t.equal(quota.take('key', 100), 0);
});

t.test('what is given back can be taken, but never above the burst; keys know nothing of each other', async (t) => {
  const quota = createQuota({ perSecond: 1, burst: 2 }, () => 0);
  t.same([quota.take('a'), quota.take('a'), quota.take('a')], [0, 0, 1_000]);
  t.equal(quota.take('b'), 0);
  for (let i = 0; i < 9; i += 1) quota.give('a');
  t.same([quota.take('a'), quota.take('a'), quota.take('a')], [0, 0, 1_000]);
});

t.test('a flood of names takes bounded memory and time', async (t) => {
  const quota = createQuota({ perSecond: 1, burst: 1 }, () => 0);
  const began = performance.now();
  for (let i = 0; i < 120_000; i += 1) quota.take(`name ${i}`);
  t.ok(performance.now() - began < 5_000);
});

t.test('who asks regardless owes: each frame makes the wait longer, and the wait told is the wait needed', async (t) => {
  const limit = { perSecond: 2, burst: 1 };
  const bucket = { level: 1, at: 0 };
  t.equal(spend(bucket, limit, 0), 0);
  const waits = [0, 1, 2].map(() => spend(bucket, limit, 0) + owe(bucket, limit));
  t.same(waits, [1_000, 1_500, 2_000]);
  t.ok(spend({ ...bucket }, limit, 1_999) > 0);
  t.equal(spend({ ...bucket }, limit, 2_000), 0);
});

t.test('a refused message costs nobody anything: not its author, its address nor its room', async (t) => {
  let now = 0;
  const caps = { roomMessagesPerS: 10, roomBytesPerS: 1_024, senderMessagesPerS: 1, framesPerMinute: 120 };
  const allowance = createAllowance(caps, () => now);
  const anna = { author: 'anna', address: '192.0.2.1', sandboxed: false, sinceMs: 0 };
  const place = { site: '', post: 'room' };
  const say = { t: 'say', cid: 'c', text: 'a'.repeat(1_024) } as const;
  const ask = (room: typeof place, text = say.text) => allowance.refuse(anna, room, say) ?? allowance.admit(anna, room, text, false);
  t.equal(ask(place), null);
  t.equal(ask(place), null);
  for (let i = 0; i < 50; i += 1) t.equal(ask(place)?.code, 'room_busy');
  t.same([0, 1, 2].map(() => ask({ site: '', post: 'elsewhere' }, 'a')), [null, null, null], 'three of the burst of five are left');
  t.match(ask({ site: '', post: 'elsewhere' }), { code: 'rate', retryAfter: 1_000 });
  now = 30_000;
  for (let i = 0, sent = 0; i < 60; i += 1, now += 1_000) {
    const refusal = ask({ site: '', post: `${i}` }, 'a');
    sent += refusal ? 0 : 1;
    if (!refusal) continue;
    t.ok(sent >= 20, 'twenty at one a second go, then two of three');
    now += refusal.retryAfter - 1_000;
  }
});

t.test('of a room’s messages no second holds more than may be, whatever came before', async (t) => {
  let now = 0;
  const window = createWindow(50, () => now);
  const times: number[] = [];
  for (let i = 0; i < 2_000; i += 1, now += i < 1_000 ? 3 : 31) if (window.take('room') === 0) times.push(now);
  t.ok(times.every((at, i) => i < 50 || at - (times[i - 50] ?? 0) >= 1_000), `${times.length} taken`);
  for (let i = 0; i < 50; i += 1) window.take('other');
  const wait = window.take('other');
  now += wait;
  t.ok(wait > 0 && wait <= 1_000);
  t.equal(window.take('other'), 0, 'waiting as told is enough');
  window.give('other');
  t.equal(window.take('other'), 0, 'what is given back can be taken');
});

t.test('people behind one address share more than one of them has, and less than all of them would', async (t) => {
  const caps = { roomMessagesPerS: 1_000, roomBytesPerS: 1_000_000, senderMessagesPerS: 1, framesPerMinute: 120 };
  const allowance = createAllowance(caps, () => 0);
  const say = { t: 'say', cid: 'c', text: 'a' } as const;
  let sent = 0;
  for (let i = 0; i < 100; i += 1) sent += allowance.refuse({ author: `${i}`, address: '192.0.2.1', sandboxed: false, sinceMs: 0 }, { site: '', post: 'x' }, say) ? 0 : 1;
  t.equal(sent, 50);
  let boxed = 0;
  for (let i = 0; i < 100; i += 1) boxed += allowance.refuse({ author: `${i}`, address: '192.0.2.2', sandboxed: true, sinceMs: 20_000 }, { site: '', post: 'x' }, say) ? 0 : 1;
  t.equal(boxed, 5, 'sandboxed ones of an address are one person');
});
