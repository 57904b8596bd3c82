import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 2;
/** Where a look goes through the network, a disk or a browser. */
const FAR_LOOK_EVERY_MS = 20;

/** Looks until there is something to see or the time is up; tells what was seen last. */
export async function until<T>(look: () => T | Promise<T>, withinMs: number): Promise<T> {
  for (const deadline = performance.now() + withinMs; ; ) {
    const looking = look();
    const seen = await looking;
    if (seen || performance.now() > deadline) return seen;
    await pause(looking instanceof Promise ? FAR_LOOK_EVERY_MS : LOOK_EVERY_MS);
  }
}
