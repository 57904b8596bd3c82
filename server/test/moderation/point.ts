import type { Locator, Page } from 'playwright-core';
import { until } from '../support/until.ts';

/** Points at a message until its tools are there: on a busy machine the words move under a pointer that rests. */
export async function point(page: Page, line: Locator): Promise<void> {
  await until(async () => {
    await page.mouse.move(4, 4);
    await line.hover();
    return page.locator('.tools [data-do="message"]').isVisible();
  }, 10_000);
}
