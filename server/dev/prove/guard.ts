import type { Asked, Result } from '../proofs.ts';
import { differences } from './guard/differences.ts';
import { type Judged, judgeGenerated, judgeHandmade } from './guard/judge.ts';
import { openOpinion } from './guard/opinion.ts';
import { needTools, tryInside } from './guard/world.ts';

const GENERATED = 1_000_000;
const TRIES = 500;
const TRIES_AT_LEAST = 20;
/** Of the generated URLs, allowed ones: who refuses everything is safe and of no use. */
const ALLOWED_AT_LEAST = 0.2;
const TOLD_AT_MOST = 20;

/** Streams are asked of the public internet only, however an address is written, wherever it leads, whatever a name says next. */
export async function prove({ share, seed, say }: Asked): Promise<Result> {
  await needTools();
  const count = Math.round(GENERATED * share);
  const { hand, generated, python } = await judge(count, seed);
  tell(hand, 'made by hand', say);
  tell(generated, 'generated', say);
  for (const name of hand.missed) say(`not seen: ${name}`);
  const tried = await tryInside(Math.max(TRIES_AT_LEAST, Math.round(TRIES * share)), seed, say);
  for (const line of [...tried.hits, ...tried.faults, ...tried.notCareless.map((line) => `leads nowhere without a guard either: ${line}`)].slice(0, TOLD_AT_MOST)) say(line);
  say(`guarded tries ended with ${Object.entries(tried.ends).map(([end, times]) => `${end} ${times}×`).join(', ')}`);
  const faults = hand.faults.length + generated.faults.length;
  const ok = faults === 0 && hand.missed.length === 0 && generated.judged === count && generated.allowed >= count * ALLOWED_AT_LEAST
    && tried.hits.length === 0 && tried.faults.length === 0 && tried.careless === tried.tries;
  const number = (value: number) => value.toLocaleString('en');
  return {
    ok, count: hand.made + generated.judged + generated.unread + tried.tries,
    figure: `${number(hand.made)} URLs made by hand and ${number(generated.judged)} generated (${number(generated.allowed)} allowed; ${number(generated.unread)} more are none) judged by us and by Python ${python}: ${faults} unlisted differences, ${Object.keys(differences).length} listed; `
      + `${hand.seen.length} of ${hand.seen.length + hand.missed.length} planted faults seen; ${tried.tries} redirect chains and changing DNS answers: ${tried.hits.length} hits on traps, ${tried.careless} without the guard`,
  };
}

async function judge(count: number, seed: number) {
  const opinion = await openOpinion();
  try {
    return { hand: await judgeHandmade(opinion), generated: await judgeGenerated(opinion, count, seed), python: opinion.python };
  } finally {
    await opinion.close();
  }
}

function tell({ judged, allowed, listed, faults }: Judged, what: string, say: Asked['say']): void {
  say(`${what}: ${judged} judged twice, ${allowed} allowed, ${faults.length} differ without a reason`);
  for (const [name, times] of listed) say(`  ${times}× ${name}: ${differences[name]?.why}`);
  for (const fault of faults.slice(0, TOLD_AT_MOST)) say(fault);
}
