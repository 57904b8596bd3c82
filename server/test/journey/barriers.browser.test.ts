import t from 'tap';
import { isPreset, PRESETS_SHEET, THEMES } from '../../src/protocol/index.ts';
import { findBarriers } from '../browser/axe.ts';
import { findFaint } from '../browser/contrast.ts';
import { poses } from '../browser/poses.ts';
import { langs, openStudio, themes } from '../browser/studio.ts';
import { findSmall } from '../browser/targets.ts';

// A hundred looks, each judged by every rule.
t.setTimeout(600_000);
const studio = await openStudio();
t.teardown(() => studio.close());
/** The narrowest phone. */
const WIDTH = 320;
const presets = await (await fetch(studio.stage.chat.http + PRESETS_SHEET)).text();

// Most of it is waiting for what is to be seen.
t.jobs = langs.length;
for (const lang of langs) {
  t.test(`in every state on the narrowest phone, in either theme, axe finds nothing, every word is readable in each preset too, what can be pressed is 44 px wide and high, and nothing lies outside the screen, ${lang}`, { buffered: true }, async (t) => {
    for (const pose of poses) {
      const { page, close } = await studio.sit({ theme: 'auto', lang, width: WIDTH }, pose);
      for (const colorScheme of themes) {
        await page.emulateMedia({ colorScheme });
        t.same(await findBarriers(page), [], `${pose.name}, ${colorScheme}`);
        t.same((await findFaint(page.locator('html'))).faint, [], `${pose.name}, ${colorScheme}`);
      }
      // Not by its address: in some states there is no network.
      await page.evaluate((rules) => { document.adoptedStyleSheets[0]?.insertRule(`@media all { ${rules} }`); }, presets);
      for (const preset of THEMES.filter(isPreset)) {
        await page.evaluate((name) => { document.documentElement.dataset.theme = name; }, preset);
        t.same((await findFaint(page.locator('html'))).faint, [], `${pose.name}, ${preset}`);
      }
      const { looked, small } = await findSmall(page);
      t.ok(looked > 0, pose.name);
      t.same(small, [], pose.name);
      t.same(await page.evaluate(findOutside), [], pose.name);
      await close();
    }
  });
}

/** Runs in the page: what cannot be reached without scrolling sideways. */
function findOutside(): string[] {
  return [...document.querySelectorAll('body *')]
    .filter((element) => element.checkVisibility() && !element.closest('.unseen, [aria-hidden]'))
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5 || element.getBoundingClientRect().left < -0.5)
    .map((element) => element.outerHTML.slice(0, 120));
}

t.test('and axe would find what is wrong', async (t) => {
  const { page, close } = await studio.sit({ theme: 'light', lang: 'ko', width: WIDTH }, { name: 'talk', room: 'talk' });
  await page.evaluate(() => {
    document.documentElement.style.setProperty('--aside-ink-3', '#999');
    for (const name of ['aria-label', 'placeholder']) document.querySelector('textarea')?.removeAttribute(name);
  });
  const found = await findBarriers(page);
  t.match(found.filter((one) => one.startsWith('label: ')), { length: 1 });
  t.ok(found.some((one) => one.startsWith('color-contrast: ')));
  await close();
});
