import t, { type Test } from 'tap';
import { fillRoom, numbered } from '../browser/history.ts';
import { type Pose, poses } from '../browser/poses.ts';
import { type Look, openStudio, type Sitting } from '../browser/studio.ts';

t.setTimeout(180_000);
const studio = await openStudio();
t.teardown(() => studio.close());
const phone: Look = { theme: 'light', lang: 'ko', width: 320 };

async function sit(t: Test, pose: Pose, look: Partial<Look> = {}): Promise<Sitting> {
  const sitting = await studio.sit({ ...phone, ...look }, pose);
  t.teardown(() => sitting.close());
  return sitting;
}

t.test('on a wide screen a menu opens beside its message, not over it, and stays within the screen when it asks whether one is sure', async (t) => {
  for (const name of ['menu, own', 'deleting']) {
    const pose = poses.find((one) => one.name === name);
    t.ok(pose, name);
    if (!pose) continue;
    const { page } = await sit(t, pose, { lang: 'en', width: 760 });
    const [menu, line] = await Promise.all([page.locator('dialog').boundingBox(), page.locator('.line.mine[data-n] .text').last().boundingBox()]);
    if (!menu || !line) throw new Error(`${name}: nothing is drawn`);
    t.ok(menu.y >= 0 && menu.y + menu.height <= 600 && menu.x + menu.width <= 760, `${name}: ${JSON.stringify(menu)}`);
    t.ok(menu.y + menu.height <= line.y || menu.y >= line.y + line.height, `${name}: the message is to be seen`);
    t.ok(menu.x < line.x + line.width && line.x < menu.x + menu.width, `${name}: they stand in one column`);
  }
});

t.test('a finger that rests on a message opens its menu, which stays when the finger leaves; one that moves scrolls and opens none', async (t) => {
  const { page, context } = await sit(t, { name: 'talk', room: 'talk' });
  const finger = await context.newCDPSession(page);
  // One with reactions has buttons near its words, and a finger is taken for the nearest.
  const line = page.locator('.line.theirs.opens[data-n]:not(:has(.signs))').last();
  const box = await line.locator('.text').boundingBox();
  if (!box) throw new Error('nothing is drawn');
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', down = 0) => finger.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x: box.x + 10, y: box.y + 10 + down }] });
  const menu = page.locator('dialog[open]');
  await touch('touchStart');
  t.equal(await menu.count(), 0, 'not before it has rested');
  await menu.waitFor();
  t.equal(await menu.getAttribute('aria-label'), await line.locator('.who b').first().textContent());
  await touch('touchEnd');
  await page.waitForFunction(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(true)))));
  t.equal(await menu.count(), 1, 'the click that ends a press is none');
  await page.keyboard.press('Escape');
  await menu.waitFor({ state: 'detached' });
  const [scrolled, began] = await page.locator('.log').evaluate((log) => [log.scrollTop, performance.now()]);
  await touch('touchStart');
  for (const down of [20, 40, 60]) await touch('touchMove', down);
  // One that rested would have opened it twice by then.
  await page.waitForFunction(([before = 0, began = 0]) => (document.querySelector('.log')?.scrollTop ?? before) < before && performance.now() - began > 1_000, [scrolled, began]);
  await touch('touchEnd');
  t.equal(await menu.count(), 0);
});

t.test('who asks for less motion sees none', async (t) => {
  const { page } = await sit(t, { name: 'talk', room: 'talk' });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.locator('.status').click();
  await page.locator('dialog li').first().waitFor();
  const spans = (): Promise<number[]> => page.evaluate(() => [...document.querySelectorAll('*')].flatMap((one) => {
    const { animationName, animationDuration, transitionDuration } = getComputedStyle(one);
    return [...(animationName === 'none' ? [] : [Number.parseFloat(animationDuration)]), Number.parseFloat(transitionDuration)].filter((span) => span > 0.001);
  }));
  t.same(await spans(), []);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  t.not((await spans()).length, 0, 'and others do');
});

