import { acksTable, benchAcks, SHAPES } from '../../bench/acks.ts';
import { median } from '../../bench/process.ts';
import { report } from '../../bench/report.ts';
import type { Asked, Result } from '../proofs.ts';

const MANY_PER_S = 10_000;
const HOT_PER_S = 15_000;
const HALF_P99_MS = 250;
const QUIET_P95_MS = 25;

export async function prove({ share, say }: Asked): Promise<Result> {
  const figures = await benchAcks(share < 1 ? 1 : 5, say);
  if (share === 1) report('acks', acksTable(figures));
  const { most, half, nodes, quiet } = figures;
  const [many, hot, crowded] = [median(most.many), median(most.hot), median(most.crowded)];
  return {
    ok: many >= MANY_PER_S && hot >= HOT_PER_S && half.many.p99 <= HALF_P99_MS && half.hot.p99 <= HALF_P99_MS && quiet.p95 <= QUIET_P95_MS,
    count: half.many.acks + half.hot.acks,
    figure: `acknowledged a second: 100 rooms ${many.toFixed(0)} (≥ ${MANY_PER_S}), one room ${hot.toFixed(0)} (≥ ${HOT_PER_S}), with 200 senders ${crowded.toFixed(0)}; at ${SHAPES.many.perSecond} and ${SHAPES.hot.perSecond} p99 ${half.many.p99.toFixed(0)} and ${half.hot.p99.toFixed(0)} ms (≤ ${HALF_P99_MS}); quiet rooms beside a hot one p95 ${quiet.p95.toFixed(0)} ms (≤ ${QUIET_P95_MS}); ${nodes.map((one) => `${one.nodes} in one room p50 ${one.p50}`).join(', ')} ms`,
  };
}
