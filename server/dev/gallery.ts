import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { poses } from '../test/browser/poses.ts';
import { langs, type Look, openStudio, type Studio, themes } from '../test/browser/studio.ts';
import { layOut, type Tile } from './gallery/sheet.ts';

/** `pnpm gallery [words…]`: the widget in every state, as contact sheets to be looked at; with words, only sheets whose names have them all. */
const WIDTHS = { 320: 10, 400: 10, 760: 5 } as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const asked = process.argv.slice(2).filter((one) => one !== '--');
const dir = path.join(tmpdir(), 'aside-gallery');
await rm(dir, { recursive: true, force: true });
await mkdir(dir, { recursive: true });

const studio = await openStudio();
let failed = 0;
try {
  for (const theme of themes) {
    for (const lang of langs) {
      for (const [width, columns] of Object.entries(WIDTHS)) {
        const name = `${theme}-${lang}-${width}`;
        if (asked.every((word) => name.includes(word))) await draw(studio, { theme, lang, width: Number(width) }, columns, name);
      }
    }
  }
} finally {
  await studio.close();
}
say(dir);
process.exit(failed > 0 ? 1 : 0);

async function draw(studio: Studio, look: Look, columns: number, name: string): Promise<void> {
  const began = performance.now();
  const tiles: Tile[] = [];
  for (const pose of poses) {
    try {
      const sitting = await studio.sit(look, pose);
      tiles.push({ name: pose.name, png: await sitting.page.screenshot({ animations: 'disabled' }) });
      await sitting.close();
    } catch (error) {
      failed += 1;
      say(`${name}: "${pose.name}" cannot be drawn: ${error}`);
    }
  }
  const context = await (await studio.stage.browser('partitioned')).openContext();
  await writeFile(path.join(dir, `${name}.png`), await layOut(await context.newPage(), tiles, look.width, columns));
  await context.close();
  say(`${name}: ${tiles.length} states in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
}
