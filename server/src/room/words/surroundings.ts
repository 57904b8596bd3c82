import { RUN_MAX } from './affixes.ts';
import { isAlphabetic } from './signs.ts';
import { FINAL, INITIAL, JOINED, MEDIAL, type Skeleton } from './skeleton.ts';

/** Letters of an entry in a text, the last one included. */
export type Hit = { skeleton: Skeleton; text: string; first: number; last: number };

/** More is not looked at, so that a text is read in linear time: a syllable is four letters at most. */
const SYLLABLES_MAX = 4 * RUN_MAX;
/** Stands for a run that is longer than any that could be taken apart. */
const LONG = '\0';

export function syllablesBefore({ skeleton, text, first }: Hit): string {
  const { roles, gaps, starts } = skeleton;
  let k = first;
  while (k > 0 && gaps[k] === JOINED && isSyllable(roles[k - 1])) {
    k -= 1;
    if (first - k > SYLLABLES_MAX) return LONG;
  }
  return text.slice(starts[k], starts[first]);
}

export function syllablesAfter({ skeleton, text, last }: Hit): string {
  const { roles, gaps, ends, length } = skeleton;
  let k = last;
  while (k + 1 < length && gaps[k + 1] === JOINED && isSyllable(roles[k + 1])) {
    k += 1;
    if (k - last > SYLLABLES_MAX) return LONG;
  }
  return text.slice(ends[last], ends[k]);
}

/** The one syllable that stands before, as far from the hit as its own syllables are from each other. */
export function singleSyllableBefore({ skeleton, text, first }: Hit, apart: number): string {
  const { roles, gaps, starts, ends } = skeleton;
  if (first === 0 || gaps[first] !== apart || !isSyllable(roles[first - 1])) return '';
  let k = first - 1;
  while (k > 0 && roles[k] !== INITIAL) k -= 1;
  if (k > 0 && gaps[k] === JOINED && isSyllable(roles[k - 1])) return '';
  return text.slice(starts[k], ends[first - 1]);
}

export function lettersBefore({ skeleton, first }: Hit): string {
  const { letters, gaps } = skeleton;
  let k = first;
  while (k > 0 && gaps[k] === JOINED && isAlphabetic(letters[k - 1] ?? 0)) {
    k -= 1;
    if (first - k > RUN_MAX) return LONG;
  }
  return spellOut(skeleton, k, first);
}

export function lettersAfter({ skeleton, last }: Hit): string {
  const { letters, gaps, length } = skeleton;
  let k = last + 1;
  while (k < length && gaps[k] === JOINED && isAlphabetic(letters[k] ?? 0)) {
    k += 1;
    if (k - last > RUN_MAX + 1) return LONG;
  }
  return spellOut(skeleton, last + 1, k);
}

/** Letters that stand one by one before a hit, spelled as it is. */
export function singlesBefore({ skeleton, first }: Hit, apart: number): string {
  const { letters, gaps } = skeleton;
  let k = first;
  while (k > 0 && gaps[k] === apart && isAlphabetic(letters[k - 1] ?? 0) && (k === 1 || gaps[k - 1] !== JOINED)) {
    k -= 1;
    if (first - k > RUN_MAX) return LONG;
  }
  return spellOut(skeleton, k, first);
}

export function singlesAfter({ skeleton, last }: Hit, apart: number): string {
  const { letters, gaps, length } = skeleton;
  let k = last + 1;
  while (k < length && gaps[k] === apart && isAlphabetic(letters[k] ?? 0) && (k + 1 === length || gaps[k + 1] !== JOINED)) {
    k += 1;
    if (k - last > RUN_MAX + 1) return LONG;
  }
  return spellOut(skeleton, last + 1, k);
}

/** A hit's letters as they stand together. */
export function fragmentsOf({ skeleton, first, last }: Hit): string[] {
  const fragments: string[] = [];
  let start = first;
  for (let k = first + 1; k <= last + 1; k += 1) {
    if (k <= last && skeleton.gaps[k] === JOINED) continue;
    fragments.push(spellOut(skeleton, start, k));
    start = k;
  }
  return fragments;
}

function spellOut({ letters }: Skeleton, start: number, end: number): string {
  let run = '';
  for (let k = start; k < end; k += 1) run += String.fromCharCode(letters[k] ?? 0);
  return run;
}

function isSyllable(role: number | undefined): boolean {
  return role === INITIAL || role === MEDIAL || role === FINAL;
}
