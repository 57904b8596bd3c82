import { readFile } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import { standardAllowed, standardBlocked } from '../../src/room/words/lists.ts';
import { createWords } from '../../src/room/words/words.ts';
import type { Asked, Result } from '../proofs.ts';

const RECALL_MIN = 0.95;
const PRECISION_MIN = 0.99;
const US_MAX = 20;
const WORDS = 5_000;
const ROUNDS = 7;
type Sample = { text: string; label: 'block' | 'pass' };

/** Of what was set aside before the lists were written, and of all of it, how long one message takes with so many words. */
export async function prove({ say, clock }: Asked): Promise<Result> {
  const read = async (file: string): Promise<Sample[]> => (await readFile(new URL(`../../test/room/words/${file}.jsonl`, import.meta.url), 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as Sample);
  const [known, sealed] = [await read('known'), await read('sealed')];
  const words = createWords({ blocked: standardBlocked, allowed: standardAllowed });
  const found = sealed.filter(({ text }) => words.find(text) !== null);
  const right = found.filter(({ label }) => label === 'block').length;
  const [recall, precision] = [right / sealed.filter(({ label }) => label === 'block').length, right / found.length];
  const many = createWords({ blocked: [...standardBlocked, ...Array.from({ length: Math.max(0, WORDS - standardBlocked.length) }, syllables)], allowed: standardAllowed });
  const texts = [...known, ...sealed].map(({ text }) => text);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const began = performance.now();
    for (let i = 0; i < 20; i += 1) for (const text of texts) many.find(text);
    return ((performance.now() - began) * 1_000) / (20 * texts.length);
  }).sort((a, b) => a - b);
  const us = rounds[Math.floor(ROUNDS / 2)] ?? 0;
  say(`${known.length + sealed.length} texts, ${sealed.length} of them set aside; rounds of ${rounds.map((one) => one.toFixed(1)).join(' ')} µs`);
  return {
    ok: known.length + sealed.length >= 300 && recall >= RECALL_MIN && precision >= PRECISION_MIN && (!clock || us <= US_MAX),
    count: sealed.length,
    figure: `of ${sealed.length} texts set aside: recall ${recall.toFixed(3)} (≥ ${RECALL_MIN}), precision ${precision.toFixed(3)} (≥ ${PRECISION_MIN}); ${us.toFixed(1)} µs a message at ${WORDS} words (≤ ${US_MAX})`,
  };
}

/** A word of three syllables that is nobody's. */
function syllables(): string {
  return Array.from({ length: 3 }, () => String.fromCharCode(0xac00 + randomInt(11_172))).join('');
}
