import type { CDPSession, Frame, Page } from 'playwright-core';
import { fillRoom } from '../../test/browser/history.ts';
import { openStage, type Stage } from '../../test/browser/stage.ts';
import { medianOf } from '../../test/browser/talk.ts';
import { openHost } from '../../test/embed/host.ts';
import type { Asked, Result } from '../proofs.ts';

const RUNS = 20;
/** A phone against the machine this runs on. */
const SLOWER = 4;
/** Of a loop that only counts, at least. */
const SLOWER_AT_LEAST = 2;
const WORDS_WITHIN_MS = 300;
const REQUESTS_MAX = 4;
const BYTES_MAX = 30_000;
const LONG_TASK_MS = 50;
const ROWS = 50;

type Load = { url: string; bytes: number; at: number };
type Cost = { words: number; requests: string[]; bytes: number; shift: number; longest: number };

/** The promise: the first words are there at once, on a slow phone with nothing in its cache, and the page around them neither moves nor waits. */
export async function prove({ share, say }: Asked): Promise<Result> {
  const stage = await openStage();
  const host = await openHost(stage.chat.http, {
    '/': { body: '<body><p>짧은 글</p><script async src="{{chat}}/embed.js" data-post-id="embed" style="display:block;height:480px"></script><p>그 다음에 오는 것</p></body>' },
  });
  try {
    await fillRoom(stage, 'embed', [{ nick: '졸린 여우', texts: Array.from({ length: ROWS }, (_, i) => `${i} 가장자리에서 이야기하던 사람들이 본문보다 오래 기억된다는 말을 어디선가 읽은 적이 있어요.`) }]);
    const costs: Cost[] = [];
    for (let i = 0; i < Math.max(3, Math.round(RUNS * share)); i += 1) {
      const cost = await visit(stage, host.url);
      say(`words after ${cost.words.toFixed(0)} ms, ${cost.requests.length} requests and ${(cost.bytes / 1_000).toFixed(1)} kB until then, layout shift ${cost.shift}, longest task of ours ${cost.longest.toFixed(0)} ms`);
      costs.push(cost);
    }
    const words = medianOf(costs.map((cost) => cost.words));
    const [requests, bytes, shift, longest] = [Math.max(...costs.map((cost) => cost.requests.length)), Math.max(...costs.map((cost) => cost.bytes)), Math.max(...costs.map((cost) => cost.shift)), Math.max(...costs.map((cost) => cost.longest))];
    say(`asked for: ${costs[0]?.requests.join(' ')}`);
    return {
      ok: words <= WORDS_WITHIN_MS && requests <= REQUESTS_MAX && bytes <= BYTES_MAX && shift === 0 && longest <= LONG_TASK_MS,
      count: costs.length,
      figure: `${SLOWER}× slower, an empty cache: first words after ${words.toFixed(0)} ms (≤ ${WORDS_WITHIN_MS}), ${requests} requests (≤ ${REQUESTS_MAX}) and ${(bytes / 1_000).toFixed(1)} kB (≤ 30) until then, layout shift ${shift} (0), longest task of ours in the page ${longest.toFixed(0)} ms (≤ ${LONG_TASK_MS})`,
    };
  } finally {
    await host.close();
    await stage.close();
  }
}

