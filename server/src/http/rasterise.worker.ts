import { readFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const face = await readFile(new URL('../../../widget/dist/card/face.ttf', import.meta.url));
await initWasm(await readFile(new URL(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'))));

parentPort?.on('message', (svg: string) => {
  let png: Uint8Array | null = null;
  try {
    const drawing = new Resvg(svg, { font: { fontBuffers: [face], defaultFontFamily: 'IBM Plex Sans KR SemiBold' } });
    const image = drawing.render();
    png = image.asPng();
    image.free();
    drawing.free();
  } catch (error) {
    process.emitWarning(`A card cannot be drawn: ${error}`);
  }
  parentPort?.postMessage(png);
});
