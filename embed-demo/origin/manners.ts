import type { Page } from './playlists.ts';
import { PARTS, type Rendition, ROUND_SEGMENTS, SEGMENT_SECONDS } from './sample.ts';

/**
 * `live`: what is no older than `?back=` seconds is listed. `skewed`: an encoder whose clock is wrong by `?by=` ms. `undated`: no dates at all. `seamed`: times begin anew
 * with every round, behind an EXT-X-DISCONTINUITY. `recording`: what began at `?from=`, in ms, and took `?seconds=`.
 */
export type Manner = 'live' | 'low' | 'skewed' | 'undated' | 'seamed' | 'recording';

/** `edge`: the first part that does not exist yet. `began`: what it was when the origin was started. */
export type Moment = { edge: number; began: number };

const WINDOW_SECONDS = 12;
const WINDOW_MAX_SECONDS = 600;
/** Twice of what a delta update keeps, so that it leaves something out. */
const LOW_WINDOW_SEGMENTS = 12;
const RECORDING_SECONDS = 120;
export const MAX_RECORDING_SECONDS = 3_600;
const RECORDED_AT = Date.UTC(2026, 0, 1, 12);
const SKEW_MS = 40_000;

/** What a playlist shows at this moment; null for a query that means nothing. */
export function pageOf(one: Rendition, manner: Manner, query: URLSearchParams, { edge, began }: Moment): Page | null {
  const end = Math.floor(edge / PARTS);
  const back = wholeOf(query, 'back', WINDOW_SECONDS);
  if (back === null || back < WINDOW_SECONDS || back > WINDOW_MAX_SECONDS) return null;
  const live: Page = { first: Math.max(0, end - Math.ceil(back / SEGMENT_SECONDS)), end, epoch: 0, seamsFrom: null, ended: false, low: null };
  switch (manner) {
    case 'live':
      return live;
    case 'undated':
      return { ...live, epoch: null };
    case 'seamed':
      // Counted from the origin's start: hls.js goes through every number up to this one, and since 1970 there were 75 million.
      return { ...live, seamsFrom: Math.max(0, Math.floor(began / PARTS / ROUND_SEGMENTS) - 1) };
    case 'skewed': {
      const epoch = wholeOf(query, 'by', SKEW_MS);
      return epoch === null ? null : { ...live, epoch };
    }
    case 'low': {
      const wide = { ...live, first: Math.max(0, end - LOW_WINDOW_SEGMENTS) };
      // Captions have no parts. They are known beforehand, and would come too late if they waited for their segment's end.
      return one.kind === 'captions' ? { ...wide, end: end + 1 } : { ...wide, low: { edge, skip: query.get('_HLS_skip') === 'YES' } };
    }
    case 'recording': {
      const epoch = wholeOf(query, 'from', RECORDED_AT);
      const seconds = wholeOf(query, 'seconds', RECORDING_SECONDS);
      if (epoch === null || seconds === null || seconds < 1 || seconds > MAX_RECORDING_SECONDS) return null;
      return { ...live, first: 0, end: Math.ceil(seconds / SEGMENT_SECONDS), epoch, ended: true };
    }
  }
}

/** Thirteen digits of milliseconds reach into the year 2286. */
function wholeOf(query: URLSearchParams, name: string, otherwise: number): number | null {
  const text = query.get(name);
  if (text === null) return otherwise;
  return /^-?\d{1,13}$/.test(text) ? Number(text) : null;
}
