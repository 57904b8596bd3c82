import { mkdir } from 'node:fs/promises';
import t, { type Test } from 'tap';
import { sheetWords } from '../../../widget/src/ui/sheets/words.ts';
import { findBarriers } from '../browser/axe.ts';
import { findFaint } from '../browser/contrast.ts';
import { fillRoom, numbered } from '../browser/history.ts';
import type { Reader } from '../browser/reader.ts';
import { openStage } from '../browser/stage.ts';

t.setTimeout(60_000);
const stage = await openStage();
t.teardown(() => stage.close());
/** Where screens are kept to be looked at, when somebody wants to. */
const shots = process.env.ASIDE_SHOTS;
if (shots) await mkdir(shots, { recursive: true });

async function visit(t: Test, ...how: Parameters<typeof stage.visit>): Promise<Reader> {
  const reader = await stage.visit(...how);
  t.teardown(() => reader.context.close());
  return reader;
}

t.test('the first paint holds the newest messages, as many as the frame is high, and all fifty are there before the chat has answered anything', async (t) => {
  await fillRoom(stage, 'paint', [{ texts: numbered(60) }]);
  const script = Promise.withResolvers<void>();
  const reader = await visit(t, 'hangul-lines', {
    room: 'paint',
    async prepare(context) {
      await context.addInitScript(() => void requestAnimationFrame(() => performance.mark('first frame', { detail: [...document.querySelectorAll('.line .text')].map((one) => one.textContent) })));
      await context.route('**/assets/*.js', async (route) => { await script.promise; await route.continue(); });
      await context.routeWebSocket('**/ws', () => 'it never answers');
      await context.route('**/api/**', () => 'it never answers');
    },
  });
  const { html } = reader.parts;
  const paints = (): Promise<number> => html.evaluate(() => performance.getEntriesByType('paint').length);
  await reader.room.locator('noscript').waitFor({ state: 'attached' });
  t.equal(await paints(), 0, 'while the script is on its way nothing is painted');
  script.resolve();
  await reader.line('지나간 말 60').waitFor();
  const first = await html.evaluate(() => (performance.getEntriesByName('first frame')[0] as PerformanceMark).detail as string[]);
  const height = await html.evaluate(() => innerHeight);
  t.ok(first.length * 24 >= height, `${first.length} messages for ${height} px`);
  t.same(first, numbered(60).slice(-first.length));
  await reader.line('지나간 말 11').waitFor({ state: 'attached' });
  t.same(await reader.texts(), numbered(60).slice(10));
  t.ok(await paints() > 0);
  t.same(reader.watch.errors, []);
});

t.test('a reader who has scrolled up holds still and is told how much is new', async (t) => {
  await fillRoom(stage, 'still', [{ texts: numbered(50) }]);
  const reader = await visit(t, 'hangul-lines', { room: 'still' });
  const { log, latest } = reader.parts;
  await reader.line('지나간 말 50').waitFor();
  t.equal(await latest.count(), 0, 'at the end there is no way back to offer');
  await log.hover();
  await reader.page.mouse.wheel(0, -500);
  await latest.waitFor();
  const place = (): Promise<number> => reader.line('지나간 말 35').evaluate((line) => line.getBoundingClientRect().top);
  const before = await place();
  await fillRoom(stage, 'still', [{ nick: '밤새는 부엉이', texts: ['하나', '둘', '셋'] }]);
  await latest.locator('b').getByText('3').waitFor();
  t.equal(await place(), before);
  await latest.click();
  await latest.waitFor({ state: 'detached' });
  await reader.line('셋').waitFor();
  t.ok(await log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight <= 1), 'the pill leads to the end');
  await fillRoom(stage, 'still', [{ nick: '밤새는 부엉이', texts: ['넷'] }]);
  await reader.untilDrawn('넷');
  t.ok(await log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight <= 1), 'and at the end one stays there');
});

t.test('older history comes by scrolling up, and not a pixel moves', async (t) => {
  await fillRoom(stage, 'older', [{ texts: numbered(120) }]);
  const reader = await visit(t, 'hangul-lines', { room: 'older' });
  await reader.room.locator('.status.live').waitFor();
  t.equal(await reader.parts.lines.count(), 50);
  for (const held of [100, 120]) t.same(await reader.parts.log.evaluate(scrollUp), { held, moved: 0 });
  t.same(await reader.texts(), numbered(120));
});

/** Runs in the frame: goes near the top, and watches the line there in every frame until more lines are drawn. */
async function scrollUp(log: Element): Promise<{ held: number; moved: number }> {
  const count = (): number => log.querySelectorAll('.line').length;
  const nextFrame = (): Promise<number> => new Promise(requestAnimationFrame);
  const had = count();
  log.scrollTop = 400;
  const edge = log.getBoundingClientRect().top;
  const line = [...log.querySelectorAll('.line')].find((one) => one.getBoundingClientRect().top >= edge);
  if (!line) throw new Error('No line is in sight');
  const { top } = line.getBoundingClientRect();
  let moved = 0;
  for (let after = 0; after < 3; after += count() > had ? 1 : 0) {
    await nextFrame();
    moved = Math.max(moved, Math.abs(line.getBoundingClientRect().top - top));
  }
  return { held: count(), moved: Math.round(moved) };
}

