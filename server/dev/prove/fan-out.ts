import { benchFanOut, fanOutPlot, fanOutTable, ratioOf, rowsOf } from '../../bench/fan-out.ts';
import { report } from '../../bench/report.ts';
import type { Asked, Result } from '../proofs.ts';

/** Of the plain loop's CPU per delivered message, by messages a second. */
const ALLOWED: Record<number, number> = { 1: 1.1, 20: 0.75, 200: 0.2 };
const P95_MS = 100;

export async function prove({ share, say }: Asked): Promise<Result> {
  const rounds = share < 1 ? 1 : 5;
  const figures = await benchFanOut(rounds, say);
  if (share === 1) report('fan-out', fanOutTable(figures), fanOutPlot(figures));
  const lines = figures.rates.map(({ rate, costs }) => {
    const ratio = ratioOf(costs, 'plain');
    const p95 = costs.get('aside')?.p95 ?? Number.POSITIVE_INFINITY;
    return { ok: ratio <= (ALLOWED[rate] ?? 0) && p95 <= P95_MS, text: `${rate}/s ${ratio.toFixed(3)}× the loop (≤ ${ALLOWED[rate]}), ${ratioOf(costs, 'socketio').toFixed(2)}× Socket.IO, p95 ${p95.toFixed(0)} ms` };
  });
  return { ok: lines.every(({ ok }) => ok), count: rowsOf(figures), figure: lines.map(({ text }) => text).join(' · ') };
}
