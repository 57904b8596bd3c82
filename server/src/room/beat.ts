/** When a room writes. Writes are the cost, so a hot room gathers; a calm one waits for nothing. */
export type Beat = {
  /** So many rows came in at `now`; none where a pass ended and more waits. How long to gather before the next pass, in ms. */
  wait(now: number, members: number, rows: number): number;
  passed(now: number, tookMs: number): void;
};

/**
 * From the first row that waits to the last reader who has it; so a longer pass leaves less to gather in. Where
 * dozens share a write in any case, their bytes take readers and kernel longer, and all of it is to end within 100 ms.
 */
const beatMs = (rowsPerS: number): number => (rowsPerS < 100 ? 78 : rowsPerS < 300 ? 52 : 44);
const QUIET_MS = 250;
/** Longer than a pass to ten thousand takes. What seems to have taken more was a process that stood, and its readers have waited enough. */
const PASS_MAX_MS = 500;
/** Writes a second below which a room is calm, and above which it is hot: 1.5 % and 10 % of a core at 8 µs a write. */
const CALM_WRITES = 2_000;
const HOT_WRITES = 12_000;

export function createBeat(): Beat {
  let rate = 0;
  let lastRowAt = Number.NEGATIVE_INFINITY;
  let lastPassAt = Number.NEGATIVE_INFINITY;
  let lastPassMs = 0;
  return {
    wait(now, members, rows) {
      const since = now - lastRowAt;
      rate = rate * Math.exp(-since / 1_000) + rows;
      lastRowAt = now;
      const rest = lastPassAt + 2 * lastPassMs - now;
      if (since > QUIET_MS) return Math.max(0, rest);
      const heat = Math.min(1, Math.max(0, (rate * members - CALM_WRITES) / (HOT_WRITES - CALM_WRITES)));
      return Math.max(0, rest, heat * (beatMs(rate) - lastPassMs));
    },
    passed(now, tookMs) {
      lastPassAt = now;
      lastPassMs = Math.min(tookMs, PASS_MAX_MS);
    },
  };
}
