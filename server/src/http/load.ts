/** Whether this process has more to do than it can do in time, told by how late its own looks come. */
export type Load = { readonly overloaded: boolean; /** By how much the last look was late. */ readonly lateMs: number; close(): void };
/** `turning`: looks in a row that say the opposite. Looks, not time: a process that was stopped for a minute is not overloaded. */
export type Verdict = { readonly overloaded: boolean; readonly turning: number };

const LOOK_EVERY_MS = 100;
/** Words of others would be felt to be late. A garbage collection or one large page stays below. */
export const LATE_MS = 250;
/** In a row: more than two seconds, since each of them is late. */
export const LATE_LOOKS = 6;
/** In a row: two seconds. */
export const WELL_LOOKS = 20;
export const well: Verdict = { overloaded: false, turning: 0 };

export function judge({ overloaded, turning }: Verdict, lateMs: number): Verdict {
  if (lateMs >= LATE_MS === overloaded) return { overloaded, turning: 0 };
  return turning + 1 < (overloaded ? WELL_LOOKS : LATE_LOOKS) ? { overloaded, turning: turning + 1 } : { overloaded: !overloaded, turning: 0 };
}

export function watchLoad(now: () => number): Load {
  let verdict = well;
  let lookedAt = now();
  let lateMs = 0;
  const timer = setInterval(() => {
    lateMs = Math.max(0, now() - lookedAt - LOOK_EVERY_MS);
    verdict = judge(verdict, lateMs);
    lookedAt = now();
  }, LOOK_EVERY_MS).unref();
  return { get overloaded() { return verdict.overloaded; }, get lateMs() { return lateMs; }, close: () => clearInterval(timer) };
}
