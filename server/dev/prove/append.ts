import { appendTable, benchAppend, findPgbench } from '../../bench/append.ts';
import { report } from '../../bench/report.ts';
import type { Asked, Result } from '../proofs.ts';

const HOT_MIN = 5;
const MANY_MIN = 3;
/** The last ten seconds of a minute against the first ten. */
const KEPT_MIN = 0.7;

export async function prove({ share, say }: Asked): Promise<Result> {
  if (!findPgbench()) return { ok: false, count: 0, figure: 'pgbench is not on this machine (`apt-get install postgresql-contrib`)' };
  const figures = await benchAppend(share < 1 ? 1 : 5, say);
  if (share === 1) report('append', appendTable(figures));
  const { hot, many, minute } = figures;
  const mean = (counts: number[]): number => counts.reduce((sum, one) => sum + one, 0) / counts.length;
  const kept = mean(minute.slice(-10)) / mean(minute.slice(0, 10));
  return {
    ok: hot.ratio >= HOT_MIN && many.ratio >= MANY_MIN && kept >= KEPT_MIN,
    count: minute.reduce((sum, one) => sum + one, 0),
    figure: `one hot room ${hot.ratio.toFixed(1)}× pgbench -c 8 (≥ ${HOT_MIN}), 100 rooms ${many.ratio.toFixed(1)}× (≥ ${MANY_MIN}), last 10 s of a minute at ${(kept * 100).toFixed(0)} % of the first`,
  };
}
