import { NODES } from '../../test/faults/plan.ts';
import type { Asked, Result } from '../proofs.ts';
import { tryFaults } from './faults.ts';

/** Extra, while Redis is gone. What a comparison takes, and the road of the test's own proxies (up to 80 ms), come on top. */
const LATE_MS = 2_000;
const ROAD_MS = 100;

/** The promise where nodes meet on Redis: the same, whatever becomes of Redis, its hints, a node, and a node's ways. */
export async function prove(asked: Asked): Promise<Result> {
  // A seed decides how many there are, so that runs of both add up.
  const nodes = 2 + (asked.seed % 2);
  const { trial, ok, count, figure } = await tryFaults(asked, NODES, { faults: 100, each: 6, pairs: 5 }, { nodes, redis: true, rooms: 8, writers: 5, paceMs: 150 });
  const { words, p99, max, worst } = trial.lateness;
  const inTime = !asked.clock || (words > 0 && max <= LATE_MS + ROAD_MS);
  if (!inTime && worst) {
    const { at, reader } = worst;
    const fault = trial.effects.find(({ began, ended }) => began <= at && at <= ended);
    asked.say(`while Redis was gone a word came up to ${max.toFixed(0)} ms late to ${reader}, ${fault ? `${(at - fault.began).toFixed(0)} ms into ${fault.kind}: ${fault.seen}` : 'in no fault'}`);
  }
  return { ok: ok && inTime, count, figure: `${nodes} nodes: ${figure}; while Redis was gone ${words.toLocaleString('en')} words, p99 ${p99.toFixed(0)}, at most ${max.toFixed(0)} ms late` };
}
