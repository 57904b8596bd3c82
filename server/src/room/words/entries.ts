import { isAlphabetic, readSign } from './signs.ts';
import { BARE, BLANKS, createSkeleton, INITIAL, lay, SIGN, sizeFor } from './skeleton.ts';

/** A listed word as its letters. Stars at its ends are taken off: `*word*` is also found within longer ones; a star inside stands for itself. */
export type Entry = {
  word: string;
  letters: readonly number[];
  roles: readonly number[];
  counts: readonly number[];
  /** Before which letters the word itself has a blank. */
  blanks: readonly boolean[];
  kind: 'korean' | 'initials' | 'alphabetic' | 'other';
  openLeft: boolean;
  openRight: boolean;
};

/** Syllables from which on a Korean word is found within longer ones too: 출시발표 is two words, 미친놈 one. */
const OPEN_LEFT_SYLLABLES = 3;
const OPEN_RIGHT_SYLLABLES = 2;

const skeleton = createSkeleton(4_096);
const none: ReadonlySet<number> = new Set();

/** Null when there is nothing in the word that could be looked for. */
export function readEntry(word: string): Entry | null {
  const bare = word.normalize('NFC').trim().replace(/^\*+|\*+$/g, '');
  if (bare === '' || sizeFor(bare) > skeleton.letters.length) return null;
  lay(skeleton, bare, { leet: false, one: 0, signs: signsOf(bare) }, none);
  const { length } = skeleton;
  if (length === 0) return null;
  const letters = Array.from(skeleton.letters.subarray(0, length));
  const roles = Array.from(skeleton.roles.subarray(0, length));
  const blanks = Array.from(skeleton.gaps.subarray(0, length), (gap) => gap === BLANKS);
  const second = blanks.indexOf(true);
  const kind = kindOf(letters, roles);
  return {
    word, letters, roles, blanks, kind,
    counts: Array.from(skeleton.counts.subarray(0, length)),
    openLeft: word.startsWith('*') || countSyllables(second < 0 ? roles : roles.slice(0, second)) >= OPEN_LEFT_SYLLABLES,
    openRight: word.endsWith('*') || countSyllables(roles) >= OPEN_RIGHT_SYLLABLES,
  };
}

/** The signs a word is written with: where it stands, they must stand as well. */
export function signsOf(word: string): Set<number> {
  return new Set([...word].map((char) => -readSign(char.codePointAt(0) ?? 0)).filter((sign) => sign > 0));
}

function kindOf(letters: readonly number[], roles: readonly number[]): Entry['kind'] {
  if (roles.includes(INITIAL)) return 'korean';
  if (roles.every((role) => role === BARE)) return 'initials';
  return letters.every((letter, k) => roles[k] === SIGN || isAlphabetic(letter)) && roles.some((role) => role !== SIGN) ? 'alphabetic' : 'other';
}

function countSyllables(roles: readonly number[]): number {
  return roles.filter((role) => role === INITIAL).length;
}
