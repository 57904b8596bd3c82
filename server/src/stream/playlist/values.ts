import { StreamError } from '../refusal.ts';
import type { Kind } from '../playlist.ts';
import type { Attribute } from './attributes.ts';
import { parseDate } from './dates.ts';
import type { Uris } from './uris.ts';
import { defuse, isPlain, isTitle } from './words.ts';

/** What the draft says a value is (4.2). `token`: words that only machines compare, and that may be missing. */
export type Type = 'integer' | 'decimal' | 'signed' | 'hex' | 'resolution' | 'enumerated' | 'answer' | 'words' | 'token' | 'captions' | 'range' | 'date' | `to ${Kind}`;
/** Of tags without attributes. */
export type Plain = 'nothing' | 'integer' | 'date' | 'range' | 'duration' | 'lasting';

/** The largest decimal-integer, 2^64 - 1, has twenty digits. */
const INTEGER_MAX = 18_446_744_073_709_551_615n;
const DECIMAL = /^\d{1,15}(\.\d{1,30})?$/;
const BARE: Partial<Record<Type, RegExp>> = {
  integer: /^\d{1,20}$/,
  decimal: DECIMAL,
  signed: /^-?\d{1,15}(\.\d{1,30})?$/,
  // The draft wants capitals, many origins write others: they leave as capitals.
  hex: /^0[xX][0-9A-Fa-f]+$/,
  resolution: /^\d{1,10}x\d{1,10}$/,
  enumerated: /^[\w.+-]+$/,
  answer: /^(YES|NO)$/,
};

/** The value as it may be passed on; null when the tag is to be left out. */
export function passPlain(type: Plain, value: string): string | null {
  switch (type) {
    case 'nothing':
      return value === '' ? '' : refuse();
    case 'integer':
      return isInteger(value) ? value : refuse();
    case 'range':
      return isRange(value) ? value : refuse();
    case 'lasting':
      return value === 'EVENT' || value === 'VOD' ? value : refuse();
    case 'date':
      return parseDate(value)?.text ?? null;
    case 'duration': {
      const comma = value.indexOf(',');
      const [seconds, title] = comma < 0 ? [value, ''] : [value.slice(0, comma), value.slice(comma + 1)];
      return DECIMAL.test(seconds) ? `${seconds},${isTitle(title) ? title : ''}` : refuse();
    }
    default:
      return type satisfies never;
  }
}

/** The same for an attribute. */
export function passOn(type: Type, { value, quoted }: Attribute, uris: Uris): string | null {
  if (type === 'captions' && !quoted) return value === 'NONE' ? value : refuse();
  const bare = BARE[type];
  if (bare) {
    if (quoted || !bare.test(value) || (type === 'integer' && !isInteger(value))) refuse();
    return type === 'hex' ? `0x${value.slice(2).toUpperCase()}` : value;
  }
  if (!quoted) refuse();
  if (type === 'range') return isRange(value) ? value : refuse();
  if (type === 'date') return parseDate(value)?.text ?? null;
  if (type.startsWith('to ')) return uris.replace(type.slice(3) as Kind, value);
  const words = defuse(value);
  return type === 'token' && !isPlain(value) ? null : words;
}

function isInteger(value: string): boolean {
  return /^\d{1,20}$/.test(value) && (value.length < 20 || BigInt(value) <= INTEGER_MAX);
}

/** `<length>[@<offset>]` (4.4.4.2). */
function isRange(value: string): boolean {
  const [length, offset, ...rest] = value.split('@');
  return rest.length === 0 && isInteger(length as string) && (offset === undefined || isInteger(offset));
}

function refuse(): never {
  throw new StreamError('bad_playlist', 'a value');
}
