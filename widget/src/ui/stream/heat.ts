export const HEAT_WIDE = 1_000;
export const HEAT_HIGH = 20;

/** Each with its neighbours, so that one busy second is a hill and not a needle. */
const NEIGHBOURS = 2;

/** An outline over the counts, from left to right; empty when nothing was said. By their roots: one loud moment must not flatten the evening. */
export function drawHeat(counts: readonly number[]): string {
  const smooth = counts.map((_, i) => mean(counts.slice(Math.max(0, i - NEIGHBOURS), i + NEIGHBOURS + 1)));
  const most = Math.max(0, ...smooth);
  if (most === 0) return '';
  const step = HEAT_WIDE / counts.length;
  const points = smooth.map((count, i) => `${Math.round((i + 0.5) * step)} ${(HEAT_HIGH * (1 - Math.sqrt(count / most))).toFixed(1)}`);
  const [first = '', last = ''] = [points[0], points.at(-1)].map((point) => point?.split(' ')[1]);
  return `M0 ${HEAT_HIGH}V${first}L${points.join('L')}L${HEAT_WIDE} ${last}V${HEAT_HIGH}Z`;
}

function mean(all: readonly number[]): number {
  return all.reduce((sum, one) => sum + one, 0) / all.length;
}
