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
/** Faults of a page on purpose: what it sends right after a return is lost, or it returns late. */
export type PagePlant = 'leak' | 'late';
export type PeopleOptions = { url: string; count: number; paceMs: readonly [number, number]; random: Random; plant: PagePlant | null };

export async function openPeople({ url, count, paceMs, random, plant }: PeopleOptions): Promise<People> {
  const chromium = await openChromium();
  const said: string[] = [];
  const quiet = new AbortController();
  const pages: Page[] = [];
  const talks: Promise<void>[] = [];
  try {
    for (let i = 1; i <= count; i += 1) {
      const { page, lost } = await openPage(chromium, url, plant);
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

async function openPage(chromium: Chromium, url: string, plant: PagePlant | null): Promise<{ page: Page; lost: Bell }> {
  const context = await chromium.openContext();
  context.setDefaultTimeout(PATIENCE_MS);
  let ring = Promise.withResolvers<void>();
  await context.exposeFunction(ON_LOSS, () => ring.resolve());
  await context.addInitScript(bearWitness);
  if (plant) await context.addInitScript(plants[plant]);
  const page = await context.newPage();
  await page.goto(url);
  return { page, lost: { next: () => (ring = Promise.withResolvers<void>()).promise } };
}

/** Two cores under a whole run are slow. */
const PATIENCE_MS = 30_000;

const plants: Record<PagePlant, () => void> = { leak, late: returnLate };

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

/** Runs in the page: for twelve seconds after a loss no socket opens. */
function returnLate(): void {
  let until = 0;
  const Plain = WebSocket;
  globalThis.WebSocket = class extends Plain {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(Date.now() < until ? new URL('/nowhere', url) : url, protocols);
      this.addEventListener('message', () => this.addEventListener('close', () => { until = Date.now() + 12_000; }), { once: true });
    }
  };
}
