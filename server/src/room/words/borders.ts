import { aft, common, fore, isMadeOf, jamoAfter, jamoAround, jamoLaughs, koreanAft, koreanAftApart, koreanFore, RUN_MAX } from './affixes.ts';
import type { Entry } from './entries.ts';
import { isDigit, isVowel } from './signs.ts';
import { BARE, BLANKS, FAR, FINAL, INITIAL, JOINED, LEET, LEET_DIGIT, LETTER, MEDIAL, type Skeleton } from './skeleton.ts';
import { fragmentsOf, type Hit, lettersAfter, lettersBefore, singlesAfter, singlesBefore, singleSyllableBefore, syllablesAfter, syllablesBefore } from './surroundings.ts';

/** Whether letters that spell a word are one to a reader, and not halves of its neighbours. */
export function isWord(entry: Entry, hit: Hit): boolean {
  if (!soundsLike(entry, hit) || !digitsStand(hit)) return false;
  const apart = widestGap(entry, hit);
  if (apart === FAR) return false;
  switch (entry.kind) {
    case 'korean': return apart === JOINED ? koreanStands(entry, hit) : koreanStandsApart(hit, apart);
    case 'initials': return initialsStand(hit, apart);
    case 'alphabetic': return apart === JOINED ? alphabeticStands(entry, hit) : alphabeticStandsApart(entry, hit, apart);
    case 'other': return apart !== BLANKS;
  }
}

/** An allowed word excuses as it is written only. */
export function isAllowed(entry: Entry, hit: Hit): boolean {
  return soundsLike(entry, hit) && widestGap(entry, hit) === JOINED && (entry.kind !== 'korean' || endsWhole(hit));
}

/** Letters meet wherever they stand; a sound must be as long as in the word, an initial be one, and half the letters be letters. */
function soundsLike({ letters, counts, roles }: Entry, { skeleton, first }: Hit): boolean {
  let digits = 0;
  for (let k = 0; k < letters.length; k += 1) {
    const role = skeleton.roles[first + k] ?? 0;
    const wanted = roles[k] ?? 0;
    if ((skeleton.counts[first + k] ?? 0) < (counts[k] ?? 0)) return false;
    if (role === LEET_DIGIT) digits += 1;
    if (role === wanted || (wanted === LETTER && (role === LEET || role === LEET_DIGIT))) continue;
    if (role !== BARE || wanted > FINAL) return false;
  }
  return digits === 0 || digits * 2 < letters.length || (letters.length >= 4 && digits * 2 === letters.length);
}

/** What parts the letters where the word itself has no blank. */
function widestGap({ letters, blanks }: Entry, { skeleton, first }: Hit): number {
  let widest = JOINED;
  for (let k = 1; k < letters.length; k += 1) {
    const gap = skeleton.gaps[first + k] ?? JOINED;
    if (gap > widest && !(blanks[k] && gap <= BLANKS)) widest = gap;
  }
  return widest;
}

function koreanStands(entry: Entry, hit: Hit): boolean {
  if (!endsWhole(hit)) return false;
  if (!entry.openLeft && !isMadeOf(syllablesBefore(hit), koreanFore)) return false;
  return entry.openRight || isMadeOf(syllablesAfter(hit), koreanAft);
}

/** Syllables that stand one by one, or with signs between them, next to nothing that would make them halves of other words. */
function koreanStandsApart(hit: Hit, apart: number): boolean {
  const { skeleton, text, first } = hit;
  const run = syllablesBefore(hit);
  if (continues(hit) || !(run === '' || koreanFore.has(run)) || !isMadeOf(syllablesAfter(hit), apart === BLANKS ? koreanAftApart : koreanAft)) return false;
  if (apart === BLANKS && (isDigit(text.charCodeAt((skeleton.starts[first] ?? 0) - 1)) || !standsOneByOne(hit))) return false;
  const before = singleSyllableBefore(hit, apart);
  return before === '' || koreanFore.has(before);
}

/** A word that ends in a vowel may take the short particles ㄴ, ㄹ and ㅁ; every other final makes another syllable of it. */
function endsWhole({ skeleton, last }: Hit): boolean {
  const { letters, roles, gaps, length } = skeleton;
  if (!continues({ skeleton, last })) return true;
  const final = letters[last + 1];
  const more = last + 2 < length && gaps[last + 2] === JOINED && roles[last + 2] === FINAL;
  return roles[last] === MEDIAL && !more && (final === 0x3134 || final === 0x3139 || final === 0x3141);
}

