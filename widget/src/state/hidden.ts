import type { LiveRow } from '@aside/server/protocol';
import { HIDDEN_KEY, type Reader } from './reader.ts';
import { asRecord, readRecord, type Shelf } from './shelf.ts';

/** Whom and which words this reader does not want to read. Kept in the browser and told to nobody. */
export type Hidden = { people: readonly Person[]; words: readonly string[] };
export type Person = { author: string; nick: string };

const PEOPLE_MAX = 200;
const WORDS_MAX = 100;
const WORD_CHARS_MAX = 40;

export function readHidden(shelf: Shelf): Hidden {
  const { people, words } = readRecord(shelf.read(HIDDEN_KEY));
  return {
    people: listOf(people).map(asRecord).flatMap(({ author, nick }) => (typeof author === 'string' && typeof nick === 'string' ? { author, nick } : [])),
    words: listOf(words).filter((word) => typeof word === 'string'),
  };
}

/** From now on, and at each visit: the oldest go where there are too many. Empty words hide nothing. */
export function keepHidden(reader: Pick<Reader, 'hides' | 'author'>, shelf: Shelf, { people, words }: Hidden): void {
  const kept = {
    people: [...new Map(people.map((one) => [one.author, one])).values()].slice(-PEOPLE_MAX),
    words: [...new Set(words.map((word) => plain(word).slice(0, WORD_CHARS_MAX).trim()).filter(Boolean))].slice(-WORDS_MAX),
  };
  shelf.write(HIDDEN_KEY, kept.people.length + kept.words.length > 0 ? JSON.stringify(kept) : null);
  hide(reader, shelf);
}

/** What is kept is no longer shown; one's own words always are. */
export function hide(reader: Pick<Reader, 'hides' | 'author'>, shelf: Shelf): void {
  const { people, words } = readHidden(shelf);
  const authors = new Set(people.map(({ author }) => author));
  reader.hides.value = authors.size + words.length === 0 ? null : (row: LiveRow) => {
    if (row.author === reader.author.value) return false;
    if (authors.has(row.author)) return true;
    const said = words.length > 0 ? plain(`${row.nick}\n${row.text}`) : '';
    return words.some((word) => said.includes(word));
  };
}

/** Full width and case are the same word. */
function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
