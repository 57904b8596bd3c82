import t from 'tap';
import { type Crowd, hear, rest, TELL_EVERY_MS } from '../../src/ui/crowd.ts';

const silent: Crowd = { n: 0, came: [], loud: false, untold: 0 };

/** One message of another at each of these seconds. */
const listen = (seconds: readonly number[], from = silent): Crowd => seconds.reduce((crowd, second) => hear(crowd, crowd.n + 1, 1, second * 1_000), from);

t.test('a message a second is read out, line by line', async (t) => {
  t.match(listen([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), { n: 10, loud: false, untold: 0 });
});

t.test('more than that is counted, from the first that was too much', async (t) => {
  t.match(listen([1, 1.5, 2, 2.5, 3]), { loud: false });
  t.match(listen([1, 1.5, 2, 2.5, 3, 3.5, 3.6]), { loud: true, untold: 2 });
  t.match(hear(silent, 100, 100, 0), { loud: true, untold: 100 }, 'all of a flood that comes at once');
  t.match(hear(silent, 100, 0, 0), { n: 100, loud: false }, 'one’s own are not news');
});

t.test('what was told is not told again, and a room that calms down is read out as before', async (t) => {
  const flood = hear(silent, 10, 10, 0);
  t.match(rest(flood, 4_000), { loud: true, untold: 0 });
  t.match(listen([4.5], rest(flood, 4_000)), { loud: true, untold: 1 });
  t.match(rest(flood, TELL_EVERY_MS), { loud: false, untold: 0, came: [] });
});
