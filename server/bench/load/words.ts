import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../dev/places.ts';

const MIN_WORDS = 3;
const MAX_WORDS = 12;
let words: string[] | null = null;

/** What somebody might write: some words in a row of the Korean guides, from anywhere in them. What is always the same would compress as no chat does. */
export function drawWords(): string {
  words ??= globSync('{README,docs/*}.ko.md', { cwd: ROOT }).flatMap((file) => readFileSync(path.join(ROOT, file), 'utf8').match(/(?<=\s)[가-힣]+[.,?]?(?=\s)/g) ?? []);
  const count = MIN_WORDS + Math.floor(Math.random() * (MAX_WORDS - MIN_WORDS + 1));
  const from = Math.floor(Math.random() * (words.length - count));
  return words.slice(from, from + count).join(' ');
}
