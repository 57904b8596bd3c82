import { StreamError } from '../refusal.ts';
import { type Attribute, parseAttributes, printAttributes } from './attributes.ts';
import { makesSense } from './rules.ts';
import type { List, Tag } from './tags.ts';
import type { Uris } from './uris.ts';
import { passOn, passPlain, type Type } from './values.ts';
import type { Variables } from './variables.ts';
import { isHarmlessAttribute } from './words.ts';

/** What is left of a tag behind its colon, and what it told: by the name of an attribute, or by none where there are none. */
export type Passage = { value: string; told: (attribute?: string) => string };

/** Null when nothing of the tag passes: it is done with here, or a player would have to ignore it. */
export function passTag(name: string, value: string, form: Tag['value'], variables: Variables, uris: Uris): Passage | null {
  if (typeof form !== 'object') {
    const passing = passPlain(form, value);
    return passing === null ? null : { value: passing, told: () => passing };
  }
  const attributes = parseAttributes(value).map((attribute) => fill(attribute, form, variables));
  const told = (asked?: string): string | undefined => attributes.find((attribute) => attribute.name === asked)?.value;
  if (form.required.some((one) => told(one) === undefined)) throw new StreamError('bad_playlist', 'a missing attribute');
  if (name === '#EXT-X-DEFINE') variables.define(attributes);
  if (!makesSense(name, attributes)) return null;
  const passed = attributes.flatMap((attribute) => {
    const type = name === '#EXT-X-PRELOAD-HINT' && attribute.name === 'URI' && told('TYPE') === 'MAP' ? 'to map' : typeOf(attribute, form);
    if (!type) return isHarmlessAttribute(attribute) ? [attribute] : [];
    const passing = passOn(type, attribute, uris);
    return passing === null ? [] : [{ ...attribute, value: passing }];
  });
  return passed.length === 0 ? null : { value: printAttributes(passed), told: (asked) => told(asked) ?? '' };
}

/** Variables stand in quotes and in hexadecimal numbers, and nowhere else (4.3). */
function fill(attribute: Attribute, form: List, variables: Variables): Attribute {
  const type = typeOf(attribute, form);
  if (!attribute.quoted && type !== 'hex') return attribute;
  return { ...attribute, value: variables.fill(attribute.value, type?.startsWith('to ') ? 'address' : 'words') };
}

function typeOf({ name }: Attribute, { types }: List): Type | undefined {
  return Object.hasOwn(types, name) ? types[name] : undefined;
}
