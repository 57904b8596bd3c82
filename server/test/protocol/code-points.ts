import { checkNick } from '../../src/protocol/index.ts';

/** Where a sign can stand in a nickname: in the middle, behind an emoji, first, last. */
const places: readonly ((sign: string) => string)[] = [(sign) => `가${sign}나`, (sign) => `👍${sign}사`, (sign) => `${sign}다라`, (sign) => `마바${sign}`];

/** What nobody may wear, asked of Unicode itself and not of our own list: it is seen by nobody or turns what is seen. */
const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Noncharacter_Code_Point}]/u;
/** Letters, marks and symbols to Unicode, nothing to the eye: Braille blank, null notehead, hieroglyph blanks, Khitan filler. */
const blank = new Set(['\u2800', '\u{1d159}', '\u{13441}', '\u{13442}', '\u{16fe4}']);

/** More would say no more. */
const WRONG_MAX = 50;

export type Sweep = { tried: number; accepted: number; wrong: string[] };

/** Every code point of Unicode once in so many of these places. */
export function sweep(of: 1 | 2 | 3 | 4): Sweep {
  const found: Sweep = { tried: 0, accepted: 0, wrong: [] };
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const sign = String.fromCodePoint(code);
    for (const place of places.slice(0, of)) {
      found.tried += 1;
      const checked = checkNick(place(sign));
      if (!checked.ok) continue;
      found.accepted += 1;
      if (found.wrong.length < WRONG_MAX && mayNotBeSeen(sign) && checked.value.includes(sign) && !belongs(sign, checked.value)) found.wrong.push(`${code.toString(16)} in ${JSON.stringify(checked.value)}`);
    }
  }
  return found;
}

function mayNotBeSeen(sign: string): boolean {
  return sign !== ' ' && (blank.has(sign) || unseen.test(sign));
}

/** Only an emoji gives its variation sign a place; a joiner needs one on both sides, which no place here has. */
function belongs(sign: string, nick: string): boolean {
  return sign === '\ufe0f' && /\p{Extended_Pictographic}\ufe0f/u.test(nick);
}
