import { BLANK, FINALS, INITIALS, isAlphabetic, isDigit, isJamo, isVowel, leetLetter, NOTHING, partsOf, readSign, SEVERAL } from './signs.ts';

/**
 * What the eye hears in a text: its letters one after another, syllables taken apart, stretched sounds once.
 * One skeleton is laid again and again over the same arrays: it holds until the next `lay`.
 */
export type Skeleton = {
  length: number;
  readonly letters: Int32Array;
  /** What a letter is within its syllable, or what it was typed as. */
  readonly roles: Uint8Array;
  /** What stands between a letter and the one before. */
  readonly gaps: Uint8Array;
  /** How often the sound was said. */
  readonly counts: Uint16Array;
  /** Where the letter begins and ends in the text. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Whether another reading could find more. */
  leet: boolean;
  signs: boolean;
};

export const BARE = 0, INITIAL = 1, MEDIAL = 2, FINAL = 3, LETTER = 4, LEET = 5, LEET_DIGIT = 6, SIGN = 7;
export const JOINED = 0, BLANKS = 2, FAR = 3;
const SIGNS = 1;

/** How signs are read: as what parts letters, as the letters they are typed for (1 being i, or l; laughs part letters then), or as they stand when a word has them. */
export type Reading = { leet: boolean; one: number; signs: ReadonlySet<number> | null };

/** Letters further apart than this are no word. */
const GAP_MAX = 12;

/** The sounds that go on when these are drawn out: 쉬이발, 벼엉신. */
const tails = new Map([...'ㅟㅣㅢㅣㅑㅏㅕㅓㅛㅗㅠㅜㅘㅏㅝㅓㅐㅔㅔㅐ'.matchAll(/../g)].map(([pair]) => [pair.charCodeAt(0), pair.charCodeAt(1)]));
const SILENT = 0x3147;
const SYLLABLES = 0xac00;
/** ㅋ and ㅎ are laughed into words: 시ㅋㅋ발. */
const isLaugh = (jamo: number) => jamo === 0x314b || jamo === 0x314e;

export function createSkeleton(size: number): Skeleton {
  return {
    length: 0, leet: false, signs: false,
    letters: new Int32Array(size), roles: new Uint8Array(size), gaps: new Uint8Array(size), counts: new Uint16Array(size), starts: new Int32Array(size), ends: new Int32Array(size),
  };
}

/** Letters a text of so many code units has at most: one code unit may stand for eighteen. */
export function sizeFor(text: string): number {
  return text.length * 4 + 64;
}

