import { benchFanOut, fanOutTable, RATES, READERS } from '../../bench/fan-out.ts';
import { report } from '../../bench/report.ts';
import type { Asked, Result } from '../proofs.ts';

/** Of the plain loop's CPU per delivered message, by messages a second. */
const ALLOWED: Record<number, number> = { 1: 1.1, 20: 0.75, 200: 0.2 };
const P95_MS = 100;

export async function prove({ share, say }: Asked): Promise<Result> {
  const rounds = share < 1 ? 1 : 5;
  const figures = await benchFanOut(rounds, say);
  if (share === 1) report('fan-out', fanOutTable(figures));
  const lines = figures.rates.map(({ rate, kinds: { aside, plain, socketio } }) => {
    const ratio = aside.microsPerRow / plain.microsPerRow;
    return { ok: ratio <= (ALLOWED[rate] ?? 0) && aside.p95 <= P95_MS, text: `${rate}/s ${ratio.toFixed(3)}× the loop (≤ ${ALLOWED[rate]}), ${(aside.microsPerRow / socketio.microsPerRow).toFixed(2)}× Socket.IO, p95 ${aside.p95.toFixed(0)} ms` };
  });
  return { ok: lines.every(({ ok }) => ok), count: RATES.reduce((sum, rate) => sum + rate * 8, 0) * READERS * rounds, figure: lines.map(({ text }) => text).join(' · ') };
}