t.test('with forced colours, buttons, one’s own words and what is chosen still have an edge', async (t) => {
  const { page } = await sit(t, { name: 'talk', room: 'talk' }, { forced: true, width: 400 });
  const edgeless = (selector: string): Promise<string[]> => page.locator(selector).evaluateAll((all) => all
    .filter((one) => getComputedStyle(one).borderTopStyle !== 'solid' || getComputedStyle(one).borderTopWidth === '0px' || getComputedStyle(one).borderTopColor === getComputedStyle(document.body).backgroundColor)
    .map((one) => one.outerHTML.slice(0, 120)));
  t.not(await page.locator('.mine .text').count(), 0);
  t.same(await edgeless('.mine .text, .send, .me, .cover, .signs button'), []);
  await page.locator('.log').evaluate((log) => { log.scrollTop = 0; });
  await page.locator('.latest').waitFor();
  t.same(await edgeless('.latest'), []);
});

t.test('the log reads out new lines, and neither older ones that are put above nor reactions', async (t) => {
  await fillRoom(studio.stage, 'read-ko', [{ texts: numbered(60) }]);
  const { page } = await sit(t, { name: 'long', room: 'read' });
  const log = page.locator('.log');
  t.equal(await log.getAttribute('role'), 'log');
  await page.locator('.log[aria-live="polite"]').waitFor();
  t.equal(await log.getAttribute('aria-relevant'), 'additions');
  const heard = await page.evaluateHandle(listen);
  await fillRoom(studio.stage, 'read-ko', [{ nick: '졸린 여우', texts: ['하나', '둘'] }]);
  await page.locator('.text', { hasText: '둘' }).waitFor();
  t.match(await heard.jsonValue(), [/하나/, /둘/]);
  const line = page.locator('.line[data-n]').last();
  await line.focus();
  await line.press('Enter');
  await page.locator('dialog .six button').first().click();
  await line.locator('.signs').waitFor();
  await log.evaluate((one) => { one.scrollTop = 0; });
  await page.locator('.text', { hasText: /^지나간 말 1$/ }).waitFor();
  t.match(await heard.jsonValue(), [/하나/, /둘/], 'what was said long ago is not news');
  t.equal((await heard.jsonValue()).length, 2);
});

/** Runs in the page: what a screen reader would be given, for as long as the page is there. */
function listen(): string[] {
  const heard: string[] = [];
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const live = target instanceof Element ? target.closest('[aria-live]') : null;
      if (live?.getAttribute('aria-live') === 'polite') for (const node of addedNodes) if (!(node instanceof Element && node.matches('[aria-live="off"]'))) heard.push(node.textContent ?? '');
    }
  }).observe(document.body, { childList: true, subtree: true });
  return heard;
}

t.test('where more than one message a second comes, it is silent, and says every five seconds how many there were', async (t) => {
  await fillRoom(studio.stage, 'flood-ko', [{ texts: ['먼저 온 말'] }]);
  const { page, words } = await sit(t, { name: 'flood', room: 'flood' });
  const summary = page.locator('.unseen[role="status"]');
  t.equal(await summary.textContent(), '');
  await fillRoom(studio.stage, 'flood-ko', [{ nick: '밤새는 부엉이', texts: numbered(12) }]);
  await page.locator('.log[aria-live="off"]').waitFor();
  await summary.filter({ hasText: /\d/ }).waitFor();
  const told = Number((await summary.textContent())?.match(/\d+/)?.[0]);
  t.ok(told >= 7 && told <= 12, `${told} of 12: at most the first five were read out`);
  t.equal(await summary.textContent(), words.news(told));
  await page.locator('.log[aria-live="polite"]').waitFor();
  await fillRoom(studio.stage, 'flood-ko', [{ nick: '졸린 여우', texts: ['이제 조용하네요'] }]);
  await page.locator('.text', { hasText: '이제 조용하네요' }).waitFor();
  t.equal(await page.locator('.log').getAttribute('aria-live'), 'polite');
});
