import { benchStopped, besideOf, STOPPED, stoppedTable } from '../../bench/stopped.ts';
import { report } from '../../bench/report.ts';
import type { Asked, Result } from '../proofs.ts';

const EACH_BYTES = 2 ** 20;
const BESIDE = 1.2;
const PUSHED_BYTES = 16 * 2 ** 20;

export async function prove({ share, say }: Asked): Promise<Result> {
  const figures = await benchStopped(share < 1 ? { ...STOPPED, rounds: 1 } : STOPPED, say);
  if (share === 1) report('stopped', stoppedTable(figures));
  const { bytesEach, pushedBytes, caught, stopped, rounds } = figures;
  const most = Math.max(...bytesEach);
  const exact = caught.reduce((sum, one) => sum + one.exact, 0);
  return {
    ok: most <= EACH_BYTES && besideOf(figures) <= BESIDE && pushedBytes > PUSHED_BYTES && exact === rounds * stopped,
    count: rounds * stopped,
    figure: `${stopped} stopped while ${(pushedBytes / 2 ** 20).toFixed(1)} MiB came for each (> 16): at most ${(most / 1_000).toFixed(0)} kB each (≤ 1,049), the others' p99 ${besideOf(figures).toFixed(2)}× (≤ ${BESIDE}), ${exact} of ${rounds * stopped} exact when they read again`,
  };
}
