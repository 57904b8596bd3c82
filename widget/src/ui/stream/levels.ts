import type Hls from 'hls.js';

/** How fine the picture is: what was chosen, and less of it for as long as the way here is too slow for that. */
export type Levels = {
  /** By number, or -1 for whoever plays. */
  choose(which: number): void;
  chosen(): number;
  lowered(): boolean;
  /** Whether the next picture is missing at this moment. */
  feel(missing: boolean): void;
  close(): void;
};

/** A hiccup is no reason for a worse picture. */
const STALLED_MS = 1_000;
/** Grows with every fall, or a way that is just too slow would be tried for ever. */
const CALM_MS = 15_000;
const CALM_MAX_MS = 240_000;

export function openLevels(hls: Hls, tell: () => void): Levels {
  let chosen = -1;
  let calmMs = CALM_MS;
  let stalled: ReturnType<typeof setTimeout> | undefined;
  let calm: ReturnType<typeof setTimeout> | undefined;

  /** A chosen level knows no cap: what is lowered is left to the player, below it. */
  const cap = (level: number, how: 'nextLevel' | 'loadLevel') => {
    hls.autoLevelCapping = level;
    // The first lets go of what is on its way, the second waits for its turn.
    hls[how] = level < 0 ? chosen : -1;
    tell();
  };
  const fall = () => {
    stalled = undefined;
    const shown = hls.loadLevel;
    clearTimeout(calm);
    calm = undefined;
    if (shown > 0) cap(shown - 1, 'nextLevel');
  };
  const rise = () => {
    calm = undefined;
    const top = chosen < 0 ? hls.levels.length - 1 : chosen;
    const next = hls.autoLevelCapping + 1;
    calmMs = Math.min(calmMs * 2, CALM_MAX_MS);
    cap(next >= top ? -1 : next, 'loadLevel');
    if (next < top) calm = setTimeout(rise, calmMs);
  };

  return {
    choose(which) {
      chosen = which;
      clearTimeout(calm);
      calm = undefined;
      calmMs = CALM_MS;
      cap(-1, 'nextLevel');
    },
    chosen: () => chosen,
    lowered: () => hls.autoLevelCapping >= 0,
    feel(missing) {
      if (missing) stalled ??= setTimeout(fall, STALLED_MS);
      else {
        clearTimeout(stalled);
        stalled = undefined;
        if (hls.autoLevelCapping >= 0) calm ??= setTimeout(rise, calmMs);
      }
    },
    close() {
      clearTimeout(stalled);
      clearTimeout(calm);
    },
  };
}

export function heightsOf({ levels }: Hls): string[] {
  return levels.length > 1 ? levels.map(({ height, bitrate }) => (height ? `${height}p` : `${Math.round(bitrate / 1_000)}k`)) : [];
}

export function captionsOf({ subtitleTracks }: Hls): string[] {
  return subtitleTracks.map(({ name }) => name);
}
