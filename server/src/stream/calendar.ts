import type { Rewritten } from './playlist.ts';

/** Gives streams without program dates dates of ours: the same for a segment whenever and in whichever rendition it is listed. */
export type Calendar = {
  /** The date of the first segment listed, in ms. */
  place(stream: string, url: string, text: string, playlist: Rewritten, now: number): number;
};

type Known = { sequence: number; date: number; durations: number[] };

const KNOWN_MAX = 5_000;

export function createCalendar(): Calendar {
  const known = new Map<string, Known>();
  return {
    place(stream, url, text, { mediaSequence, durationMs, ended }, now) {
      const durations = Array.from(text.matchAll(/^#EXTINF:([\d.]+)/gm), ([, seconds]) => Number(seconds) * 1_000);
      // A recording begins with its room's first look at it; which of its renditions that was does not matter.
      const name = ended ? url : stream;
      const before = known.get(name);
      const passed = before ? mediaSequence - before.sequence : -1;
      const fits = before !== undefined && passed >= 0 && passed <= before.durations.length;
      const date = fits ? before.date + sum(before.durations.slice(0, passed)) : now - durationMs;
      known.delete(name);
      known.set(name, { sequence: mediaSequence, date, durations });
      const [oldest] = known.keys();
      if (known.size > KNOWN_MAX && oldest !== undefined) known.delete(oldest);
      return date;
    },
  };
}

function sum(all: readonly number[]): number {
  return all.reduce((total, one) => total + one, 0);
}
