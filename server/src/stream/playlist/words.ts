import type { Attribute } from './attributes.ts';

/** What an origin wrote for people or for itself. It goes on to viewers, so nothing in it may lead away from here. */

/** What a look behind ends in stands before it too: the other way round, every place in a long word is looked behind from. */
const SCHEME = /:(?<=[a-z][a-z0-9+.-]*:)/gi;
/** To who looks for it with a regular expression of one line, an attribute. */
const NAMED = /=(?<=(UR[IL]|X-ASSET)[a-z0-9-]*=)/gi;
const SLASHES = /\/(?=\/)/g;
/** Some players find a tag in the middle of a line. */
const TAG = /#(?=EXT)/g;
/** Players find these by how they begin (hls.js 1.7), and a longer name begins the same. */
const LOOKALIKE = /^#EXT-X-(DISCONTINUITY|ENDLIST|GAP|INDEPENDENT-SEGMENTS|I-FRAMES-ONLY)/;

/** Takes an address in it apart, so that nobody makes a link of it. The same words become the same words: groups still find their members. */
export function defuse(words: string): string {
  return words.replace(SCHEME, ' :').replace(NAMED, ' =').replace(SLASHES, '/ ').replace(TAG, '# ');
}

export function isPlain(words: string): boolean {
  return defuse(words) === words;
}

/** A title is for people, and some of them hold attributes of other formats. */
export function isTitle(title: string): boolean {
  return isPlain(title) && !/["=]|\{\$/.test(title);
}

/** What the draft has no name for stays when it cannot be meant as an address, be it a relative one. */
export function isHarmlessAttribute({ name, value, quoted }: Attribute): boolean {
  if (/UR[IL]|^X-ASSET/.test(name)) return false;
  return quoted ? isPlain(value) && !value.includes('/') : /^[\w.+-]+$/.test(value);
}

export function isHarmlessTag(name: string, value: string): boolean {
  if (!/^#EXT[A-Z0-9-]*$/.test(name) || LOOKALIKE.test(name)) return false;
  return isPlain(value) && !/"[^"]*\/|UR[IL]|X-ASSET|\{\$/i.test(value);
}
