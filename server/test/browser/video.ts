import type { Page } from 'playwright-core';
import type { StreamFacts } from '../../src/protocol/index.ts';

/** What somebody does who watches, and what the operator does for them. */

export const ADMIN_TOKEN = 'a-token-for-tests-that-has-enough-letters';

export async function attach(http: string, room: string, url: string): Promise<StreamFacts> {
  const answer = await fetch(`${http}/api/v1/rooms/${room}/stream`, {
    method: 'PUT', headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' }, body: JSON.stringify({ url }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return ((await answer.json()) as { stream: StreamFacts }).stream;
}

const FAR_MS = 120_000;

export async function plays(page: Page): Promise<void> {
  await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0 && document.querySelector('video')?.videoWidth);
}

export async function reaches(page: Page, seconds: number): Promise<void> {
  await page.waitForFunction((seconds) => (document.querySelector('video')?.currentTime ?? 0) >= seconds, seconds, { timeout: FAR_MS });
}

export function timeOf(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelector('video')?.currentTime ?? 0);
}

/** A key, where it means the video. */
export async function press(page: Page, key: string): Promise<void> {
  await page.locator('.controls button').first().press(key);
}

export async function seek(page: Page, seconds: number): Promise<void> {
  await page.locator('.stream input.seek').evaluate((range, seconds) => {
    (range as HTMLInputElement).value = String(seconds);
    range.dispatchEvent(new Event('input', { bubbles: true }));
  }, seconds);
}

export async function takeName(page: Page, nick: string): Promise<void> {
  await page.locator('.card input').fill(nick);
  await page.locator('.card .go').click();
  await page.locator('textarea').waitFor();
}

/** Says something about the picture on the screen, and tells where the video was. In ms of its own time. */
export async function sayNow(page: Page, text: string): Promise<number> {
  const at = await page.locator('textarea').evaluate((area, text) => {
    (area as HTMLTextAreaElement).value = text;
    area.dispatchEvent(new Event('input', { bubbles: true }));
    return (document.querySelector('video')?.currentTime ?? 0) * 1_000;
  }, text);
  await page.locator('textarea').press('Enter');
  return at;
}
