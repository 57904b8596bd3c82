/** The server's clock, moved on by hand: it reads `performance.now`, so waiting costs nothing. A still one moves by hand only. */
export type Clock = { skip(ms: number): void; restore(): void };

export function takeClock({ still = false } = {}): Clock {
  const real = performance.now.bind(performance);
  let ahead = 0;
  const began = real();
  performance.now = () => (still ? began : real()) + ahead;
  return {
    skip(ms) { ahead += ms; },
    restore() { performance.now = real; },
  };
}
