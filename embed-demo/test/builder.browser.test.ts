import t from 'tap';
import { fillRoom } from '../../server/test/browser/history.ts';
import { openStage } from '../../server/test/browser/stage.ts';
import { watch } from '../../server/test/browser/watch.ts';
import { openHost } from '../../server/test/embed/host.ts';

t.setTimeout(120_000);
const stage = await openStage();
t.teardown(() => stage.close());
await fillRoom(stage, '내 "첫" 글', [{ nick: '졸린 여우', texts: ['여기 있어요'] }]);

async function open(lang: 'ko' | 'en') {
  const context = await (await stage.browser('partitioned')).openContext({ viewport: { width: 1_000, height: 900 } });
  context.setDefaultTimeout(10_000);
  const { errors } = await watch(context);
  const page = await context.newPage();
  await page.goto(`${stage.blog}/${lang === 'ko' ? 'builder' : 'builder-en'}`);
  return { page, errors, context };
}

for (const lang of ['ko', 'en'] as const) {
  t.test(`what the builder writes is a room when it is pasted, and the preview shows it before, ${lang}`, async (t) => {
    const { page, errors, context } = await open(lang);
    t.teardown(() => context.close());
    const code = page.locator('aside-builder code');
    await page.locator('[name=id]').fill('내 "첫" 글');
    await page.locator('[name=theme]').selectOption('dark');
    await page.locator('[name=title]').fill('<어느> "글"');
    for (const way of ['line', 'element', 'frame'] as const) {
      await page.locator(`[name=way][value=${way}]`).check();
      const written = await code.textContent() ?? '';
      const shown = page.frameLocator('.stand iframe');
      await page.locator('.stand').scrollIntoViewIfNeeded();
      await shown.locator('.line .text', { hasText: '여기 있어요' }).waitFor();
      const host = await openHost(stage.chat.http, { '/': { body: `<body>${written}</body>` } });
      const pasted = await context.newPage();
      await pasted.goto(host.url);
      const room = pasted.frameLocator('iframe');
      await room.locator('.line .text', { hasText: '여기 있어요' }).waitFor();
      t.equal(await room.locator('h1').textContent(), '<어느> "글"', way);
      t.equal(await room.locator('html').getAttribute('data-theme'), 'dark', way);
      await pasted.close();
      await host.close();
    }
    await page.locator('[name=way][value=link]').check();
    t.match(await code.textContent(), `<a href="${stage.chat.http}/room/${encodeURIComponent('내 "첫" 글')}"><img src="`);
    t.ok(await page.locator('.stand img').evaluate((img) => (img as HTMLImageElement).decode().then(() => true, () => false)), 'the badge is a picture');
    await page.locator('.copy').click();
    await page.locator('.result [role=status]').filter({ hasText: /\S/ }).waitFor();
    t.same(errors, []);
  });
}

t.test('every page of the blog opens without a complaint, and fits a phone', async (t) => {
  const context = await (await stage.browser('partitioned')).openContext({ viewport: { width: 360, height: 740 } });
  t.teardown(() => context.close());
  const { errors } = await watch(context);
  const page = await context.newPage();
  for (const name of ['', 'ways', 'line', 'elements', 'app', 'link', 'builder', 'builder-en', 'hangul-lines', 'beside-the-text']) {
    await page.goto(`${stage.blog}/${name}`);
    t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `/${name}`);
    t.notMatch(await page.content(), /\{\{\w+\}\}/);
  }
  await page.goto(`${stage.blog}/app`);
  await page.locator('.steps a').nth(1).click();
  await page.waitForFunction(() => document.querySelector('iframe')?.src.includes('app-2'));
  await page.goBack();
  await page.waitForFunction(() => document.querySelector('iframe')?.src.includes('app-1'));
  t.same(errors, []);
});
