import { StreamError } from '../refusal.ts';

/** One of an attribute list (4.2). The value stands without its quotes. */
export type Attribute = { name: string; value: string; quoted: boolean };

/** Blanks around a comma are older than the draft's rule against them, and say nothing. */
const ATTRIBUTE = /[ \t]*([A-Z0-9-]+)=(?:"([^"]*)"|([^",\s]+))[ \t]*(,|$)/y;

export function parseAttributes(list: string): Attribute[] {
  const found: Attribute[] = [];
  const names = new Set<string>();
  ATTRIBUTE.lastIndex = 0;
  for (let more = true; more; ) {
    const [, name, words, bare, end] = ATTRIBUTE.exec(list) ?? [];
    if (name === undefined || names.has(name)) throw new StreamError('bad_playlist', 'an attribute list');
    names.add(name);
    found.push(words === undefined ? { name, value: bare as string, quoted: false } : { name, value: words, quoted: true });
    more = end === ',';
  }
  return found;
}

export function printAttributes(attributes: readonly Attribute[]): string {
  return attributes.map(({ name, value, quoted }) => (quoted ? `${name}="${value}"` : `${name}=${value}`)).join(',');
}
