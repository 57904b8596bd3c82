import { capitals, lookalikes } from '../../protocol/lookalikes.ts';

/** What one code point is to a reader who looks for words: nothing, a blank, a letter (its folded code point), a sign (the same, negative), or several. */
export const NOTHING = 0;
export const BLANK = 1;
/** From here on a reading is the place in `ligatures` of one that stands for several. */
export const SEVERAL = 0x200000;

/** Signs that are typed for a letter inside a word. */
const leet: Readonly<Record<string, string>> = {
  '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '6': 'g', '7': 't', '8': 'b', '9': 'g', '@': 'a', $: 's', '!': 'i', '¡': 'i', '|': 'i', '€': 'e', '£': 'l', '¢': 'c',
};
const leetLetters = new Map(Object.entries(leet).map(([sign, letter]) => [sign.codePointAt(0) ?? 0, letter.charCodeAt(0)]));

/** Every code point of the first plane is read once and remembered; those beyond are few, and remembered up to a bound. */
const readings = new Int32Array(0x10000).fill(-0x80000000);
const beyond = new Map<number, number>();
const BEYOND_MAX = 4_096;
const ligatures: number[][] = [];

export function readSign(code: number): number {
  if (code >= 0x10000) return readBeyond(code);
  const known = readings[code] ?? NOTHING;
  return known === -0x80000000 ? (readings[code] = classify(code)) : known;
}

export function partsOf(reading: number): readonly number[] {
  return ligatures[reading - SEVERAL] ?? [];
}

/** The letter a sign is typed for, or 0. */
export function leetLetter(sign: number): number {
  return leetLetters.get(sign) ?? 0;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isJamo(letter: number): boolean {
  return letter >= 0x3131 && letter <= 0x3163;
}

export function isVowel(letter: number): boolean {
  return letter >= 0x314f && letter <= 0x3163;
}

/** Letters of alphabets that part their words by blanks. */
export function isAlphabetic(letter: number): boolean {
  return letter >= 97 && letter < 0x0e00;
}

function readBeyond(code: number): number {
  const known = beyond.get(code);
  if (known !== undefined) return known;
  if (beyond.size >= BEYOND_MAX) beyond.clear();
  const reading = classify(code);
  beyond.set(code, reading);
  return reading;
}

function classify(code: number): number {
  // Jamo typed one by one; NFKD would make them initials. Crying eyes, dashes and the middle dot are signs.
  if (isJamo(code)) return code === 0x315c || code === 0x3160 || code === 0x3161 ? -code : code;
  if (code >= 0x3164 && code <= 0x318e) return code === 0x3164 ? NOTHING : -code;
  const boxed = unbox(code);
  const parts = boxed > 0 ? [boxed] : [...expand(code)].map(classifyPlain).filter((part) => part !== NOTHING);
  if (parts.length < 2) return parts[0] ?? NOTHING;
  return SEVERAL + ligatures.push(parts) - 1;
}

/** Kana keep their voicing, other letters lose their marks. */
function expand(code: number): string {
  const letter = String.fromCodePoint(code);
  return code >= 0x3040 && code < 0xfb00 ? letter.normalize('NFKC') : letter.normalize('NFKD');
}

function classifyPlain(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code === 0xad || code === 0x34f || /[\p{Cf}\p{Variation_Selector}\u{1160}\u{115f}]/u.test(char)) return NOTHING;
  if (/[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/.test(char)) return NOTHING;
  if (/[\s\p{Zs}\u2800]/u.test(char)) return BLANK;
  const jamo = compatible(code);
  if (jamo > 0) return jamo;
  if (!/[\p{L}\p{M}]/u.test(char)) return -code;
  const small = capitals[char] ?? char.toLowerCase();
  const seen = code < 0x80 ? small : (lookalikes[small] ?? small);
  return seen.codePointAt(0) ?? code;
}

/** Letters in circles and boxes, flags' letters among them, are symbols to Unicode. */
function unbox(code: number): number {
  if (code >= 0x1f150 && code <= 0x1f169) return 97 + code - 0x1f150;
  if (code >= 0x1f170 && code <= 0x1f189) return 97 + code - 0x1f170;
  if (code >= 0x1f1e6 && code <= 0x1f1ff) return 97 + code - 0x1f1e6;
  return 0;
}

export const INITIALS = [...'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'].map((jamo) => jamo.charCodeAt(0));
export const FINALS = ['', ...'ㄱㄲ', 'ㄱㅅ', 'ㄴ', 'ㄴㅈ', 'ㄴㅎ', 'ㄷ', 'ㄹ', 'ㄹㄱ', 'ㄹㅁ', 'ㄹㅂ', 'ㄹㅅ', 'ㄹㅌ', 'ㄹㅍ', 'ㄹㅎ', 'ㅁ', 'ㅂ', 'ㅂㅅ', ...'ㅅㅆㅇㅈㅊㅋㅌㅍㅎ']
  .map((jamo) => [...jamo].map((one) => one.charCodeAt(0)));

/** A conjoining jamo that found no syllable (half-width ones are read as such), as the one that is typed. */
function compatible(code: number): number {
  if (code >= 0x1100 && code <= 0x1112) return INITIALS[code - 0x1100] ?? 0;
  if (code >= 0x1161 && code <= 0x1175) return 0x314f + code - 0x1161;
  if (code >= 0x11a8 && code <= 0x11c2) return FINALS[code - 0x11a7]?.[0] ?? 0;
  return 0;
}
