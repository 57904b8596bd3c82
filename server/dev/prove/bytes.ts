import { weigh } from '../bytes.ts';
import { ROOT } from '../places.ts';
import type { Asked, Result } from '../proofs.ts';
import { buildWidget } from '../widget.ts';

export async function prove({ say }: Asked): Promise<Result> {
  await buildWidget(ROOT, new AbortController().signal);
  const { bytes, emoji, loader, parts, faults } = await weigh();
  for (const part of parts) say(`${part.file} ${part.bytes}`);
  return { ok: faults.length === 0, count: parts.length, figure: faults[0] ?? `${(bytes / 1_000).toFixed(2)} kB gzip at first load (20 allowed), the emoji ${(emoji / 1_000).toFixed(2)} kB when asked for (3 allowed), the loader ${(loader / 1_000).toFixed(2)} kB (1.5 allowed)` };
}
