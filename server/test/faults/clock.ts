/** Milliseconds that never repeat, so that of two events in this process one is surely before the other. */
export function createClock(): () => number {
  let last = 0;
  return () => {
    last = Math.max(performance.now(), last + 1e-4);
    return last;
  };
}
