import { StreamError } from '../refusal.ts';

/** Of one playlist, in bytes: a day of six-second segments under addresses of sixty characters. */
const TEXT_MAX = 1_048_576;
/** A day of six-second segments once more, in lines: they are what reading costs, some three microseconds each. */
const LINES_MAX = 30_000;
/** Of one line, read or written, in characters. */
export const LINE_MAX = 8_192;
/**
 * What 4.1 forbids, with two exceptions of ours. A tab may stand, for RECENTLY-REMOVED-DATERANGES is written with it.
 * U+2028 and U+2029 may not: they end a line for `.` and `^` in JavaScript, so a player would read what follows as a line of its own.
 */
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]|\r(?!\n)/;

/** Tags and addresses, without blank lines and comments. */
export function readLines(text: string): string[] {
  if (text.length > TEXT_MAX || Buffer.byteLength(text) > TEXT_MAX) throw new StreamError('too_large');
  // 4.1: who reads a playlist should not take one with a byte order mark. Radio lists (.m3u) begin as playlists do, but have none of their tags.
  if (!/^#EXTM3U[ \t]{0,8}(\r?\n|$)/.test(text) || !/^#EXT-X-/m.test(text)) throw new StreamError('not_a_playlist');
  if (FORBIDDEN.test(text) || !text.isWellFormed()) throw new StreamError('bad_playlist', 'a forbidden character');
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && (!line.startsWith('#') || line.startsWith('#EXT')));
  if (lines.length > LINES_MAX || lines.some((line) => line.length > LINE_MAX)) throw new StreamError('too_large', 'lines');
  return lines;
}
