import { claims } from '../../test/docs/claims.ts';
import { tryPlants } from '../../test/docs/law.ts';
import { guilty, innocent } from '../../test/docs/plants.ts';
import { breaches } from '../law.ts';
import { ROOT } from '../places.ts';
import type { Asked, Result } from '../proofs.ts';

/** Imports point one way, a violation is seen, and what the documents say of the code is so. Always whole: it is quick. */
export async function prove({ say }: Asked): Promise<Result> {
  const broken = await breaches(ROOT);
  const planted = await tryPlants(guilty);
  const harmless = await tryPlants(innocent);
  for (const line of broken) say(line);
  for (const { plant } of planted.filter(({ ok }) => !ok)) say(`not seen: ${plant.name}`);
  for (const { plant, found } of harmless.filter(({ ok }) => !ok)) say(`seen for nothing: ${plant.name} (${found.join(', ')})`);
  let untrue = 0;
  for (const [claim, look] of Object.entries(claims)) {
    const faults = await look();
    if (faults.length > 0) untrue += 1;
    for (const fault of faults) say(`${claim}: ${fault}`);
  }
  const caught = planted.filter(({ ok }) => ok).length;
  const alarms = harmless.filter(({ ok }) => !ok).length;
  const told = Object.keys(claims).length;
  return {
    ok: broken.length === 0 && caught === planted.length && alarms === 0 && untrue === 0,
    count: planted.length + harmless.length + told,
    figure: `${broken.length} breaches, ${caught}/${planted.length} planted violations caught, ${alarms} false alarms of ${harmless.length}, ${told - untrue}/${told} claims of the documents true`,
  };
}
