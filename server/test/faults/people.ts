import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { type Chromium, openChromium } from '../browser/chromium.ts';
import { takeName } from '../browser/video.ts';
import { bearWitness, type Noted, ON_LOSS } from '../browser/witness.ts';
import { until } from '../support/until.ts';
import type { Random } from './random.ts';

/** People at real pages of one room, who write every few seconds, and at once when their socket ends: those words meet no server. */
export type People = {
  /** All they wrote. */
  readonly said: readonly string[];
  /** They write no more; resolves when every page shows every word and none is on its way, or says how many a page lacks. */
  hush(withinMs: number): Promise<number>;
  noted(): Promise<Noted[]>;
  close(): Promise<void>;
};
/** `leaky`: a fault of the page on purpose, that loses what is sent right after a return. */
export type PeopleOptions = { url: string; count: number; paceMs: readonly [number, number]; random: Random; leaky: boolean };

export async function openPeople({ url, count, paceMs, random, leaky }: PeopleOptions): Promise<People> {
  const chromium = await openChromium();
  const said: string[] = [];
  const quiet = new AbortController();
  const pages: Page[] = [];
  const talks: Promise<void>[] = [];
  try {
    for (let i = 1; i <= count; i += 1) {
      const { page, lost } = await openPage(chromium, url, leaky);
      await takeName(page, `사람 ${i}`);
      pages.push(page);
      talks.push(talk(page, `${i}번`, lost, random.fork(`person ${i}`)));
    }
  } catch (error) {
    await chromium.close();
    throw error;
  }

  async function talk(page: Page, who: string, lost: Bell, random: Random): Promise<void> {
    for (let turn = 1; !quiet.signal.aborted; turn += 1) {
      const text = `${who} ${turn} ${random.token(6)}`;
      const rung = lost.next();
      said.push(text);
      await page.locator('textarea').fill(text);
      await page.locator('textarea').press('Enter');
      await Promise.race([rung, pause(random.between(...paceMs), undefined, { signal: quiet.signal }).catch(() => 'the run is over')]);
    }
  }

  const noted = (): Promise<Noted[]> => Promise.all(pages.map((page) => page.evaluate(() => (globalThis as unknown as { noted: Noted }).noted)));
  return {
    said,
    noted,
    async hush(withinMs) {
      quiet.abort();
      await Promise.all(talks);
      let left = said.length;
      await until(async () => {
        left = Math.max(...(await noted()).map((one) => countLacking(one, said)));
        return left === 0;
      }, withinMs);
      return left;
    },
    async close() {
      quiet.abort();
      await Promise.all(talks);
      await chromium.close();
    },
  };
}

function countLacking({ shown, fates }: Noted, said: readonly string[]): number {
  return said.filter((text) => !(text in shown) || (fates[text]?.at(-1)?.state ?? '') !== '').length;
}

/** Rings for whoever asked before. */
type Bell = { next(): Promise<void> };

async function openPage(chromium: Chromium, url: string, leaky: boolean): Promise<{ page: Page; lost: Bell }> {
  const context = await chromium.openContext();
  context.setDefaultTimeout(PATIENCE_MS);
  let ring = Promise.withResolvers<void>();
  await context.exposeFunction(ON_LOSS, () => ring.resolve());
  await context.addInitScript(bearWitness);
  if (leaky) await context.addInitScript(leak);
  const page = await context.newPage();
  await page.goto(url);
  return { page, lost: { next: () => (ring = Promise.withResolvers<void>()).promise } };
}

/** Two cores under a whole run are slow. */
const PATIENCE_MS = 30_000;

/** Runs in the page: words that go out within a moment of a welcome never do, however often. */
function leak(): void {
  const dropped = new Set<string>();
  const Plain = WebSocket;
  globalThis.WebSocket = class extends Plain {
    #welcomedAt = Infinity;
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', () => { this.#welcomedAt = Date.now(); }, { once: true });
    }
    override send(data: string): void {
      const frame = JSON.parse(data) as { t: string; cid: string };
      if (frame.t === 'say' && Date.now() - this.#welcomedAt < 100) dropped.add(frame.cid);
      if (!dropped.has(frame.cid)) super.send(data);
    }
  };
}
