import type { Page } from 'playwright-core';

export type Tile = { name: string; png: Buffer };

const GAP_PX = 18;
const LABEL_PX = 24;

/** Draws tiles of one size side by side, each under its name. */
export async function layOut(page: Page, tiles: readonly Tile[], width: number, columns: number): Promise<Buffer> {
  await page.setViewportSize({ width: columns * (width + GAP_PX) + GAP_PX, height: 400 });
  await page.setContent(`<style>
    body { display: grid; grid-template-columns: repeat(${columns}, ${width}px); gap: ${GAP_PX}px; margin: 0; padding: ${GAP_PX}px; background: #d5d7dd; font: 14px/${LABEL_PX}px system-ui }
    figure { margin: 0 } img { display: block; width: 100%; border-radius: 10px }
  </style>${tiles.map(({ name, png }) => `<figure>${name}<img src="data:image/png;base64,${png.toString('base64')}"></figure>`).join('')}`);
  return page.screenshot({ fullPage: true });
}
