import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Kind, planFaults, planMessages, type Programme } from '../../test/faults/plan.ts';
import { seedRandom } from '../../test/faults/random.ts';
import { runTrial, tally, type Trial, type TrialOptions } from '../../test/faults/trial.ts';
import type { Violation, ViolationKind } from '../../test/faults/violations.ts';
import type { Asked, Result } from '../proofs.ts';

/** What a whole run must have met. */
export type Wanted = { faults: number; each: number; pairs: number };

/** Runs a programme of faults and reads the verdict: the figure, and in lines what is wrong or was not reached. */
export async function tryFaults({ share, seed, say }: Asked, programme: Programme, wanted: Wanted, how: Partial<TrialOptions> = {}): Promise<Result & { trial: Trial }> {
  const trial = await runTrial({ share, seed, say, programme, ...how });
  for (const violation of trial.violations.slice(0, 20)) say(JSON.stringify(violation));
  for (const complaint of trial.complaints) say(complaint);
  if (trial.violations.length > 0) say(`the whole history: ${await keepHistory(trial, seed)}`);
  const shortfalls = findShortfalls(trial, share, seed, programme, wanted);
  for (const shortfall of shortfalls) say(shortfall);
  return { ok: trial.violations.length === 0 && trial.complaints.length === 0 && shortfalls.length === 0, count: trial.acknowledged, figure: describe(trial), trial };
}

/** A run whose faults did not happen proves nothing. */
function findShortfalls({ effects, pairs, acknowledged }: Trial, share: number, seed: number, programme: Programme, whole: Wanted): string[] {
  const counts = tally(effects);
  const total = effects.filter(({ took }) => took).length;
  const planned = planFaults(share, seedRandom(seed).fork('plan'), programme).flatMap(({ faults }) => faults).length;
  const wanted = share === 1 ? whole : { faults: Math.ceil(planned * 0.9), each: 1, pairs: 1 };
  return [
    ...(total < wanted.faults ? [`only ${total} faults took effect, not ${wanted.faults}`] : []),
    ...(Object.keys(programme.full) as Kind[]).flatMap((kind) => ((counts[kind] ?? 0) < wanted.each ? [`only ${counts[kind]} of kind ${kind} took effect, not ${wanted.each}`] : [])),
    ...(pairs < wanted.pairs ? [`only ${pairs} times two at once, not ${wanted.pairs}`] : []),
    ...(acknowledged < planMessages(share, programme) ? [`only ${acknowledged} messages were acknowledged, not ${planMessages(share, programme)}`] : []),
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
