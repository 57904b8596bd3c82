/** The server's clock, moved on by hand: it reads `performance.now`, so waiting costs nothing. A still one moves by hand only. */
export type Clock = { skip(ms: number): void; restore(): void };

export function takeClock({ still = false } = {}): Clock {
  const real = performance.now.bind(performance);
  let ahead = 0;
  // Whole: else a span between two of its times may be a hair longer than what was skipped, and a timer set to it does not ring.
  const began = Math.ceil(real());
  performance.now = () => (still ? began : real()) + ahead;
  return {
    skip(ms) { ahead += ms; },
    restore() { performance.now = real; },
  };
}
