import type { Page } from 'playwright-core';
import { openChromium } from '../../test/browser/chromium.ts';
import { fillRoom } from '../../test/browser/history.ts';
import { openStage } from '../../test/browser/stage.ts';
import { medianOf } from '../../test/browser/talk.ts';
import { openHost } from '../../test/embed/host.ts';
import { until } from '../../test/support/until.ts';
import type { Asked, Result } from '../proofs.ts';

const RUNS = 20;
/** A phone against the machine this runs on. */
const SLOWER = 4;
/** What the throttle makes of a loop that only counts, at least: under a loaded machine it is less. */
const SLOWER_AT_LEAST = 2;
const WORDS_WITHIN_MS = 300;
const REQUESTS_MAX = 4;
const BYTES_MAX = 30_000;
/** The animals are asked for when the words have been painted. */
const AFTER_PAINT = '.svg';
const PAINTED_WITHIN_MS = 15_000;
const ROWS = 50;
/** As on phones: page and room share one process, so that what one does the other waits for, and both can be slowed from the start. */
const ONE_PROCESS = ['--disable-site-isolation-trials'];

type Cost = { /** ms after the frame's navigation. */ words: number; requests: string[]; bytes: number; shift: number; /** Tasks of 50 ms and more, in ms. */ tasks: number[] };

/** The promise: the first words are there at once, on a slow phone with nothing in its cache, and the page around them neither moves nor waits. */
export async function prove({ share, say }: Asked): Promise<Result> {
  const stage = await openStage();
  const chromium = await openChromium('partitioned', ONE_PROCESS);
  const host = await openHost(stage.chat.http, {
    '/': { body: '<body><p>짧은 글</p><script async src="{{chat}}/embed.js" data-post-id="embed" style="display:block;height:480px"></script><p>그 다음에 오는 것</p></body>' },
  });
  try {
    await fillRoom(stage, 'embed', [{ nick: '졸린 여우', texts: Array.from({ length: ROWS }, (_, i) => `${i} 가장자리에서 이야기하던 사람들이 본문보다 오래 기억된다는 말을 어디선가 읽은 적이 있어요.`) }]);
    const [fast, slow]: [Cost[], Cost[]] = [[], []];
    // One window for all: a new one has the browser draw its own pages beside ours. The first visit finds it still busy.
    const page = await (await chromium.openContext({ viewport: { width: 400, height: 800 } })).newPage();
    const tools = await openTools(page);
    await visit(page, tools, { url: host.url, chat: stage.chat.http, rate: 1 });
    for (let i = 0; i < Math.max(3, Math.round(RUNS * share)); i += 1) {
      for (const [rate, costs] of [[1, fast], [SLOWER, slow]] as const) {
        const cost = await visit(page, tools, { url: host.url, chat: stage.chat.http, rate });
        say(`${rate}× slower: words after ${cost.words.toFixed(0)} ms, ${cost.requests.length} requests and ${(cost.bytes / 1_000).toFixed(1)} kB until then, layout shift ${cost.shift}, long tasks ${cost.tasks.map((ms) => ms.toFixed(0)).join(' ') || 'none'}`);
        costs.push(cost);
      }
    }
    const all = [...fast, ...slow];
    const worst = (of: (cost: Cost) => number): number => Math.max(...all.map(of));
    const words = medianOf(slow.map((cost) => cost.words));
    const long = medianOf(fast.map(({ tasks }) => Math.max(0, ...tasks)));
    const [requests, bytes, shift] = [worst((cost) => cost.requests.length), worst((cost) => cost.bytes), worst((cost) => cost.shift)];
    say(`asked for: ${fast[0]?.requests.join(' ')}`);
    return {
      ok: words <= WORDS_WITHIN_MS && requests <= REQUESTS_MAX && bytes <= BYTES_MAX && shift === 0 && long === 0,
      count: all.length,
      figure: `an empty cache, ${SLOWER}× slower: first words after ${words.toFixed(0)} ms (≤ ${WORDS_WITHIN_MS}, at full speed ${medianOf(fast.map((cost) => cost.words)).toFixed(0)}); ${requests} requests (≤ ${REQUESTS_MAX}) and ${(bytes / 1_000).toFixed(1)} kB (≤ 30) until then, layout shift ${shift} (0), ${long === 0 ? 'no long task' : `a task of ${long.toFixed(0)} ms`} at full speed (≤ 50 ms)`,
    };
  } finally {
    await host.close();
    await chromium.close();
    await stage.close();
  }
}

/** One visit of somebody who was never here. */
async function visit(page: Page, tools: Tools, { url, chat, rate }: { url: string; chat: string; rate: number }): Promise<Cost> {
  await tools.forget();
  await tools.slow(rate);
  await page.goto(url);
  // What looks into the page brings 330 kB of script along, which is parsed in the time that is measured: until the words are there, only the network is watched.
  await until(async () => tools.loads.some((load) => load.url.endsWith(AFTER_PAINT)), PAINTED_WITHIN_MS);
  const frame = page.frames().find((one) => one.parentFrame() === page.mainFrame());
  if (!frame) throw new Error('The page frames no room');
  // What the browser remembers is asked for afterwards.
  const { words, at } = await frame.evaluate(() => new Promise<{ words: number; at: number }>((settle) => {
    new PerformanceObserver((list, observer) => {
      const said = (list.getEntries() as unknown as { element: Element | null; startTime: number }[]).find(({ element }) => element?.closest('.line .text'));
      if (!said) return;
      observer.disconnect();
      settle({ words: said.startTime, at: performance.timeOrigin + said.startTime });
    }).observe({ type: 'largest-contentful-paint', buffered: true });
  }));
  const { shift, tasks } = await page.evaluate(() => {
    const read = (type: string): { value: number; duration: number }[] => {
      const observer = new PerformanceObserver(() => {});
      observer.observe({ type, buffered: true });
      return observer.takeRecords() as never;
    };
    return { shift: read('layout-shift').reduce((sum, { value }) => sum + value, 0), tasks: read('longtask').map(({ duration }) => duration) };
  });
  if (rate > 1 && await tools.slowness() < SLOWER_AT_LEAST) throw new Error('The throttle does nothing');
  const before = tools.loads.filter((load) => load.url.startsWith(chat) && load.at < at);
  return { words, requests: before.map((load) => new URL(load.url).pathname), bytes: before.reduce((sum, load) => sum + load.bytes, 0), shift, tasks };
}

type Load = { url: string; bytes: number; /** When it was asked for: epoch, ms. */ at: number };
type Tools = {
  /** What came over the network since all was forgotten. */
  loads: Load[];
  forget(): Promise<void>;
  slow(rate: number): Promise<unknown>;
  /** How much longer a loop that only counts takes than at full speed, which is what follows. */
  slowness(): Promise<number>;
};

async function openTools(page: Page): Promise<Tools> {
  const tools = await page.context().newCDPSession(page);
  const loads: Load[] = [];
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
  await tools.send('Network.enable');
  const slow = (rate: number) => tools.send('Emulation.setCPUThrottlingRate', { rate });
  const count = (): Promise<number> => page.evaluate(() => {
    const began = performance.now();
    let sum = 0;
    for (let i = 0; i < 4e7; i += 1) sum += i % 7;
    return sum > 0 ? performance.now() - began : 0;
  });
  return {
    loads, slow,
    async forget() {
      await page.goto('about:blank');
      await tools.send('Network.clearBrowserCache');
      await page.context().clearCookies();
      loads.length = 0;
    },
    async slowness() {
      const slowed = await count();
      await slow(1);
      return slowed / await count();
    },
  };
}
