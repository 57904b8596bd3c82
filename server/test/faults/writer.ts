import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from './client.ts';
import type { Random } from './random.ts';

/** What a crowd's writers have in common. */
export type Talk = { quiet: boolean; /** For a moment nobody begins anything new. */ held: boolean; acknowledged: number; waits: number[]; aborted: AbortController };

const HELD_MS = 50;

/** Who writes does so until all is quiet: words of all sizes, alone and in bursts, replies, edits and deletions of its own. */
export async function writeOn(client: Client, random: Random, paceMs: number, talk: Talk): Promise<void> {
  const own: number[] = [];
  const { signal } = talk.aborted;
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

  async function say(): Promise<void> {
    const re = random.chance(0.1) ? client.view().rows.findLast((row) => !row.deleted)?.n : undefined;
    const began = performance.now();
    const settled = await client.say(makeWords(random), re);
    if (settled.is !== 'saved') return;
    talk.acknowledged += 1;
    talk.waits.push(performance.now() - began);
    if (settled.n !== null) own.push(settled.n);
  }

  async function change(): Promise<void> {
    const at = random.between(0, own.length - 1);
    const [n] = random.chance(0.4) ? own.splice(at, 1) : own.slice(at, at + 1);
    if (n === undefined) return;
    await client.change(own.includes(n) ? { t: 'edit', n, text: makeWords(random) } : { t: 'delete', n });
  }

  while (!talk.quiet) {
    if (talk.held) {
      await pause(HELD_MS, undefined, { signal }).catch(() => 'the run is over');
      continue;
    }
    const draw = random.next();
    // A client that ends leaves its words unsettled: nobody waits for them then.
    const work = draw < 0.04 && own.length > 0 ? change() : draw < 0.2 ? Promise.all([say(), say(), say()]) : say();
    await Promise.race([work, aborted]);
    if (!talk.quiet) await pause(random.between(0, 2 * paceMs), undefined, { signal }).catch(() => 'the run is over');
  }
}

const syllables = [...'가나다라마바사아자차카타파하 안녕하세요 hello there 🦝🦊 <b>"\'\\ é'];

function makeWords(random: Random): string {
  const size = random.chance(0.02) ? random.between(1_000, 1_900) : random.between(1, 60);
  // Ends and begins with what no rule trims, and is told apart from all other words.
  return `${random.token(6)} ${Array.from({ length: size }, () => random.pick(syllables)).join('')}.`;
}
