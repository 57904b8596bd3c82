/** Waits before dialing again. Full jitter: after a deploy thousands return, and must not return together. */
export function drawWait(attempt: number, random: number): number {
  const most = attempt === 0 ? FIRST_WAIT_MS : Math.min(LONGEST_WAIT_MS, 1000 * 2 ** attempt);
  return random * most;
}

export function drawBetween([least, most]: readonly [number, number], random: number): number {
  return least + random * Math.max(0, most - least);
}

export const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 30_000;
