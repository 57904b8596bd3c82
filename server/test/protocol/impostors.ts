import fc from 'fast-check';
import { checkNick } from '../../src/protocol/index.ts';
import { capitals, houseNames, lookalikes } from '../../src/protocol/lookalikes.ts';

/** Names made to pass for one of the house, from every sign we know to pass for a letter. */
const signs = new Map<string, string[]>();
for (const [sign, letter] of [...Object.entries(lookalikes), ...Object.entries(capitals)]) signs.set(letter, [...(signs.get(letter) ?? []), sign]);

function disguises(letter: string): string[] {
  const wide = letter >= 'a' && letter <= 'z' ? [String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0), boxed(letter, 0x1f130), boxed(letter, 0x1f150), boxed(letter, 0x1f170), boxed(letter, 0x24b6), boxed(letter, 0x1d400), boxed(letter, 0x1d4d0)] : [];
  const split = letter === 'm' ? ['rn'] : letter === 'w' ? ['vv'] : [];
  return [letter, letter.toUpperCase(), ...(signs.get(letter) ?? []), ...wide, ...split];
}

function boxed(letter: string, first: number): string {
  return String.fromCodePoint(first + (letter.codePointAt(0) ?? 97) - 97);
}

export const impostor = fc.constantFrom(...houseNames).chain((name) =>
  fc.tuple(...[...name].map((letter) => fc.tuple(fc.constantFrom(...disguises(letter)), fc.constantFrom('', '', '', '', ' ', '.', '-', '_', '\u0301')).map(([sign, after]) => sign + after))).map((parts) => parts.join('')));

/** Refused, as what it is or as no name at all. */
export function isCaught(nick: string): boolean {
  return !checkNick(nick).ok;
}
