import type { Page } from 'playwright-core';
import type { Test } from 'tap';
import { type Origin, startOrigin } from '../../../embed-demo/origin/origin.ts';
import { openDatabase } from '../support/database.ts';
import { openServer, type TestServer } from '../support/server.ts';
import { type Chromium, openChromium } from './chromium.ts';

/** A live origin, the chat that shows it, and a browser to watch in. */
export type Theatre = {
  origin: Origin;
  server: TestServer;
  chromium: Chromium;
  show(room: string, path?: string, more?: { title?: string; startsAt?: number }): Promise<void>;
  visit(t: Test, room: string, options?: { width?: number; height?: number; lang?: string; theme?: string; script?: () => void }): Promise<{ page: Page; errors: string[] }>;
  close(): Promise<void>;
};

const ADMIN_TOKEN = 'a-token-for-tests-that-has-enough-letters';

export async function openTheatre(): Promise<Theatre> {
  const origin = await startOrigin({ port: 0, host: '127.0.0.1' });
  const database = await openDatabase();
  const server = await openServer(database.url, { ADMIN_TOKEN, STREAM_ALLOW: new URL(origin.url).host });
  const chromium = await openChromium('partitioned');
  return {
    origin, server, chromium,
    async show(room, path = '/live/master.m3u8', more = {}) {
      const answer = await fetch(`${server.http}/api/v1/rooms/${room}/stream`, {
        method: 'PUT', headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' }, body: JSON.stringify({ url: origin.url + path, ...more }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    async visit(t, room, { width = 400, height = 760, lang = 'ko', theme = 'light', script } = {}) {
      const context = await chromium.openContext({ viewport: { width, height } });
      context.setDefaultTimeout(20_000);
      t.teardown(() => context.close());
      const page = await context.newPage();
      if (script) await page.addInitScript(script);
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => { if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(message.text()); });
      await page.goto(`${server.http}/room/${room}?lang=${lang}&theme=${theme}`);
      return { page, errors };
    },
    async close() {
      await chromium.close();
      await server.close();
      await database.close();
      await origin.close();
    },
  };
}

/** Until something is shown and goes on. */
export async function plays(page: Page, within = 20_000): Promise<void> {
  const look = (from: number) => page.waitForFunction((from) => {
    const video = document.querySelector('video');
    return video !== null && video.readyState >= 3 && video.currentTime > from && video.currentTime;
  }, from, { timeout: within }).then((at) => at.jsonValue());
  await look(Number(await look(0)) + 0.2);
}
