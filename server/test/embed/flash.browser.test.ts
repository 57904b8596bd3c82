import type { Page } from 'playwright-core';
import t from 'tap';
import { openStage } from '../browser/stage.ts';
import { until } from '../support/until.ts';
import { openHost } from './host.ts';

t.setTimeout(120_000);
const stage = await openStage();
t.teardown(() => stage.close());

const themes = ['light', 'dark'] as const;
/** A preset is a sheet more on the way in. */
const rooms = [...themes, 'auto', 'sepia', 'midnight'] as const;
type Theme = (typeof themes)[number];
/** Neither page is white, so that white is nobody's ground but the light room's own. */
const GROUND: Record<Theme, Colour> = { light: [246, 226, 190], dark: [40, 16, 60] };
const PAPER: Record<Exclude<(typeof rooms)[number], 'auto'>, Colour> = { light: [255, 255, 255], dark: [20, 21, 25], sepia: [248, 241, 228], midnight: [15, 23, 41] };
/** A browser's own dark ground is not quite ours. */
const NEAR = 12;
type Colour = readonly [number, number, number];

const pages = themes.flatMap((own) => rooms.map((room) => [`/${own}-${room}`, {
  head: `<script async src="{{chat}}/embed.js"></script><style>:root{color-scheme:${own}}body{margin:0;background:rgb(${GROUND[own]})}</style>`,
  body: `<body><aside-chat post-id="flash" theme="${room}"></aside-chat></body>`,
}] as const));
const host = await openHost(stage.chat.http, { ...Object.fromEntries(pages), '/careless': {
  head: `<style>body{margin:0;background:rgb(${GROUND.dark})}</style>`, body: '<body><iframe srcdoc="&lt;body style=&quot;background:#fff&quot;&gt;" width="600" height="480" style="border:0"></iframe></body>',
} });
t.teardown(() => host.close());

/** The colours in the room's place, at each moment of its way in. */
async function colours(path: string, paper: Colour): Promise<Colour[]> {
  const context = await (await stage.browser('partitioned')).openContext({ viewport: { width: 600, height: 480 }, colorScheme: 'light' });
  try {
    const page = await context.newPage();
    const [document, script] = [hold(), hold()];
    await context.route(/\/embed\?/, async (route) => { await document.pass(); await route.continue(); });
    await context.route(/\/assets\/index/, async (route) => { await script.pass(); await route.continue(); });
    await page.goto(host.url + path, { waitUntil: 'commit' });
    const seen: Colour[] = [];
    for (const held of [document, script]) {
      await held.reached;
      seen.push(await colourOf(page));
      held.release();
    }
    await page.frameLocator('iframe').locator('header h1').waitFor();
    // A busy machine may take a while from the words' being there to their being drawn.
    await until(async () => {
      seen.push(await colourOf(page));
      return isNear(seen.at(-1) as Colour, paper);
    }, 5_000);
    return seen;
  } finally {
    await context.close();
  }
}

function hold() {
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  return { reached: reached.promise, release: released.resolve, pass: () => { reached.resolve(); return released.promise; } };
}

/** Of a spot in the middle of the conversation, where nothing is written, as it stands on the screen. */
async function colourOf(page: Page): Promise<Colour> {
  const png = (await page.screenshot({ clip: { x: 300, y: 130, width: 1, height: 1 } })).toString('base64');
  const reader = await page.context().newPage();
  const colour = await reader.evaluate(async (png) => {
    const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const canvas = new OffscreenCanvas(1, 1).getContext('2d');
    canvas?.drawImage(picture, 0, 0);
    return [...(canvas?.getImageData(0, 0, 1, 1).data ?? [])].slice(0, 3);
  }, png);
  await reader.close();
  return colour as unknown as Colour;
}

const isNear = (one: Colour, other: Colour): boolean => one.every((part, i) => Math.abs(part - (other[i] ?? 0)) <= NEAR);

for (const own of themes) {
  for (const room of rooms) {
    t.test(`on its way into a ${own} page, a room that is ${room} shows the page or itself, and nothing else`, async (t) => {
      const paper = PAPER[room === 'auto' ? own : room];
      const seen = await colours(`/${own}-${room}`, paper);
      t.ok(seen.length >= 3);
      t.same(seen.filter((colour) => !isNear(colour, GROUND[own]) && !isNear(colour, paper)), []);
      t.ok(isNear(seen.at(-1) ?? [0, 0, 0], paper), `in the end it is ${seen.at(-1)}`);
    });
  }
}

t.test('and white would be seen', async (t) => {
  const context = await (await stage.browser('partitioned')).openContext({ viewport: { width: 600, height: 480 } });
  t.teardown(() => context.close());
  const page = await context.newPage();
  await page.goto(`${host.url}/careless`);
  t.ok(isNear(await colourOf(page), PAPER.light));
});
