import t from 'tap';
import { breaches } from '../../dev/law.ts';
import { ROOT } from '../../dev/places.ts';
import { claims } from './claims.ts';
import { tryPlants } from './law.ts';
import { guilty, innocent } from './plants.ts';

for (const [claim, look] of Object.entries(claims)) t.test(claim, async (t) => { t.same(await look(), []); });

t.test('no import breaks the law', async (t) => { t.same(await breaches(ROOT), []); });

t.test('the law catches every planted violation and says which', async (t) => {
  for (const { plant, found, ok } of await tryPlants(guilty)) t.ok(ok, `${plant.name}: ${found.join(', ') || 'not seen'}`);
});

t.test('the law says nothing of what only looks like one', async (t) => {
  for (const { plant, found, ok } of await tryPlants(innocent)) t.ok(ok, `${plant.name}: ${found.join(', ') || 'nothing'}`);
});
