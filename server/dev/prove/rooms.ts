import { benchFanOut, fanOutTable, ratioOf, ROOMS, rowsOf } from '../../bench/fan-out.ts';
import { report } from '../../bench/report.ts';
import type { Asked, Result } from '../proofs.ts';

/** Of Bun's CPU per delivered row, where nothing can be joined. */
const ALLOWED = 1.5;
const P95_MS = 50;

export async function prove({ share, say }: Asked): Promise<Result> {
  const figures = await benchFanOut(share < 1 ? 1 : 5, say, ROOMS);
  if (share === 1) report('rooms', fanOutTable(figures));
  const [{ costs } = { costs: new Map() }] = figures.rates;
  const ratio = ratioOf(costs, 'bun');
  const p95 = costs.get('aside')?.p95 ?? Number.POSITIVE_INFINITY;
  return { ok: ratio <= ALLOWED && p95 <= P95_MS, count: rowsOf(figures), figure: `${ROOMS.rooms} rooms of ${ROOMS.readers}, one message a second each: ${ratio.toFixed(2)}× Bun (≤ ${ALLOWED}), p95 ${p95.toFixed(0)} ms (≤ ${P95_MS})` };
}
