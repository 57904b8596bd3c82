import t from 'tap';
import { createRasteriser } from '../../src/http/rasteriser.ts';

const square = (colour: string): string => `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="${colour}"/></svg>`;

t.test('pictures are drawn in the order they are asked for, what cannot be drawn is refused alone, and too many are not begun', async (t) => {
  const rasteriser = createRasteriser();
  t.teardown(() => rasteriser.close());
  const asked = Array.from({ length: 18 }, (_, i) => rasteriser.draw(i === 1 ? 'this is no picture' : square(i % 2 ? '#fff' : '#000')));
  t.same(asked.map((one) => one === null).slice(-2), [true, true]);
  const drawn = await Promise.allSettled(asked.filter((one) => one !== null));
  t.same(drawn.map(({ status }) => status), drawn.map((_, i) => (i === 1 ? 'rejected' : 'fulfilled')));
  const [black, , , white] = drawn.map((one) => (one.status === 'fulfilled' ? Buffer.from(one.value).toString('base64') : ''));
  t.not(black, white);
});

t.test('who closes it leaves nothing waiting', async (t) => {
  const rasteriser = createRasteriser();
  const asked = Promise.allSettled([rasteriser.draw(square('#000'))]);
  await rasteriser.close();
  t.match(await asked, [{ status: 'rejected' }]);
});
