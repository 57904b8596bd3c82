import { benchMemory, memoryLine } from '../../bench/memory.ts';
import { report } from '../../bench/report.ts';
import type { Asked, Result } from '../proofs.ts';

const ALLOWED_BYTES = 14_000;
const CONNECTIONS = 10_000;

export async function prove({ share, say }: Asked): Promise<Result> {
  const figure = await benchMemory(Math.ceil((CONNECTIONS * Math.max(share, 0.1)) / 50) * 50, say);
  if (share === 1) report('memory', memoryLine(figure));
  const { bytesEach, connections } = figure;
  return { ok: bytesEach <= ALLOWED_BYTES, count: connections, figure: `${(bytesEach / 1_000).toFixed(1)} kB resident per idle connection (≤ 14)` };
}
