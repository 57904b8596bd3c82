import { report } from '../../bench/report.ts';
import { benchWire, deflatedRatio, wireRows, wireTable } from '../../bench/wire-bytes.ts';
import type { Asked, Result } from '../proofs.ts';

/** From here on a room of a thousand is hot. */
const HOT_PER_S = 200;
const BYTES = 0.5;
const CPU = 1.1;

export async function prove({ share, say }: Asked): Promise<Result> {
  const figures = await benchWire(share < 1 ? 1 : 5, say);
  if (share === 1) report('wire', wireTable(figures));
  const lines = figures.rates.filter(({ rate }) => rate >= HOT_PER_S).map(({ rate, costs }) => {
    const [bytes, cpu] = [deflatedRatio(costs, 'bytes'), deflatedRatio(costs, 'micros')];
    return { ok: bytes <= BYTES && cpu <= CPU, text: `${rate}/s ${bytes.toFixed(2)} of the bytes (≤ ${BYTES}), ${costs.get('deflated')?.bytes.toFixed(0)} a row beside ${costs.get('plain')?.bytes.toFixed(0)} of the loop and ${costs.get('socketio')?.bytes.toFixed(0)} of Socket.IO, at ${cpu.toFixed(2)} of the CPU (≤ ${CPU})` };
  });
  return { ok: lines.every(({ ok }) => ok), count: wireRows(figures), figure: lines.map(({ text }) => text).join(' · ') };
}
