import { setTimeout as pause } from 'node:timers/promises';

/** Waits until it holds or the time is up; says which. */
export async function until(holds: () => boolean, withinMs: number): Promise<boolean> {
  for (const deadline = performance.now() + withinMs; !holds(); await pause(2)) {
    if (performance.now() > deadline) return false;
  }
  return true;
}
