import type { Frame, Page } from 'playwright-core';
import { openChromium } from '../browser/chromium.ts';
import { watch } from '../browser/watch.ts';
import { type Engine, PATIENCE_MS, SIZE, type Where } from './engine.ts';

export async function openChromiumEngine(): Promise<Engine> {
  const browser = await openChromium();
  try {
    const context = await browser.openContext({ viewport: SIZE });
    context.setDefaultTimeout(PATIENCE_MS);
    const { errors } = await watch(context);
    const page = await context.newPage();
    return {
      name: `Chromium ${context.browser()?.version()}`,
      complaints: errors,
      go: async (url) => void (await page.goto(url)),
      reload: async () => void (await page.reload()),
      run: async (where, task, given) => (await frameOf(page, where)).evaluate(task as never, given) as never,
      point: async (where, selector) => (await frameOf(page, where)).locator(selector).hover(),
      click: async (where, selector) => (await frameOf(page, where)).locator(selector).click(),
      type: (text) => page.keyboard.type(text),
      press: (key) => page.keyboard.press(key),
      shoot: () => page.screenshot(),
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** By its element, as the other journeys find it. */
async function frameOf(page: Page, where: Where): Promise<Frame> {
  if (where === 'blog') return page.mainFrame();
  const element = await page.$('.room iframe');
  const frame = await element?.contentFrame();
  if (!frame) throw new Error('There is no room in this page');
  return frame;
}
