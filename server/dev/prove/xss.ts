import { openChromium } from '../../test/browser/chromium.ts';
import { openStage, type Stage } from '../../test/browser/stage.ts';
import { fireAll } from '../../test/browser/xss/control.ts';
import { openDoor, ROOM_PAYLOADS } from '../../test/browser/xss/door.ts';
import { type Home, openHome } from '../../test/browser/xss/home.ts';
import { drawPayloads, type Payload, withoutDigits } from '../../test/browser/xss/payload.ts';
import { plants } from '../../test/browser/xss/plants.ts';
import { tryPlants } from '../../test/browser/xss/try.ts';
import { widenNames } from '../../test/browser/xss/room.ts';
import { seedRandom } from '../../test/faults/random.ts';
import type { Asked, Result } from '../proofs.ts';

const PAYLOADS = 5_000;
const KINDS_AT_LEAST = 12;
/** Of the payloads, on a page that draws them carelessly: dead words prove nothing. */
const LIVE_AT_LEAST = 0.5;
const TOLD_AT_MOST = 20;
/** Planted in the smallest part of a run; which one, the seed says. */
const PLANTS_AT_LEAST = 1;

/** Strangers' names, words, titles, quotes and links are text, whatever they hold. */
export async function prove({ share, seed, say }: Asked): Promise<Result> {
  const home = await openHome();
  const stage = await openStage();
  try {
    await widenNames(stage);
    const payloads = drawPayloads(Math.max(ROOM_PAYLOADS, Math.round(PAYLOADS * share)), seedRandom(seed).fork('payloads'), home.host);
    const kinds = new Set(payloads.map(({ kind }) => kind)).size;
    const distinct = new Set(payloads.map(({ text }) => withoutDigits(text))).size;
    const { faults, named } = await show(stage, home, payloads, seed);
    for (const fault of faults.slice(0, TOLD_AT_MOST)) say(fault);
    const random = seedRandom(seed).fork('plants');
    const chosen = random.shuffle(plants).slice(0, Math.max(PLANTS_AT_LEAST, Math.round(plants.length * share)));
    // Only now: until here nobody may have called home.
    const [live, trials] = await Promise.all([fire(payloads, home, say), tryPlants(stage, chosen, random)]);
    const missed = trials.filter(({ seen }) => !seen);
    for (const { plant, said } of missed) say(`not seen: ${plant.name} (${said.slice(0, 3).join('; ') || 'nothing was'})`);
    const ok = faults.length === 0 && missed.length === 0 && kinds >= KINDS_AT_LEAST && distinct === payloads.length && live >= payloads.length * LIVE_AT_LEAST;
    return {
      ok, count: payloads.length,
      figure: `${payloads.length.toLocaleString('en')} payloads of ${kinds} classes, ${distinct.toLocaleString('en')} distinct without digits, each as name (${named} also by the rules of names), words, title, quoted and as a link: ${faults.length} scripts, requests, changed letters or violations; `
        + `${live.toLocaleString('en')} of them ran or called home on the control page (≥ ${LIVE_AT_LEAST * 100} %); ${trials.length - missed.length} of ${trials.length} planted faults seen`,
    };
  } finally {
    await stage.close();
    await home.close();
  }
}

/** First an ordinary visit, then every payload in every place. */
async function show(stage: Stage, home: Home, payloads: readonly Payload[], seed: number): Promise<{ faults: string[]; named: number }> {
  const door = await openDoor(stage, home, `${seed}/door`);
  try {
    const faults = await door.live();
    let named = 0;
    for (let at = 0; at < payloads.length; at += ROOM_PAYLOADS) {
      const seen = await door.show(payloads.slice(at, at + ROOM_PAYLOADS));
      faults.push(...seen.faults);
      named += seen.named;
    }
    return { faults, named };
  } finally {
    await door.close();
  }
}

async function fire(payloads: readonly Payload[], home: Home, say: Asked['say']): Promise<number> {
  const chromium = await openChromium();
  try {
    const fired = await fireAll(await chromium.openContext(), payloads, home);
    const tally = Map.groupBy(payloads, ({ kind }) => kind);
    say(`on the control page: ${[...tally].map(([kind, all]) => `${kind} ${all.filter(({ id }) => fired.has(id)).length}/${all.length}`).join(', ')}`);
    return fired.size;
  } finally {
    await chromium.close();
  }
}
