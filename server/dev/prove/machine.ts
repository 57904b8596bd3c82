import { benchMachine, MACHINE, machineTable } from '../../bench/machine.ts';
import { report } from '../../bench/report.ts';
import type { Asked, Result } from '../proofs.ts';

const P95_MS = 100;

export async function prove({ share, say }: Asked): Promise<Result> {
  const figures = await benchMachine({ ...MACHINE, readers: Math.max(20, Math.round(MACHINE.readers * share)) }, say);
  if (share === 1) report('machine', machineTable(figures));
  const { sockets, workers, deliveriesPerS, p95, each } = figures;
  return {
    ok: p95 <= P95_MS && sockets >= MACHINE.rooms * MACHINE.readers * Math.min(1, share),
    count: sockets,
    figure: `${sockets.toLocaleString('en')} connections on ${workers} processes, ${deliveriesPerS.toFixed(0)} deliveries a second: p95 ${p95.toFixed(0)} ms (≤ ${P95_MS}), ${(each.reduce((sum, one) => sum + one, 0) / 1e6).toFixed(0)} MB in all`,
  };
}
