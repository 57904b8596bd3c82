import type { RefusalCode } from './codes.ts';
import {
  NICK_MAX_BYTES, NICK_MAX_CODE_POINTS, NICK_MAX_GRAPHEMES, NICK_MIN_GRAPHEMES,
  POST_ID_MAX_CHARS, SITE_MAX_CHARS, TEXT_MAX_BYTES, TEXT_MAX_GRAPHEMES,
} from './limits.ts';
import { passesForHouse } from './lookalikes.ts';

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });
const encoder = new TextEncoder();

/** Letters as a reader counts them: 각, 👨‍👩‍👧 and é are one each. */
export function countGraphemes(text: string): number {
  let count = 0;
  for (const _ of segmenter.segment(text)) count += 1;
  return count;
}

export function countBytes(text: string): number {
  return encoder.encode(text).length;
}

export type Checked = { ok: true; value: string } | { ok: false; code: RefusalCode };

/** What may be said. Line breaks and tabs are text; every other control character, NUL first, is not. */
export function checkText(raw: string): Checked {
  if (!raw.isWellFormed() || /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(raw)) return refuse('bad_text');
  const text = raw.replace(/\r\n?/g, '\n').trim();
  if (text === '' || !visible.test(text)) return refuse('empty');
  // No text has more graphemes than code units, and counting them is most of what a short text costs.
  if (text.length > TEXT_MAX_GRAPHEMES && countGraphemes(text) > TEXT_MAX_GRAPHEMES) return refuse('too_long');
  if (countBytes(text) > TEXT_MAX_BYTES) return refuse('too_long');
  return { ok: true, value: text };
}

/**
 * The one form of a nickname, or why it cannot be one. Applying it twice changes nothing.
 * The joiner stays allowed only between pictographs, where emoji need it.
 */
export function checkNick(raw: string): Checked {
  if (!raw.isWellFormed() || raw.length > 4 * NICK_MAX_BYTES) return refuse('nick_invalid');
  const nick = raw.normalize('NFC').replace(/ +/g, ' ').trim();
  if (hidden.test(nick) || strayJoiner.test(nick) || /\p{M}{3}/u.test(nick)) return refuse('nick_invalid');
  if ([...nick].length > NICK_MAX_CODE_POINTS || countBytes(nick) > NICK_MAX_BYTES) return refuse('nick_invalid');
  const letters = countGraphemes(nick);
  if (letters < NICK_MIN_GRAPHEMES || letters > NICK_MAX_GRAPHEMES || !visible.test(nick)) return refuse('nick_invalid');
  if (passesForHouse(nick)) return refuse('nick_lookalike');
  return { ok: true, value: nick };
}

/** Post ids are the author's own: any text of 1–255 characters without control characters. */
export function isPostId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && fits(value, POST_ID_MAX_CHARS);
}

export function isSite(value: unknown): value is string {
  return typeof value === 'string' && fits(value, SITE_MAX_CHARS);
}

function fits(value: string, maxChars: number): boolean {
  return value.isWellFormed() && [...value].length <= maxChars && !/[\p{Cc}\u2028\u2029]/u.test(value);
}

function refuse(code: RefusalCode): Checked {
  return { ok: false, code };
}

/** Something to see: fillers and blank notes are letters and symbols only to Unicode. */
const visible = /(?![\u115f\u1160\u2800\u3164\uffa0\u{1d159}\u{13441}\u{13442}])[\p{L}\p{N}\p{P}\p{S}]/u;
/** Controls, formats (bidi, zero width, tags), unassigned, private, separators but the blank, and letters that draw nothing. */
const hidden = /[\p{Cc}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{13441}\u{13442}\u{16fe4}\u{1d159}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|(?![\u200d])\p{Cf}/u;
const strayJoiner = /(?<![\p{Extended_Pictographic}\u{1f3fb}-\u{1f3ff}\ufe0f])\u200d|\u200d(?!\p{Extended_Pictographic})|(?<!\p{Extended_Pictographic})\ufe0f(?!\u20e3)|(?<![\p{Extended_Pictographic}0-9#*])\ufe0f/u;
