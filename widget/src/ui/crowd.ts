/** How fast the words of others come, for those who have them read out. */
export type Crowd = {
  /** Number of the newest message heard of. */
  n: number;
  /** When the last few of others came. */
  came: readonly number[];
  /** More than anybody can listen to one by one. */
  loud: boolean;
  /** Those of them that nothing was said about yet. */
  untold: number;
};

/** So often the listener hears how many there were. */
export const TELL_EVERY_MS = 5_000;
/** In that time: about one a second. */
const BEARABLE = 5;

/** `fresh`: how many of others came since the last time. */
export function hear(crowd: Crowd, n: number, fresh: number, now: number): Crowd {
  const came = [...crowd.came, ...Array(Math.min(fresh, BEARABLE + 1)).fill(now)].filter((at) => at > now - TELL_EVERY_MS);
  const loud = crowd.loud || came.length > BEARABLE;
  return { n, came, loud, untold: loud ? crowd.untold + fresh : 0 };
}

/** What was untold has been told. */
export function rest(crowd: Crowd, now: number): Crowd {
  const came = crowd.came.filter((at) => at > now - TELL_EVERY_MS);
  return { ...crowd, came, loud: came.length > BEARABLE, untold: 0 };
}
