import { StreamError } from '../refusal.ts';

/** The letter between day and hour is written, and so are the seconds: ISO 8601 lets both go, players do not. */
const DATE = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d{1,9})?(?:(Z)|([+-])(\d\d)(?::?(\d\d))?)?$/;
/** Of what a Date can hold, in ms: later is no year of four digits. */
const LAST = Date.UTC(9_999, 11, 31);

/**
 * A moment in ms, and its text. The colon that ffmpeg leaves out of an offset is put in, for not every player does without.
 * Null when it names no offset, as the draft allows: to each viewer it would be another moment.
 */
export function parseDate(text: string): { ms: number; text: string } | null {
  const [, day, time, fraction = '', utc, sign, hours = '00', minutes = '00'] = DATE.exec(text) ?? [];
  const ms = Date.parse(`${day}T${time}Z`);
  // Both 31 February and 24:00 are read as the day after.
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== `${day}T${time}.000Z` || Number(hours) > 23 || Number(minutes) > 59) throw new StreamError('bad_playlist', 'a date');
  if (!utc && !sign) return null;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
  return { ms: ms + Number(`0${fraction}`) * 1_000 - offset, text: `${day}T${time}${fraction}${utc ?? `${sign}${hours}:${minutes}`}` };
}

export function printDate(ms: number): string {
  if (!(ms >= 0 && ms <= LAST)) throw new StreamError('bad_playlist', 'durations beyond all dates');
  return new Date(ms).toISOString();
}
