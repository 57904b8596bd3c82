import type { LiveRow, PicturePage, Row } from '@aside/server/protocol';
import type { Around } from '../../state/far.ts';
import { type Clock, pictureOf } from './playhead.ts';

/** Message `n` of picture `pic`. */
export type Place = { pic: number; n: number };
/** Pictures of which all messages are held. Null: there are none beyond. */
export type Span = { from: Place | null; to: Place | null };
export type Need = {
  picture: number;
  /** From this picture on all messages are held without any page. */
  floor: number;
  /** How many are held on each side of the picture. */
  behind: number;
  ahead: number;
  /** The reader wants to read further up. */
  older: boolean;
};

/** Held before the picture comes there: a page takes a second at worst, a failed one some more. */
const AHEAD_MS = 60_000;
/** A busy minute is more than anybody reads. */
const AHEAD_ROWS = 250;
const SCREEN_ROWS = 30;
/** Further than this behind its end, a page around the picture is sooner there. */
const OUTRUN_MS = 5_000;

/** The page to ask for next, or null while all that is needed is held. */
export function nextAsk(span: Span | null, { picture, floor, behind, ahead, older }: Need): Around | null {
  if (!span) return picture >= floor ? null : { pic: Math.max(0, Math.floor(picture)) };
  if (!isWithin(span, picture, floor)) return { pic: Math.max(0, Math.floor(picture)) };
  const { from, to } = span;
  if (to && to.pic < Math.min(picture + AHEAD_MS, floor) && ahead < AHEAD_ROWS) return { pic: to.pic, after: to.n };
  if (from && (older || behind < SCREEN_ROWS)) return { pic: from.pic, until: from.n };
  return null;
}

/** Whether the span has something to say of this picture. */
export function isWithin({ from, to }: Span, picture: number, floor: number): boolean {
  return (!from || picture >= from.pic) && (!to || to.pic >= floor || picture <= to.pic + OUTRUN_MS);
}

export function takePage(span: Span | null, asked: Around, { rows, older, more }: PicturePage, clock: Clock): Span {
  const live = rows.filter((row): row is LiveRow => !row.deleted);
  const [first, last] = [live[0], live.at(-1)];
  const from = older && first ? placeOf(first, clock) : null;
  const to = more && last ? placeOf(last, clock) : null;
  if (asked.after !== undefined) return { from: span?.from ?? null, to };
  if (asked.until !== undefined) return { from, to: span?.to ?? null };
  return { from, to };
}

/** From which picture on the rows that are held by number are all there are. */
export function floorOf({ rows, low, first }: { rows: Iterable<Row>; low: number; first: number }, to: number | undefined, clock: Clock): number {
  if (low <= first) return Number.NEGATIVE_INFINITY;
  // Of a recording anybody may speak about any picture, at any time.
  if (to !== undefined) return Number.POSITIVE_INFINITY;
  let oldest: LiveRow | null = null;
  for (const row of rows) if (!row.deleted && row.n < (oldest?.n ?? Number.POSITIVE_INFINITY)) oldest = row;
  // When it was said, there was no later picture that an older message could be about.
  return oldest ? oldest.at - (clock.skew ?? 0) : Number.POSITIVE_INFINITY;
}

function placeOf(row: LiveRow, clock: Clock): Place {
  return { pic: pictureOf(row, clock), n: row.n };
}

export function isBefore(a: Place, b: Place): boolean {
  return a.pic < b.pic || (a.pic === b.pic && a.n < b.n);
}
