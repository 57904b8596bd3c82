import t from 'tap';
import { openChromium } from './chromium.ts';
import { bearWitness, findTroubles, findUnsent, type Noted } from './witness.ts';

t.test('a page’s witness sees what stands for no longer than a turn of its loop', async (t) => {
  const chromium = await openChromium();
  t.teardown(() => chromium.close());
  const context = await chromium.openContext();
  await context.addInitScript(bearWitness);
  const page = await context.newPage();
  await page.goto('data:text/html;charset=utf-8,<p class="status live"></p><div class="line mine sending"><p class="text">one</p><p class="fate">…</p></div>');
  const noted = await page.evaluate(async () => {
    const turn = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve); });
    const [status, mine] = [document.querySelector('.status'), document.querySelector('.mine')];
    status?.classList.replace('live', 'joining');
    mine?.classList.replace('sending', 'failed');
    mine?.after(mine.cloneNode(true));
    await turn();
    status?.classList.replace('joining', 'live');
    mine?.nextElementSibling?.remove();
    mine?.classList.remove('failed');
    await turn();
    return (globalThis as unknown as { noted: Noted }).noted;
  });
  t.match(findTroubles(noted, Date.now()), [{ what: 'joining' }]);
  t.match(findUnsent(noted, '…'), [{ text: 'one', said: 'failed …' }]);
  t.equal(noted.fates.one?.at(-1)?.state, '');
  t.equal(noted.shown.one, 2, 'a word that stood there twice');
});
