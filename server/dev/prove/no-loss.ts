import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { kinds, planFaults, planMessages } from '../../test/faults/plan.ts';
import { seedRandom } from '../../test/faults/random.ts';
import { runTrial, tally, type Trial } from '../../test/faults/trial.ts';
import type { Violation, ViolationKind } from '../../test/faults/violations.ts';
import type { Asked, Result } from '../proofs.ts';

/** The promise: whatever dies, what was acknowledged is saved, once, in one order, and shown alike to everybody. */
export async function prove({ share, seed, say }: Asked): Promise<Result> {
  const trial = await runTrial({ share, seed, say });
  for (const violation of trial.violations.slice(0, 20)) say(JSON.stringify(violation));
  for (const complaint of trial.complaints) say(complaint);
  if (trial.violations.length > 0) say(`the whole history: ${await keepHistory(trial, seed)}`);
  const shortfalls = findShortfalls(trial, share, seed);
  for (const shortfall of shortfalls) say(shortfall);
  return { ok: trial.violations.length === 0 && trial.complaints.length === 0 && shortfalls.length === 0, count: trial.acknowledged, figure: describe(trial) };
}

/** A run whose faults did not happen proves nothing. */
function findShortfalls({ effects, pairs, acknowledged }: Trial, share: number, seed: number): string[] {
  const counts = tally(effects);
  const total = effects.filter(({ took }) => took).length;
  const planned = planFaults(share, seedRandom(seed).fork('plan')).flatMap(({ faults }) => faults).length;
  const wanted = share === 1 ? { faults: 50, each: 6, pairs: 5 } : { faults: Math.ceil(planned * 0.9), each: 1, pairs: 1 };
  return [
    ...(total < wanted.faults ? [`only ${total} faults took effect, not ${wanted.faults}`] : []),
    ...kinds.flatMap((kind) => ((counts[kind] ?? 0) < wanted.each ? [`only ${counts[kind]} of kind ${kind} took effect, not ${wanted.each}`] : [])),
    ...(pairs < wanted.pairs ? [`only ${pairs} times two at once, not ${wanted.pairs}`] : []),
    ...(acknowledged < planMessages(share) ? [`only ${acknowledged} messages were acknowledged, not ${planMessages(share)}`] : []),
  ];
}

const counted: Record<string, ViolationKind[]> = {
  lost: ['lost', 'change_lost'],
  doubled: ['doubled_row', 'doubled_ok', 'shared_number', 'renumbered'],
  'out of order': ['out_of_order', 'row_disorder'],
  'holes in n': ['hole'],
  disagreements: ['disagree', 'shown_differs', 'view_differs', 'view_misses', 'view_stale'],
};

function describe({ effects, pairs, acknowledged, resent, answerLost, shown, violations, complaints }: Trial): string {
  const count = (found: ViolationKind[]): number => violations.filter(({ kind }) => found.includes(kind)).length;
  const other = violations.filter(({ kind }) => !Object.values(counted).flat().includes(kind)).length + complaints.length;
  const faults = Object.entries(tally(effects)).map(([kind, times]) => `${times} ${kind}`).join(', ');
  const verdict = Object.entries(counted).map(([name, found]) => `${count(found)} ${name}`).join(', ');
  return `${acknowledged.toLocaleString('en')} acknowledged (${resent} sent again, ${answerLost} of them saved before their answer was lost), ${shown.toLocaleString('en')} rows shown, ${effects.filter(({ took }) => took).length} faults that took effect `
    + `(${faults}; ${pairs} times two at once): ${verdict}, ${other} other`;
}

async function keepHistory({ history, violations }: Trial, seed: number): Promise<string> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'aside-no-loss-')), `history-${seed}.json`);
  const rooms = new Set(violations.map(({ room }: Violation) => room));
  await writeFile(file, JSON.stringify({ violations, clients: history.clients.filter(({ room }) => rooms.has(room)), rooms: history.rooms.filter(({ room }) => rooms.has(room)) }));
  return file;
}
