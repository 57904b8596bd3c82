/** How long each delivery took, in tenths of a millisecond up to four seconds. Can be sent between processes and added. */
export type Histogram = Uint32Array;

const PER_MS = 10;
const LONGEST_MS = 4_000;

export function createHistogram(): Histogram {
  return new Uint32Array(LONGEST_MS * PER_MS);
}

export function record(histogram: Histogram, ms: number): void {
  const slot = Math.min(histogram.length - 1, Math.max(0, Math.floor(ms * PER_MS)));
  histogram[slot] = (histogram[slot] ?? 0) + 1;
}

export function add(into: Histogram, other: Histogram): void {
  for (let slot = 0; slot < into.length; slot += 1) into[slot] = (into[slot] ?? 0) + (other[slot] ?? 0);
}

/** In ms; infinity when nothing was recorded. */
export function quantile(histogram: Histogram, share: number): number {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  let left = Math.max(1, Math.ceil(total * share));
  for (let slot = 0; slot < histogram.length; slot += 1) {
    left -= histogram[slot] ?? 0;
    if (left <= 0) return slot / PER_MS;
  }
  return Number.POSITIVE_INFINITY;
}
