import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { breaches } from '../../dev/law.ts';
import { ROOT } from '../../dev/places.ts';
import type { Plant } from './plants.ts';

export type Trial = { plant: Plant; found: string[]; ok: boolean };

/** Puts each plant alone into a copy of our own sources and asks the law about it. */
export async function tryPlants(plants: readonly Plant[]): Promise<Trial[]> {
  const root = await mkdtemp(path.join(tmpdir(), 'aside-law-'));
  try {
    for (const place of ['server/src', 'widget/src']) await cp(path.join(ROOT, place), path.join(root, place), { recursive: true });
    const trials: Trial[] = [];
    for (const plant of plants) trials.push(await tryPlant(root, plant));
    return trials;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function tryPlant(root: string, plant: Plant): Promise<Trial> {
  const file = path.join(root, plant.file);
  const made = await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, plant.text);
  const found = (await breaches(root)).filter((one) => one.startsWith(plant.file));
  await rm(made ?? file, { recursive: true });
  return { plant, found, ok: plant.breaks ? found.length === 1 && plant.breaks.test(found[0] ?? '') : found.length === 0 };
}
