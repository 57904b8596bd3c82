import { isAllowed, isWord } from './borders.ts';
import { readEntry, signsOf } from './entries.ts';
import { createSkeleton, lay, type Reading, type Skeleton, sizeFor } from './skeleton.ts';
import { buildTrie } from './trie.ts';

/** Finds listed words however they are dressed up, and leaves alone what only looks like them. */
export type Words = {
  /** The listed word that was found, as the list has it. */
  find(text: string): string | null;
};

const plain: Reading = { leet: false, one: 0, signs: null };
const asI: Reading = { leet: true, one: 105, signs: null };
const asL: Reading = { leet: true, one: 108, signs: null };

/** Laid anew for every text, so that reading one makes no garbage; a longer text than ever makes it grow. */
let skeleton = createSkeleton(4_096);

export function createWords({ blocked, allowed }: { blocked: readonly string[]; allowed: readonly string[] }): Words {
  const bad = blocked.map(readEntry).filter((entry) => entry !== null);
  const good = allowed.map(readEntry).filter((entry) => entry !== null);
  const entries = [...bad, ...good];
  const trie = buildTrie(entries);
  const signs = signsOf(entries.map(({ word }) => word.replace(/^\*+|\*+$/g, '')).join(''));
  const asWritten: Reading = { leet: false, one: 0, signs };

  function read(text: string, reading: Reading): string | null {
    lay(skeleton, text, reading, signs);
    return judge(skeleton, text);
  }

  function judge(skeleton: Skeleton, text: string): string | null {
    const found: (Span & { word: string })[] = [];
    const excuses: Span[] = [];
    trie.walk(skeleton, (index, last) => {
      const entry = entries[index];
      if (!entry) return;
      const hit = { skeleton, text, first: last - entry.letters.length + 1, last };
      if (index >= bad.length) {
        if (isAllowed(entry, hit)) excuses.push(hit);
      } else if (isWord(entry, hit)) found.push({ word: entry.word, first: hit.first, last });
    });
    return found.length === 0 ? null : pick(found, excuses, skeleton.length);
  }

  return {
    find(text) {
      // Initials, vowels and finals that were typed one by one make a syllable only when composed.
      const composed = /[\u0300-\u036f\u1100-\u11ff]/.test(text) ? text.normalize('NFC') : text;
      if (sizeFor(composed) > skeleton.letters.length) skeleton = createSkeleton(sizeFor(composed));
      const first = read(composed, plain);
      if (first !== null) return first;
      const { leet, signs: written } = skeleton;
      return (leet ? (read(composed, asI) ?? read(composed, asL)) : null) ?? (written ? read(composed, asWritten) : null);
    },
  };
}

type Span = { first: number; last: number };

/** The first word that is not excused, and of those that begin there the longest. */
function pick(found: readonly (Span & { word: string })[], excuses: readonly Span[], length: number): string | null {
  const isExcused = excuses.length > 0 ? excuse(excuses, length) : () => false;
  let picked: (Span & { word: string }) | null = null;
  for (const one of found) {
    const better = picked === null || one.first < picked.first || (one.first === picked.first && one.last > picked.last);
    if (better && !isExcused(one)) picked = one;
  }
  return picked?.word ?? null;
}

/** An allowed word excuses what lies in it and what shares letters with it, but no longer word that it lies in: an allowed `dick` is no excuse for `dickhead`. */
function excuse(excuses: readonly Span[], length: number): (hit: Span) => boolean {
  const own = new Int32Array(length + 1).fill(-1);
  for (const { first, last } of excuses) own[first] = Math.max(own[first] ?? -1, last);
  // reach[i]: how far a word goes that begins before letter i; own[i]: one that begins at it.
  const reach = new Int32Array(length + 1).fill(-1);
  for (let i = 1; i <= length; i += 1) reach[i] = Math.max(reach[i - 1] ?? -1, own[i - 1] ?? -1);
  return ({ first, last }) => (reach[first] ?? -1) >= first || (reach[last + 1] ?? -1) > last || (own[first] ?? -1) >= last;
}