/** The text must be composed (NFC), so that a syllable is one code point. */
export function lay(skeleton: Skeleton, text: string, reading: Reading, known: ReadonlySet<number>): void {
  const { letters, roles, gaps, counts, starts, ends } = skeleton;
  const room = letters.length - 24;
  let length = 0;
  let gap = JOINED;
  let apart = 0;
  let start = 0;
  let end = 0;
  let signBefore = 0;
  skeleton.leet = false;
  skeleton.signs = false;

  function put(letter: number, role: number): void {
    letters[length] = letter;
    roles[length] = role;
    gaps[length] = apart > GAP_MAX ? FAR : gap;
    counts[length] = 1;
    starts[length] = start;
    ends[length] = end;
    length += 1;
    gap = JOINED;
    apart = 0;
  }

  /** Whether the sound goes on that the last letter made. */
  function goesOn(letter: number, roleBefore: number): boolean {
    if (length === 0 || gap !== JOINED) return false;
    const before = letters[length - 1] ?? 0;
    const role = roles[length - 1] ?? 0;
    return (before === letter || (roleBefore === MEDIAL && tails.get(before) === letter)) && (role === roleBefore || (roleBefore === MEDIAL && role === BARE));
  }

  function stretch(): void {
    counts[length - 1] = (counts[length - 1] ?? 0) + 1;
    ends[length - 1] = end;
  }

  function putSyllable(index: number): void {
    const vowel = 0x314f + (((index / 28) | 0) % 21);
    const initial = INITIALS[(index / 588) | 0] ?? 0;
    if (length > 1 && gap === JOINED && isLaugh(letters[length - 1] ?? 0) && roles[length - 1] === BARE && roles[length - 2] !== BARE && gaps[length - 1] === JOINED) skeleton.leet = true;
    if (initial === SILENT && goesOn(vowel, MEDIAL)) stretch();
    else {
      put(initial, INITIAL);
      put(vowel, MEDIAL);
    }
    const finals = FINALS[index % 28];
    if (finals) for (const final of finals) put(final, FINAL);
  }

  function putJamo(jamo: number): void {
    if (reading.leet && isLaugh(jamo)) part(jamo);
    else if (!isVowel(jamo)) {
      if (goesOn(jamo, BARE)) stretch();
      // ㅄ and its like are two that were typed with one key.
      else for (const one of twins.get(jamo) ?? [jamo]) put(one, BARE);
    } else if (goesOn(jamo, MEDIAL) || goesOn(jamo, BARE)) stretch();
    else if (length > 0 && roles[length - 1] === BARE && !isVowel(letters[length - 1] ?? 0)) put(jamo, BARE);
    else part(jamo);
  }

  function part(sign: number): void {
    if (reading.signs?.has(sign)) {
      if (gap === JOINED && length > 0 && letters[length - 1] === sign && !isDigit(sign)) stretch();
      else put(sign, SIGN);
      return;
    }
    if (known.has(sign)) skeleton.signs = true;
    if (gap === JOINED) gap = SIGNS;
    apart += 1;
    const letter = leetLetter(sign);
    if (letter === 0) return;
    if (sign !== 33 && length > 0 && apart === 1 && isAlphabetic(letters[length - 1] ?? 0)) skeleton.leet = true;
    signBefore = end;
  }

  function putLetter(letter: number, role: number): void {
    if (gap === JOINED && length > 0 && letters[length - 1] === letter && isAlphabetic(letter)) {
      stretch();
      if (role === LEET_DIGIT) roles[length - 1] = role;
    } else if (isTwin(letter)) {
      stretch();
      gap = JOINED;
      apart = 0;
    } else put(letter, role);
  }

  /** Whether a letter that stands alone stood alone just before: a s s. */
  function isTwin(letter: number): boolean {
    if (length === 0 || gap === JOINED || apart > 3 || letters[length - 1] !== letter || (gaps[length - 1] === JOINED && length > 1) || !isAlphabetic(letter)) return false;
    const after = text.charCodeAt(end) | 32;
    return !(after >= 97 && after <= 122);
  }

  /** Whether a letter stands right before or right after, so that the sign belongs to a word. */
  function inWord(sign: number): boolean {
    const after = text.charCodeAt(end) | 32;
    const next = (after >= 97 && after <= 122) || (leetLetter(text.charCodeAt(end)) > 0 && ((text.charCodeAt(end + 1) | 32) >= 97 && (text.charCodeAt(end + 1) | 32) <= 122));
    if (next) return true;
    return sign !== 33 && length > 0 && gap === JOINED && isAlphabetic(letters[length - 1] ?? 0);
  }

  function take(read: number): void {
    if (read === BLANK) {
      gap = BLANKS;
      apart += 1;
    } else if (read < 0) {
      const letter = reading.leet ? leetLetter(-read) : 0;
      if (letter > 0 && inWord(-read)) putLetter(-read === 49 || -read === 124 ? reading.one : letter, -read < 64 && -read > 47 ? LEET_DIGIT : LEET);
      else part(-read);
    } else if (isJamo(read)) putJamo(read);
    else {
      if (signBefore === start && signBefore > 0 && isAlphabetic(read)) skeleton.leet = true;
      putLetter(read, LETTER);
    }
  }

  while (end < text.length && length < room) {
    const code = text.codePointAt(end) ?? 0;
    start = end;
    end += code > 0xffff ? 2 : 1;
    const index = code - SYLLABLES;
    if (index >= 0 && index < 11_172) putSyllable(index);
    else {
      const read = readSign(code);
      if (read === NOTHING) continue;
      if (read < SEVERAL) take(read);
      else for (const one of partsOf(read)) take(one);
    }
  }
  skeleton.length = length;
}

const twins = new Map<number, readonly number[]>(
  [...'ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ'].map((jamo, i) => [jamo.charCodeAt(0), [...(['ㄱㅅ', 'ㄴㅈ', 'ㄴㅎ', 'ㄹㄱ', 'ㄹㅁ', 'ㄹㅂ', 'ㄹㅅ', 'ㄹㅌ', 'ㄹㅍ', 'ㄹㅎ', 'ㅂㅅ'][i] ?? '')].map((one) => one.charCodeAt(0))]),
);