/** One visit of somebody who was never here. */
async function visit(stage: Stage, url: string): Promise<Cost> {
  const context = await (await stage.browser('partitioned')).openContext({ viewport: { width: 400, height: 800 } });
  try {
    await context.addInitScript(measure, LONG_TASK_MS);
    const page = await context.newPage();
    const loads: Load[] = [];
    await slow(await context.newCDPSession(page), loads);
    await page.goto(url);
    const frame = await roomOf(page);
    // A frame's process cannot be slowed before it is there: what is measured is its second navigation, without a cache.
    const tools = await context.newCDPSession(frame);
    await slow(tools, loads);
    const ratio = await slowness(frame, tools);
    if (ratio < SLOWER_AT_LEAST) throw new Error(`The room is only ${ratio.toFixed(1)} times slower`);
    const from = Date.now();
    await frame.goto(frame.url(), { waitUntil: 'commit' });
    const { words, at } = await frame.waitForFunction(() => {
      const { words } = window as unknown as { words?: { words: number; at: number } };
      return words ?? null;
    }, null, { polling: 50 }).then((handle) => handle.jsonValue() as Promise<{ words: number; at: number }>);
    const { shift, longest } = await page.evaluate(() => {
      const { shift, longest } = window as unknown as { shift: number; longest: number };
      return { shift, longest };
    });
    const until = loads.filter((load) => load.url.startsWith(stage.chat.http) && (load.url.endsWith('/embed.js') || (load.at >= from && load.at < at)));
    if (!until.some((load) => load.url.endsWith('/embed.js')) || !until.some((load) => load.url.includes('/embed?'))) throw new Error(`Not seen: loader and room among ${until.map((load) => load.url).join(' ')}`);
    return { words, requests: until.map((load) => new URL(load.url).pathname), bytes: until.reduce((sum, load) => sum + load.bytes, 0), shift, longest };
  } finally {
    await context.close();
  }
}

async function roomOf(page: Page): Promise<Frame> {
  await page.frameLocator('aside-chat iframe').locator('.line .text').last().waitFor();
  const frame = page.frames().find((one) => one.parentFrame() === page.mainFrame());
  if (!frame) throw new Error('The page frames no room');
  return frame;
}

async function slow(tools: CDPSession, loads: Load[]): Promise<void> {
  listen(tools, loads);
  await tools.send('Network.enable');
  await tools.send('Network.setCacheDisabled', { cacheDisabled: true });
  await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
}

/** How much longer the same loop takes than it would. */
async function slowness(frame: Frame, tools: CDPSession): Promise<number> {
  const run = (): Promise<number> => frame.evaluate(() => {
    const began = performance.now();
    let sum = 0;
    for (let i = 0; i < 4e7; i += 1) sum += i % 7;
    return sum > 0 ? performance.now() - began : 0;
  });
  const slowed = await run();
  await tools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  const plain = await run();
  await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  return slowed / plain;
}

/** What came over the network, and when (epoch, ms) it was asked for. */
function listen(tools: CDPSession, loads: Load[]): void {
  const asked = new Map<string, Load>();
  tools.on('Network.requestWillBeSent', ({ requestId, request, wallTime }) => {
    const load = { url: request.url, bytes: 0, at: wallTime * 1_000 };
    asked.set(requestId, load);
    loads.push(load);
  });
  tools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const load = asked.get(requestId);
    if (load) load.bytes = encodedDataLength;
  });
}

/** Runs in the page and in the room, before anything of theirs. */
function measure(long: number): void {
  const own = window as unknown as { shift: number; longest: number; words?: { words: number; at: number } };
  own.shift = 0;
  own.longest = 0;
  if (window.top === window) {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) own.shift += (entry as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as { scripts: { sourceURL: string; duration: number }[] }[]) {
        for (const { sourceURL, duration } of entry.scripts) if (sourceURL.includes('/embed.js') && duration > own.longest) own.longest = duration;
      }
    }).observe({ type: 'long-animation-frame', buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as { duration: number; attribution: { containerType: string }[] }[]) {
        if (entry.duration > long && entry.attribution.some(({ containerType }) => containerType === 'iframe')) own.longest = Math.max(own.longest, entry.duration);
      }
    }).observe({ type: 'longtask', buffered: true });
    return;
  }
  // The frame after the one that drew them begins when they have been painted.
  new MutationObserver((_, observer) => {
    if (!document.querySelector('.line .text')) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame((now) => { own.words = { words: now, at: performance.timeOrigin + now }; }));
  }).observe(document, { childList: true, subtree: true });
}
