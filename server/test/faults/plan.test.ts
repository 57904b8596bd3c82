import t from 'tap';
import { type Kind, NODES, planFaults, planMessages, type Programme, SERVERS, type Step } from './plan.ts';
import { seedRandom } from './random.ts';

function count(steps: Step[], { full }: Programme = SERVERS): Record<string, number> {
  const all = steps.flatMap(({ faults }) => faults);
  return Object.fromEntries((Object.keys(full) as Kind[]).map((kind) => [kind, all.filter((one) => one === kind).length]));
}

t.test('a full run has at least 50 faults, 6 of each kind, 5 times two at once, and 20,000 messages', async (t) => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const steps = planFaults(1, seedRandom(seed));
    const counts = count(steps);
    t.ok(steps.flatMap(({ faults }) => faults).length >= 50 && Object.values(counts).every((times) => times >= 6), JSON.stringify(counts));
    t.ok(steps.filter(({ faults }) => faults.length === 2).length >= 5);
  }
  t.equal(planMessages(1), 20_000);
});

t.test('the smallest part still has every kind once, and two at once', async (t) => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const steps = planFaults(0.02, seedRandom(seed));
    t.ok(Object.values(count(steps)).every((times) => times === 1));
    t.equal(steps.filter(({ faults }) => faults.length === 2).length, 1);
  }
});

t.test('two full runs of nodes have at least 200 faults, 12 of each kind, and 200,000 messages', async (t) => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const steps = planFaults(1, seedRandom(seed), NODES);
    const counts = count(steps, NODES);
    t.ok(steps.flatMap(({ faults }) => faults).length >= 100 && Object.values(counts).every((times) => times >= 6), JSON.stringify(counts));
  }
  t.ok(planMessages(1, NODES) >= 100_000);
});

t.test('a seed replays its plan, another seed has another', async (t) => {
  t.same(planFaults(1, seedRandom(7)), planFaults(1, seedRandom(7)));
  t.notSame(planFaults(1, seedRandom(7)), planFaults(1, seedRandom(8)));
});
