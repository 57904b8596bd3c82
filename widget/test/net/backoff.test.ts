import t from 'tap';
import { drawBetween, drawWait } from '../../src/net/backoff.ts';

t.test('waits are full jitter: anything from nothing to a bound that doubles and ends', async (t) => {
  t.same([0, 1, 2, 3, 4, 5, 9].map((attempt) => drawWait(attempt, 1)), [5_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  t.same([0, 1, 9].map((attempt) => drawWait(attempt, 0)), [0, 0, 0]);
});

t.test('a range is drawn from evenly, and a reversed one is its lower end', async (t) => {
  t.equal(drawBetween([1_000, 3_000], 0.5), 2_000);
  t.equal(drawBetween([3_000, 1_000], 0.5), 3_000);
});
