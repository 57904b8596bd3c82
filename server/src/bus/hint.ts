import { type Hint, keyOf, type Place } from '../protocol/index.ts';

/** A longer one says only which numbers it covers, and who hears it reads the log. */
const MAX_BYTES = 65_536;

export function writeHint(hint: Hint): string {
  const whole = JSON.stringify(hint);
  if (hint.rows === null || Buffer.byteLength(whole) <= MAX_BYTES) return whole;
  const { facts: _, ...numbers } = hint;
  return JSON.stringify({ ...numbers, rows: null } satisfies Hint);
}

/** Null unless it is one, and of this room: what comes over a network may be anybody's. */
export function readHint(place: Place, text: string): Hint | null {
  const hint = parse(text);
  if (!hint || typeof hint.epoch !== 'string' || keyOf(hint.place ?? { site: '', post: '\n' }) !== keyOf(place)) return null;
  if (![hint.from, hint.rev, hint.n, hint.first].every(Number.isSafeInteger) || hint.from >= hint.rev) return null;
  if (hint.rows !== null && !(Array.isArray(hint.rows) && hint.rows.every((row) => Number.isSafeInteger(row?.n) && Number.isSafeInteger(row.rev)))) return null;
  return hint;
}

function parse(text: string): Hint | null {
  try {
    return JSON.parse(text) as Hint | null;
  } catch {
    return null;
  }
}
