import t from 'tap';
import { findBarriers } from '../browser/axe.ts';
import { poses } from '../browser/poses.ts';
import { langs, openStudio, themes } from '../browser/studio.ts';

// A hundred looks, each judged by every rule.
t.setTimeout(600_000);
const studio = await openStudio();
t.teardown(() => studio.close());
const WIDTH = 400;

for (const lang of langs) {
  t.test(`axe finds nothing in any state, in either theme, ${lang}`, async (t) => {
    for (const pose of poses) {
      const { page, close } = await studio.sit({ theme: 'auto', lang, width: WIDTH }, pose);
      for (const colorScheme of themes) {
        await page.emulateMedia({ colorScheme });
        t.same(await findBarriers(page), [], `${pose.name}, ${colorScheme}`);
      }
      await close();
    }
  });
}

t.test('and it would find what is wrong', async (t) => {
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
