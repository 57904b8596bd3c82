import { report } from '../../bench/report.ts';
import { benchServing, servingTable } from '../../bench/streams/serving.ts';
import type { Asked, Result } from '../proofs.ts';

export async function prove({ share, say }: Asked): Promise<Result> {
  const rounds = share < 1 ? 1 : 15;
  const figures = await benchServing(rounds, say);
  if (share === 1) report('serving', servingTable(figures));
  const lines = figures.sizes.map(({ name, ratio, least, answers }) => ({ ok: ratio >= least, answers, text: `${name} ${ratio.toFixed(2)}× nginx (≥ ${least.toFixed(1)})` }));
  return { ok: lines.every(({ ok }) => ok), count: lines.reduce((sum, { answers }) => sum + answers, 0), figure: `bytes per CPU-second of what is cached, every signature checked: ${lines.map(({ text }) => text).join(', ')}` };
}
