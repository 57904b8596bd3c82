import t from 'tap';
import type { Damage } from './damage.ts';
import { logDamages } from './damage-log.ts';
import { wireDamages } from './damage-wire.ts';
import { makeHistory } from './histories.ts';
import { checkHistory, countMessages, type History } from './history.ts';
import { seedRandom } from './random.ts';

const CLEAN = 200;
/** Good histories that each damage is put into. */
const TRIALS = 40;
/** As text, so that in a copy no two frames share a row and a lie told to one is not told to all. */
const good = Array.from({ length: TRIALS }, (_, i) => JSON.stringify(makeHistory(i + 1, 120)));

t.test('the checker passes good histories, whatever was cut, lost, resent, resumed or told twice', async (t) => {
  let acknowledged = 0;
  for (let seed = 1; seed <= CLEAN; seed += 1) {
    const history = makeHistory(seed);
    acknowledged += countMessages(history).acknowledged;
    const violations = checkHistory(history);
    if (violations.length > 0) t.same(violations, [], `seed ${seed}`);
  }
  t.ok(acknowledged > 20 * CLEAN, `${CLEAN} histories with ${acknowledged} acknowledged messages`);
});

t.test('the good histories hold what real ones hold, so the damage has somewhere to land', async (t) => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 20; seed += 1) {
    for (const client of makeHistory(seed).clients) {
      for (const event of client.events) {
        seen.add(event.is);
        if (event.is === 'got') seen.add(event.frame.t === 'ok' && event.frame.dup ? 'ok dup' : event.frame.t).add(event.took);
        if (event.is === 'got' && event.frame.t === 'welcome') seen.add(event.frame.resumed ? 'resumed' : 'fresh');
      }
    }
  }
  for (const what of ['closed', 'ok', 'ok dup', 'no', 'wait', 'beat', 'resumed', 'fresh', 'applied', 'ignored', 'kept']) t.ok(seen.has(what), what);
});

for (const damage of [...logDamages, ...wireDamages]) {
  t.test(`the checker finds it when ${damage.name}`, async (t) => {
    const { inflicted, missed } = tryDamage(damage);
    t.ok(inflicted >= TRIALS / 2, `put into ${inflicted} of ${TRIALS} histories`);
    t.same(missed, [], `seeds in which no ${damage.kind} was reported`);
  });
}

t.test('at least 25 kinds of damage are tried, each under its own name', async (t) => {
  const names = new Set([...logDamages, ...wireDamages].map(({ name }) => name));
  t.ok(names.size >= 25, `${names.size} kinds of damage`);
  t.equal(names.size, logDamages.length + wireDamages.length);
});

function tryDamage(damage: Damage): { inflicted: number; missed: number[] } {
  let inflicted = 0;
  const missed: number[] = [];
  for (const [i, text] of good.entries()) {
    const history = JSON.parse(text) as History;
    if (!damage.inflict(history, seedRandom(`${damage.name} ${i}`))) continue;
    inflicted += 1;
    if (!checkHistory(history).some(({ kind }) => kind === damage.kind)) missed.push(i + 1);
  }
  return { inflicted, missed };
}