/** Whether the last syllable has a final that the word has not. */
function continues({ skeleton: { roles, gaps, length }, last }: Pick<Hit, 'skeleton' | 'last'>): boolean {
  return last + 1 < length && gaps[last + 1] === JOINED && roles[last + 1] === FINAL;
}

function standsOneByOne({ skeleton, first, last }: Hit): boolean {
  const { roles, gaps } = skeleton;
  let syllables = 0;
  for (let k = first; k <= last; k += 1) {
    if (k > first && gaps[k] === BLANKS) syllables = 0;
    if (roles[k] === INITIAL) syllables += 1;
    if (syllables > 1) return false;
  }
  return true;
}

/** ㅅㅂ counts among laughs and its like, not as part of other initials, nor when a vowel makes a syllable of it. */
function initialsStand({ skeleton, first, last }: Hit, apart: number): boolean {
  const { letters, roles, gaps, length } = skeleton;
  if (last + 1 < length && gaps[last + 1] === JOINED && roles[last + 1] === BARE && isVowel(letters[last + 1] ?? 0)) return false;
  let before = '';
  let after = '';
  for (let k = first; k > 0 && gaps[k] === JOINED && roles[k - 1] === BARE && before.length <= RUN_MAX; k -= 1) before = String.fromCharCode(letters[k - 1] ?? 0) + before;
  for (let k = last + 1; k < length && gaps[k] === JOINED && roles[k] === BARE && after.length <= RUN_MAX; k += 1) after += String.fromCharCode(letters[k] ?? 0);
  if (apart === JOINED) return isMadeOf(before, jamoAround) && isMadeOf(after, jamoAfter);
  return isMadeOf(before, jamoLaughs) && isMadeOf(after, jamoLaughs) && !isInitialBeside(skeleton, first - 1, first, apart) && !isInitialBeside(skeleton, last + 1, last + 1, apart);
}

/** Whether one more initial stands as far from the hit as its own do from each other: ㄱ ㅅ ㅂ. */
function isInitialBeside({ letters, roles, gaps, length }: Skeleton, at: number, border: number, apart: number): boolean {
  return at >= 0 && at < length && gaps[border] === apart && roles[at] === BARE && !jamoLaughs.has(String.fromCharCode(letters[at] ?? 0));
}

function alphabeticStands(entry: Entry, hit: Hit): boolean {
  return (entry.openLeft || isMadeOf(lettersBefore(hit), fore)) && (entry.openRight || isMadeOf(lettersAfter(hit), aft));
}

/** f u c k, f.u.c.k and fu ck, but not push it, and not c l a s s. */
function alphabeticStandsApart(entry: Entry, hit: Hit, apart: number): boolean {
  if (entry.blanks.includes(true)) return false;
  const { skeleton, first } = hit;
  const fragments = fragmentsOf(hit);
  const open = entry.openLeft && entry.openRight;
  if (fragments.every((fragment) => fragment.length === 1)) {
    if (fragments.length < 3 || lettersBefore(hit) !== '' || !isMadeOf(lettersAfter(hit), aft)) return false;
    const before = singlesBefore(hit, apart);
    const after = singlesAfter(hit, apart);
    return open || ((/^[aiu]?$/.test(before) || isMadeOf(before, fore)) && (isMadeOf(after, aft) || isMadeOf(after, fore)));
  }
  if (entry.letters.length < 4 || fragments.some((fragment) => common.has(fragment)) || lettersBefore(hit) !== '' || !isMadeOf(lettersAfter(hit), aft)) return false;
  // A single letter may stand before by chance, and an apostrophe parts no word.
  const previous = first > 0 && skeleton.gaps[first] === apart ? singlesBefore(hit, apart) : '';
  return (previous === '' || isMadeOf(previous, fore)) && !hasApostrophe(hit);
}

/** In the word, or right before it: who're, let's hit. */
function hasApostrophe({ skeleton, text, first, last }: Hit): boolean {
  return /['’]/.test(text.slice(Math.max(0, (skeleton.starts[first] ?? 0) - 1), skeleton.starts[last]));
}

/** A number is not a part of a longer one. */
function digitsStand({ skeleton, text, first, last }: Hit): boolean {
  const { starts, ends } = skeleton;
  const startsWithin = isDigit(text.charCodeAt(starts[first] ?? 0)) && isDigit(text.charCodeAt((starts[first] ?? 0) - 1));
  const endsWithin = isDigit(text.charCodeAt((ends[last] ?? 0) - 1)) && isDigit(text.charCodeAt(ends[last] ?? 0));
  return !startsWithin && !endsWithin;
}
