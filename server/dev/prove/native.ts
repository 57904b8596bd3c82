import { benchFanOut, fanOutPlot, fanOutTable, NATIVE, ratioOf, rowsOf } from '../../bench/fan-out.ts';
import { report } from '../../bench/report.ts';
import type { Asked, Result } from '../proofs.ts';

/** Of Bun's CPU per delivered row, by messages a second. At one a second a reader is waiting for every single write. */
const ALLOWED: Record<number, number> = { 1: 1.4, 20: 1, 200: 1 / 3, 500: 1 / 3 };
const P95_MS = 100;
const P50_AT_ONE_MS = 10;

export async function prove({ share, say }: Asked): Promise<Result> {
  const figures = await benchFanOut(share < 1 ? 1 : 5, say, NATIVE);
  if (share === 1) report('native', fanOutTable(figures), fanOutPlot(figures));
  const lines = figures.rates.map(({ rate, costs }) => {
    const ratio = ratioOf(costs, 'bun');
    const { p50 = Number.NaN, p95 = Number.NaN } = costs.get('aside') ?? {};
    const ok = ratio <= (ALLOWED[rate] ?? 0) && p95 <= P95_MS && (rate > 1 || p50 <= P50_AT_ONE_MS);
    return { ok, text: `${rate}/s ${ratio.toFixed(3)}× Bun (≤ ${ALLOWED[rate]?.toFixed(2)}), ${ratioOf(costs, 'plain').toFixed(3)}× the loop, ${ratioOf(costs, 'socketio').toFixed(3)}× Socket.IO, p50 ${p50.toFixed(1)}, p95 ${p95.toFixed(0)} ms` };
  });
  return { ok: lines.every(({ ok }) => ok), count: rowsOf(figures), figure: lines.map(({ text }) => text).join(' · ') };
}
