import type { Asked, Result } from '../proofs.ts';
import { cases, type Measured } from './fresh/cases.ts';
import { giveWarmHome, type Machine, must, openMachine } from './fresh/machine.ts';
import { surroundings } from './fresh/surroundings.ts';

const FEWEST_CASES = 3;
const MS_TO_INSTALL = 300_000;

/** Plays every case of the start command in a scratch folder, as a user made for it, on fresh clones of what is committed. */
export async function prove({ share, seed, say }: Asked): Promise<Result> {
  const all = Object.entries({ ...cases, ...surroundings });
  const chosen = choose(all, Math.max(FEWEST_CASES, Math.round(share * all.length)), seed);
  const machine = await openMachine();
  const leave = () => void machine.remove().finally(() => process.exit(1));
  process.once('SIGINT', leave).once('SIGTERM', leave);
  const measured: Measured = { ready: [], ended: [] };
  const failed: string[] = [];
  try {
    say(`a cold store is filled in ${await warm(machine)} s`);
    for (const [name, play] of chosen) {
      const began = Date.now();
      const outcome = await play(machine).catch((error: Error) => error);
      const took = ((Date.now() - began) / 1_000).toFixed(1);
      if (outcome instanceof Error) failed.push(name);
      say(outcome instanceof Error ? `✗ ${name} (${took} s): ${outcome.message}` : `✓ ${name} (${took} s): ${tell(outcome)}`);
      if (outcome instanceof Error) continue;
      measured.ready.push(...outcome.ready);
      measured.ended.push(...outcome.ended);
    }
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    await machine.remove();
  }
  const figure = `${chosen.length - failed.length} of ${chosen.length} cases, ${tell(measured)}${failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''}`;
  return { ok: failed.length === 0, count: chosen.length, figure };
}

/** The first case always, the others by the seed. */
function choose<T>(all: T[], count: number, seed: number): T[] {
  const [first, ...others] = all;
  const turn = seed % others.length;
  const turned = [...others.slice(turn), ...others.slice(0, turn)].slice(0, count - 1);
  return first === undefined ? [] : [first, ...others.filter((one) => turned.includes(one))];
}

/** The store is warm when a case begins: what it takes to download is the network's matter. */
async function warm(machine: Machine): Promise<string> {
  const { user, root } = machine;
  const began = Date.now();
  const clone = await machine.clone(user, 'warm/aside');
  await must('npx', ['pnpm@12', 'install', '--frozen-lockfile'], { cwd: clone, uid: user.uid, gid: user.gid, env: user.env, signal: AbortSignal.timeout(MS_TO_INSTALL) });
  const took = ((Date.now() - began) / 1_000).toFixed(1);
  await giveWarmHome(user, root);
  return took;
}

function tell({ ready, ended }: Measured): string {
  const slowest = (all: number[]) => Math.max(...all).toFixed(1);
  return [...(ready.length > 0 ? [`ready within ${slowest(ready)} s`] : []), ...(ended.length > 0 ? [`ended within ${slowest(ended)} s`] : [])].join(', ') || 'said as it should be';
}
