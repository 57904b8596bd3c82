import { benchMachine, MACHINE, MACHINE_FLOOR, type MachineFigures, type MachineShape, machineTable } from '../../bench/machine.ts';
import { report } from '../../bench/report.ts';
import type { Asked, Result } from '../proofs.ts';

const P95_MS = 100;

/** A hundred thousand; where the cores of this machine do not carry that, at least eighty thousand at half as many deliveries. */
export async function prove({ share, say }: Asked): Promise<Result> {
  const runs: MachineFigures[] = [];
  for (const shape of [MACHINE, MACHINE_FLOOR]) {
    const figures = await benchMachine(partOf(shape, share), say);
    runs.push(figures);
    if (figures.p95 <= P95_MS) break;
  }
  if (share === 1) report('machine', machineTable(runs));
  const last = runs.at(-1);
  return {
    ok: last !== undefined && last.p95 <= P95_MS,
    count: last?.sockets ?? 0,
    figure: runs.map(tell).join('; '),
  };
}

function partOf(shape: MachineShape, share: number): MachineShape {
  return { ...shape, readers: Math.max(20, Math.round(shape.readers * share)) };
}

function tell({ sockets, workers, deliveriesPerS, p95, cores, each }: MachineFigures): string {
  return `${sockets.toLocaleString('en')} connections on ${workers} processes, ${deliveriesPerS.toFixed(0)} deliveries a second: p95 ${p95.toFixed(0)} ms (≤ ${P95_MS}), ${cores.toFixed(2)} cores, ${(each.reduce((sum, one) => sum + one, 0) / 1e6).toFixed(0)} MB in all`;
}
