import type { Present } from '../state/company.ts';

/** A name that is being written behind an @: what of it is there, and where in the text it stands. */
export type Call = { query: string; from: number; to: number };

const MOST = 5;

export function findCall(text: string, caret: number): Call | null {
  const found = /(?:^|\s)@([^@\n]{0,15})$/.exec(text.slice(0, caret));
  return found ? { query: (found[1] ?? '').normalize('NFC').toLowerCase(), from: caret - (found[1] ?? '').length - 1, to: caret } : null;
}

/** Those present whose name begins with what is there, or has a word that does. */
export function findCallees({ query }: Call, present: readonly Present[], me: string | null): readonly string[] {
  const fits = present.filter(({ author, nick }) => author !== me && ` ${nick.toLowerCase()}`.includes(` ${query}`));
  return [...new Set(fits.map(({ nick }) => nick))].slice(0, MOST);
}
