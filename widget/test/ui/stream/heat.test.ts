import t from 'tap';
import { drawHeat, HEAT_HIGH, HEAT_WIDE } from '../../../src/ui/stream/heat.ts';

const points = (path: string) => [...path.matchAll(/L([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);

t.test('where most was said the outline is highest, and it never leaves its frame', async (t) => {
  const drawn = points(drawHeat([0, 0, 0, 0, 9, 0, 0, 0, 0, 1]));
  const top = drawn.reduce((best, one) => (one[1] < best[1] ? one : best));
  t.ok(top[0] > 200 && top[0] < 700);
  t.ok(drawn.every(([x, y]) => x >= 0 && x <= HEAT_WIDE && y >= 0 && y <= HEAT_HIGH));
});

t.test('where nothing was said nothing is drawn', async (t) => {
  t.equal(drawHeat([]), '');
  t.equal(drawHeat([0, 0]), '');
});
