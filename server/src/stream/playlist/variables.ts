import { StreamError } from '../refusal.ts';
import type { Attribute } from './attributes.ts';
import { LINE_MAX } from './lines.ts';

/** EXT-X-DEFINE (4.4.2.3): names for text that an origin does not want to repeat. Nothing of them is left in our words. */
export type Variables = {
  define(attributes: readonly Attribute[]): void;
  /** The text with every reference replaced, once (4.3). What is filled in for an address is gone when that is replaced; other words stay. */
  fill(text: string, place: 'address' | 'words'): string;
  all(): Record<string, string>;
  imports(): boolean;
};

/** Of all that is filled into one playlist, in characters: doubling a variable twenty times makes a million of one. */
const FILLED_MAX = { address: 8_388_608, words: 65_536 };
const NAME = /^[\w-]+$/;
const REFERENCE = /\{\$([\w-]+)\}/g;
/** What a quoted string cannot hold. An address may bring it, percent-encoded, and a master another's. */
const UNQUOTABLE = /["\0-\x08\n-\x1f\x7f-\x9f\u2028\u2029\ufeff]/;

export function openVariables(base: URL, given: Record<string, string>): Variables {
  const known = new Map<string, string>();
  const left = { ...FILLED_MAX };
  let query: Map<string, string> | null = null;
  let imported = false;

  function ask(name: string): string | undefined {
    // Of a name that comes twice the first counts.
    query ??= new Map([...base.searchParams].reverse());
    return query.get(name) || undefined;
  }

  return {
    define(attributes) {
      const told = new Map(attributes.filter(({ quoted }) => quoted).map(({ name, value }) => [name, value]));
      const forms = ['NAME', 'IMPORT', 'QUERYPARAM'].filter((form) => told.has(form));
      const name = told.get(forms[0] ?? '') ?? '';
      const value = told.has('NAME') ? told.get('VALUE') : told.has('IMPORT') ? (Object.hasOwn(given, name) ? given[name] : undefined) : ask(name);
      if (forms.length !== 1 || !NAME.test(name) || known.has(name) || value === undefined || UNQUOTABLE.test(value) || !value.isWellFormed()) throw new StreamError('bad_playlist', 'a variable');
      imported ||= told.has('IMPORT');
      known.set(name, value);
    },
    fill(text, place) {
      if (!text.includes('{$')) return text;
      let length = text.length;
      const filled = text.replace(REFERENCE, (_, name: string) => {
        const value = known.get(name);
        if (value === undefined) throw new StreamError('bad_playlist', 'an undefined variable');
        length += value.length;
        left[place] -= value.length;
        if (length > LINE_MAX || left[place] < 0) throw new StreamError('too_large', 'variables');
        return value;
      });
      // A player would fill it in a second time.
      if (filled.search(REFERENCE) >= 0) throw new StreamError('bad_playlist', 'a variable in a variable');
      return filled;
    },
    all: () => Object.fromEntries(known),
    imports: () => imported,
  };
}
