import { isIP } from 'node:net';
import { createGuard, type Guard, type StreamRefusal } from '../../../src/stream/guard.ts';
import { seedRandom } from '../../../test/faults/random.ts';
import { differences } from './differences.ts';
import { generate } from './generate.ts';
import { makeByHand } from './handmade.ts';
import type { Opinion, Said } from './opinion.ts';
import { plants } from './plants.ts';

/** What was judged twice: URLs that can be read, texts that are none, how often each listed difference came, and what is wrong. */
export type Judged = { judged: number; unread: number; allowed: number; listed: Map<string, number>; faults: string[] };
type Pair = { text: string; url: URL; said: Said };

const BATCH = 10_000;
const guard = createGuard([]);

/** Of the made ones it is known besides which may pass. */
export async function judgeHandmade(opinion: Opinion): Promise<Judged & { made: number; seen: string[]; missed: string[] }> {
  const made = makeByHand();
  const all = begin();
  const read: { text: string; url: URL }[] = [];
  for (const { text, closed } of made) {
    const url = URL.parse(text);
    if (url) read.push({ text, url });
    else all.unread += 1;
    const open = url !== null && guard.judgeUrl(url) === null;
    if (open === closed) all.faults.push(`made by hand, ${closed ? 'allowed' : 'refused'}: ${JSON.stringify(text)}`);
  }
  const said = await opinion.judge(read.map(({ url }) => url));
  const pairs = read.map((one, at): Pair => ({ ...one, said: said[at] as Said }));
  for (const pair of pairs) compare(all, guard, pair);
  const tried = plants.map(({ name, judge }) => ({ name, seen: pairs.some(({ url, said }) => faultOf(judge(url, guard), said) !== null) }));
  return { ...all, made: made.length, seen: tried.filter(({ seen }) => seen).map(({ name }) => name), missed: tried.filter(({ seen }) => !seen).map(({ name }) => name) };
}

/** While Python judges one batch, the next is made. */
export async function judgeGenerated(opinion: Opinion, count: number, seed: number): Promise<Judged> {
  const random = seedRandom(seed).fork('urls');
  const all = begin();
  let before: { read: { text: string; url: URL }[]; said: Promise<Said[]> } | null = null;
  for (let made = 0; made < count || before; ) {
    const read: { text: string; url: URL }[] = [];
    while (read.length < BATCH && made < count) {
      const text = generate(random);
      const url = URL.parse(text);
      if (url) {
        read.push({ text, url });
        made += 1;
      } else all.unread += 1;
    }
    const said = read.length > 0 ? opinion.judge(read.map(({ url }) => url)) : null;
    if (before) for (const [at, one] of (await before.said).entries()) compare(all, guard, { ...(before.read[at] as Pair), said: one });
    before = said && { read, said };
  }
  return all;
}

function begin(): Judged {
  return { judged: 0, unread: 0, allowed: 0, listed: new Map(), faults: [] };
}

function compare(all: Judged, { judgeUrl, mayReach }: Guard, { text, url, said }: Pair): void {
  const code = judgeUrl(url);
  all.judged += 1;
  if (code === null) all.allowed += 1;
  if (code !== said.code && faultOf(code, said) === null) all.listed.set(said.listed, (all.listed.get(said.listed) ?? 0) + 1);
  const fault = faultOf(code, said);
  if (fault) all.faults.push(`${fault}: ${JSON.stringify(text)}`);
  // What DNS may answer is the same question once more.
  const bare = url.hostname.replace(/^\[|\]$|\.$/g, '');
  if ((code === null || code === 'private_address') && isIP(bare) > 0 && mayReach(bare, 'cdn.example.com') !== (code === null)) all.faults.push(`an address is judged twice and differently: ${bare}`);
}

/** Null when both say the same, or when we close what Python opens for a reason that is listed. */
function faultOf(code: StreamRefusal | null, said: Said): string | null {
  if (code === said.code || (code === 'private_address' && said.listed in differences)) return null;
  return `we say ${code ?? 'yes'}, Python ${said.code ?? 'yes'}`;
}