t.test('the frame follows the blog’s theme live, and every word is readable in both', async (t) => {
  const texts = ['읽어 보세요: https://example.com/aside', '그리고 한 줄 더'];
  await fillRoom(stage, 'theme', [{ nick: '졸린 여우', avatar: 'fox', texts }, { nick: '졸린 여우', avatar: 'owl', texts: ['이름이 같네요'] }]);
  const reader = await visit(t, 'hangul-lines', { room: 'theme', options: { colorScheme: 'light' } });
  const { html } = reader.parts;
  const paper = (): Promise<string> => html.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const judge = async (when: string): Promise<void> => {
    for (const [where, page] of [['blog', reader.page.locator('html')], ['room', html]] as const) {
      const { looked, faint } = await findFaint(page);
      t.ok(looked >= 10);
      t.same(faint, [], `${looked} pieces of text in the ${where}, ${when}`);
    }
  };
  await reader.line('이름이 같네요').waitFor();
  await reader.room.locator('.status.live').waitFor();
  await judge('light, before a name');
  await html.evaluate((root) => root.style.setProperty('--aside-ink-3', '#8a8a8a'));
  t.not((await findFaint(html)).faint.length, 0, 'a grey that is a little too light would be seen');
  await html.evaluate((root) => root.style.removeProperty('--aside-ink-3'));
  await html.evaluate(() => performance.mark('same page'));
  const light = await paper();
  await reader.page.locator('.toggle').click();
  await reader.room.locator('html[data-theme="dark"]').waitFor();
  t.not(await paper(), light);
  await judge('dark, before a name');
  await reader.takeName();
  await reader.say('내가 한 말');
  await reader.untilDrawn('내가 한 말');
  await judge('dark, in the talk');
  await reader.page.locator('.toggle').click();
  await reader.room.locator('html[data-theme="light"]').waitFor();
  t.equal(await paper(), light);
  await judge('light, in the talk');
  t.equal(await html.evaluate(() => performance.getEntriesByName('same page').length), 1, 'nothing was loaded anew for it');
  await reader.page.reload();
  await reader.room.locator('html[data-theme="light"]').waitFor();
});

t.test('a reader hides a person and a word for themselves, still after a reload, and shows them again', async (t) => {
  const { ko } = sheetWords;
  await fillRoom(stage, 'hide', [{ texts: ['조용히 읽는 말'] }, { nick: '시끄러운 여우', texts: ['보기 싫은 말', '또 보기 싫은 말'] }, { nick: '느긋한 곰', texts: ['결말 스포일러예요'] }]);
  const reader = await visit(t, 'hangul-lines', { room: 'hide', ...(shots && { options: { viewport: { width: 400, height: 760 } } }) });
  const keep = async (name: string): Promise<void> => { if (shots) await reader.page.screenshot({ path: `${shots}/${name}.png`, animations: 'disabled' }); };
  // Hands are heard once somebody is near.
  await reader.line('보기 싫은 말').focus();
  await reader.room.locator('#app ~ div').waitFor({ state: 'attached' });
  await reader.line('보기 싫은 말').press('Enter');
  await reader.parts.sheet.getByRole('button', { name: ko.hidden.hide }).click();
  await reader.room.getByText(ko.hidden.done('시끄러운 여우')).waitFor();
  await keep('hide-done');
  t.same(await reader.texts(), ['조용히 읽는 말', '결말 스포일러예요']);
  await reader.room.getByRole('button', { name: ko.mod.undo }).click();
  await reader.line('또 보기 싫은 말').waitFor();

  await reader.line('보기 싫은 말').focus();
  await reader.line('보기 싫은 말').press('Enter');
  await reader.parts.sheet.getByRole('button', { name: ko.hidden.hide }).click();
  await reader.line('보기 싫은 말').waitFor({ state: 'detached' });
  await reader.room.locator('header button').click();
  await keep('hide-people');
  await reader.parts.sheet.getByRole('button', { name: ko.hidden.title }).click();
  await reader.parts.sheet.getByLabel(ko.hidden.word).fill('스포일러');
  await reader.parts.sheet.getByRole('button', { name: ko.hidden.add }).click();
  await reader.parts.sheet.getByText('스포일러', { exact: true }).waitFor();
  await keep('hide-sheet');
  t.same(await findBarriers(reader.page), []);
  await reader.page.reload();
  await reader.line('조용히 읽는 말').waitFor();
  await fillRoom(stage, 'hide', [{ nick: '느긋한 곰', texts: ['새로 온 말'] }]);
  await reader.line('새로 온 말').waitFor();
  t.same(await reader.texts(), ['조용히 읽는 말', '새로 온 말']);

  await reader.room.locator('header button').click();
  await reader.parts.sheet.getByRole('button', { name: ko.hidden.title }).click();
  await reader.parts.sheet.getByRole('button', { name: `시끄러운 여우 ${ko.hidden.show}` }).click();
  await reader.parts.sheet.getByRole('button', { name: `스포일러 ${ko.hidden.show}` }).click();
  await reader.line('결말 스포일러예요').waitFor();
  t.equal((await reader.texts()).length, 5);
  t.same(reader.watch.errors, []);
});
