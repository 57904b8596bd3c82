import { createGuard } from '../../../src/stream/guard.ts';
import { openOrigin } from '../../../src/stream/origin.ts';
import { StreamError } from '../../../src/stream/refusal.ts';
import { seedRandom } from '../../../test/faults/random.ts';
import { openAttacker } from './attacker.ts';
import { openNames } from './names.ts';
import { LISTED } from './places.ts';
import { setTraps } from './traps.ts';
import { drawTries, nameOf, type Try } from './tries.ts';
import { askCarelessly } from './unguarded.ts';

/** Runs in the network of `world.ts`; its last line is what was seen. */
export type Tried = { tries: number; hits: string[]; ends: Record<string, number>; careless: number; notCareless: string[]; faults: string[] };

const TURNS_TRIED = 2;

const [count = '', seed = ''] = process.argv.slice(2);
const traps = await setTraps();
await openAttacker();
const names = await openNames();
const tries = drawTries(Number(count), seedRandom(seed).fork('tries'));
const tried: Tried = { tries: tries.length, hits: [], ends: {}, careless: 0, notCareless: [], faults: [] };
for (const [at, one] of tries.entries()) await guarded(one, at);
for (const [at, one] of tries.entries()) await careless(one, at);
// This is the first process of its kind: what it opened, and the whole network, end with it.
process.stdout.write(`${JSON.stringify(tried)}\n`, () => process.exit());

/** As the product asks, by the system's resolver. */
async function guarded(one: Try, at: number): Promise<void> {
  const own = nameOf('guarded', at);
  if (one.answers) names.set(own, one.answers);
  const origin = openOrigin(createGuard(one.listed ? [`${LISTED.address}:${LISTED.port}`] : []));
  let end: string;
  let told = '';
  try {
    const { body } = await origin.ask(one.address(own), { maxBytes: 1_000 });
    told = Buffer.concat(await Array.fromAsync(body)).toString();
    end = 'answered';
  } catch (error) {
    end = error instanceof StreamError ? error.code : String(error);
  }
  await origin.close();
  const hits = traps.hits();
  tried.ends[end] = (tried.ends[end] ?? 0) + 1;
  tried.hits.push(...hits.map((hit) => `${one.kind}: ${one.address(own)} led to ${hit}`));
  if (!['private_address', 'bad_url', 'bad_port'].includes(end)) tried.faults.push(`${one.kind}: ${one.address(own)} ended with ${end} ${told}`);
}

/** The same without a guard: what leads nowhere would prove nothing. */
async function careless(one: Try, at: number): Promise<void> {
  for (let turn = 0; turn < TURNS_TRIED; turn += 1) {
    const own = nameOf(`careless${turn}x`, at);
    if (one.answers) names.set(own, one.answers);
    await askCarelessly(one.address(own), one.turns);
    if (traps.hits().length > 0) {
      tried.careless += 1;
      return;
    }
  }
  tried.notCareless.push(`${one.kind}: ${one.address('name')}`);
}
