import type { Rooms } from './rooms.ts';

/** Compares heads with the log: often while no bus is heard, seldom while one is, and at once when that changes. */
export type Comparison = { now(): void; close(): void };

const HEARING_EVERY_MS = 15_000;
const TICK_MS = 250;

/** `hears`: whether hints come. `deafEveryMs`: how late words of other servers are at most while they do not. */
export function createComparison(rooms: Pick<Rooms, 'compare'>, now: () => number, hears: () => boolean, deafEveryMs: number): Comparison {
  let beganAt = now();
  let comparing = false;
  let again = false;

  function compare(): void {
    again = comparing;
    if (comparing) return;
    comparing = true;
    beganAt = now();
    void rooms.compare().catch(later).finally(() => {
      comparing = false;
      if (again) compare();
    });
  }

  const timer = setInterval(() => {
    if (!comparing && now() - beganAt >= (hears() ? HEARING_EVERY_MS : deafEveryMs)) compare();
  }, TICK_MS);
  return { now: compare, close: () => clearInterval(timer) };
}

/** What failed is found again by the next comparison. */
function later(): void {}
