import { printDate } from './dates.ts';

/** When the segments of a playlist are, as far as dates and durations tell. All in ms. */
export type Timeline = {
  /** The origin's date of the next segment. */
  date(at: number): void;
  discontinue(): void;
  /** The next segment begins here, at this line of ours: with a part of it, or with its duration. */
  begin(line: number): void;
  addPart(ms: number): void;
  addSegment(ms: number): void;
  /** Our own lines with a date before the first segment and after every discontinuity; none when the origin dates. */
  dates(lines: readonly string[], first: number): string[];
  facts(): { dated: boolean; durationMs: number; edge: number | null };
};

export function openTimeline(): Timeline {
  let durationMs = 0;
  let partsMs = 0;
  let dated: { at: number; passed: number } | null = null;
  let owed = true;
  const places: { line: number; passed: number }[] = [];

  return {
    date(at) {
      dated = { at, passed: durationMs };
    },
    discontinue() {
      owed = true;
    },
    begin(line) {
      if (owed) places.push({ line, passed: durationMs });
      owed = false;
    },
    addPart(ms) {
      partsMs += ms;
    },
    addSegment(ms) {
      durationMs += ms;
      // Its parts were of the same pictures.
      partsMs = 0;
    },
    dates(lines, first) {
      if (dated) return [...lines];
      const due = new Map(places.map(({ line, passed }) => [line, `#EXT-X-PROGRAM-DATE-TIME:${printDate(Math.round(first + passed))}`]));
      return lines.flatMap((line, i) => (due.has(i) ? [due.get(i) as string, line] : [line]));
    },
    facts: () => ({ dated: dated !== null, durationMs: Math.round(durationMs), edge: dated && Math.round(dated.at + durationMs - dated.passed + partsMs) }),
  };
}
