import { createServer } from 'node:http';
import { chromium } from 'playwright-core';
import t from 'tap';
import { CHROMIUM_FLAGS, findChromium } from '../../server/dev/chromium.ts';
import { startBlog } from '../serve.ts';

// Real processes, one after the other, on a machine that may be busy.
t.setTimeout(120_000);

/** Stands for the chat: says `ready` when its own page is told to, and keeps what the blog sends. */
const ROOM = `<!doctype html><script>
const got = [];
addEventListener('message', ({ data }) => got.push(data));
const beReady = () => parent.postMessage({ aside: { v: 1, type: 'ready' } }, '*');
</script>`;

const chat = createServer((_, response) => response.setHeader('content-type', 'text/html').end(ROOM));
await new Promise<void>((settle) => chat.listen(0, '127.0.0.1', settle));
const address = chat.address();
const chatUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
const blog = await startBlog({ port: 0, host: '127.0.0.1', chatUrl });
const executablePath = process.env.CHROMIUM ?? (await findChromium()) ?? '';
const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
t.teardown(async () => {
  await browser.close();
  await blog.close();
  chat.closeAllConnections();
  chat.close();
});

async function open(viewport = { width: 1_200, height: 900 }) {
  const context = await browser.newContext({ viewport, colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(`${blog.url}/hangul-lines`);
  await page.locator('.room').scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.readyState === 'complete');
  const frame = await (await page.locator('.room iframe').elementHandle())?.contentFrame();
  if (!frame) throw new Error('the post has no room');
  await frame.waitForFunction('typeof beReady === "function"');
  return { page, frame, toggle: page.locator('.toggle'), close: () => context.close() };
}

const told = (theme: string) => ({ aside: { v: 1, type: 'setConfig', theme } });

t.test('a theme chosen before the room is ready reaches it when it is, and every later one at once', async (t) => {
  const { frame, toggle, page, close } = await open();
  t.match(frame.url(), '?theme=auto&lang=ko&title=');
  t.not(new URL(frame.url()).hostname, new URL(page.url()).hostname);
  await toggle.click();
  await frame.evaluate('beReady()');
  await frame.waitForFunction('got.length === 1');
  await toggle.click();
  await frame.waitForFunction('got.length === 2');
  t.same(await frame.evaluate('got'), [told('dark'), told('light')]);
  await close();
});

t.test('a kept theme stands in the address of the frame from the first moment', async (t) => {
  const { toggle, page, close } = await open();
  await toggle.click();
  t.equal(await toggle.getAttribute('aria-pressed'), 'true');
  await page.reload();
  t.match(await page.locator('.room iframe').getAttribute('src'), '?theme=dark&lang=ko');
  t.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark');
  await close();
});

t.test('nothing overflows or moves, from a phone to a desk', async (t) => {
  for (const width of [360, 768, 1_024, 1_200]) {
    const { page, close } = await open({ width, height: 800 });
    const moved = await page.evaluate(() => new Promise<number>((settle) => {
      const observer = new PerformanceObserver(() => {});
      observer.observe({ type: 'layout-shift', buffered: true });
      requestAnimationFrame(() => requestAnimationFrame(() => settle(observer.takeRecords().length)));
    }));
    t.equal(moved, 0, `${width} px`);
    t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} px`);
    await close();
  }
});
