import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Everything axe finds in the page, as sentences: every rule but those of AAA and those axe itself has given up, and every node. */
export async function findBarriers(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    // What still comes in is paler than it will be.
    const coming = document.getAnimations().filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
    await Promise.allSettled(coming.map(({ finished }) => finished));
    const judge = (globalThis as unknown as { axe: typeof axe }).axe;
    const rules = judge.getRules().filter(({ tags }) => !tags.some((tag) => tag.endsWith('aaa') || tag === 'deprecated')).map(({ ruleId }) => ruleId);
    const { violations } = await judge.run(document, { runOnly: { type: 'rule', values: rules }, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 160)} ${failureSummary.replace(/\s+/g, ' ').slice(0, 240)}`));
  });
}
