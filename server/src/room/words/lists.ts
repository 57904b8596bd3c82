import { englishAllowed, englishBlocked } from './english.ts';
import { koreanAllowed, koreanBlocked } from './korean.ts';
import { spell } from './spelling.ts';

/** The standard lists: strong profanity, sexual insults and slurs, no mild words; and what only looks like them. */
export const standardBlocked: readonly string[] = [...new Set([...spell(koreanBlocked), ...spell(englishBlocked)])];
export const standardAllowed: readonly string[] = [...new Set([...spell(koreanAllowed), ...spell(englishAllowed)])];
