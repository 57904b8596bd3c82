import type { Locator } from 'playwright-core';
import t, { type Test } from 'tap';
import { flood } from '../browser/flood.ts';
import { fillRoom, numbered } from '../browser/history.ts';
import type { Reader } from '../browser/reader.ts';
import { openStage } from '../browser/stage.ts';
import { drawnValue } from '../browser/talk.ts';
import { ko } from '../../../widget/src/ui/words/ko.ts';

t.setTimeout(120_000);
const stage = await openStage();
t.teardown(() => stage.close());

async function visit(t: Test, how: NonNullable<Parameters<typeof stage.visit>[1]>): Promise<Reader> {
  const reader = await stage.visit('hangul-lines', how);
  if (!how.beside) t.teardown(() => reader.context.close());
  return reader;
}

const others = { nick: '밤새는 부엉이' };
const top = (reader: Reader, text: string): Promise<number> => reader.line(text).locator('.text').evaluate((line) => line.getBoundingClientRect().top);
const endGap = (reader: Reader): Promise<number> => reader.parts.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);

/** Scrolls as a hand does, and is told when the list knows of it. */
async function scrollBack(reader: Reader, px: number): Promise<void> {
  await reader.parts.log.evaluate((log, px) => { log.scrollTop -= px; }, px);
  await reader.parts.latest.waitFor();
}

t.test('while rows come and go around them, what the reader reads above does not move by a pixel', async (t) => {
  await fillRoom(stage, 'around', [{ texts: numbered(50) }]);
  const reader = await visit(t, { room: 'around' });
  await reader.room.locator('.status.live').waitFor();
  await scrollBack(reader, 600);
  const moved = await reader.parts.log.evaluate(async (log) => {
    const nextFrame = (): Promise<number> => new Promise(requestAnimationFrame);
    const edge = log.getBoundingClientRect().top;
    const lines = [...log.querySelectorAll<HTMLElement>('.line')];
    const read = lines.findIndex((one) => one.getBoundingClientRect().top >= edge);
    const words = lines[read]?.querySelector('.text');
    const above = lines[read - 5]?.querySelector<HTMLElement>('.text');
    if (!words || !above) throw new Error('Nothing is read, or nothing is above it');
    const { top } = words.getBoundingClientRect();
    const moves: number[] = [];
    const look = async (): Promise<void> => {
      for (let i = 0; i < 3; i += 1) {
        await nextFrame();
        moves.push(Math.abs(words.getBoundingClientRect().top - top));
      }
    };
    above.style.fontSize = '31px';
    await look();
    const image = new Image(200, 333);
    above.append(image);
    await look();
    image.remove();
    await look();
    document.documentElement.style.setProperty('--aside-font', 'monospace');
    await look();
    return { most: Math.max(...moves), frames: moves.length };
  });
  t.equal(moved.frames, 12);
  t.ok(moved.most <= 1, `${moved.most} px`);
});

t.test('a thousand messages later at most 320 rows are drawn, the newest at the end, and all of them can be scrolled back to', async (t) => {
  const reader = await visit(t, { room: 'many' });
  await reader.room.locator('.status.live').waitFor();
  const most = await reader.parts.html.evaluateHandle((html) => {
    const seen = { rows: 0 };
    new MutationObserver(() => { seen.rows = Math.max(seen.rows, html.querySelectorAll('.line').length); }).observe(html, { childList: true, subtree: true });
    return seen;
  });
  await fillRoom(stage, 'many', [{ ...others, texts: numbered(420) }]);
  await reader.line('지나간 말 420').waitFor();
  t.ok(await endGap(reader) <= 1);
  t.equal(await reader.line('지나간 말 1').count(), 0);
  for (let at = 420; at > 1;) {
    at = await reader.parts.log.evaluate(async (log) => {
      const nextFrame = (): Promise<number> => new Promise(requestAnimationFrame);
      const edge = log.getBoundingClientRect().top;
      log.scrollTop = Math.max(0, log.scrollTop - 1_500);
      const line = [...log.querySelectorAll<HTMLElement>('.line')].find((one) => one.getBoundingClientRect().top >= edge);
      const words = line?.querySelector('.text');
      const top = words?.getBoundingClientRect().top ?? 0;
      for (let i = 0; i < 4; i += 1) {
        await nextFrame();
        const moved = Math.abs((words?.getBoundingClientRect().top ?? 0) - top);
        if (moved > 1) throw new Error(`Line ${line?.dataset.n} moved by ${moved} px`);
      }
      return Number(log.querySelector<HTMLElement>('.line')?.dataset.n);
    });
  }
  t.equal(await reader.line('지나간 말 1').count(), 1);
  t.equal(await reader.line('지나간 말 420').count(), 0, 'the newest have left');
  await fillRoom(stage, 'many', [{ ...others, texts: ['그 사이에 온 말'] }]);
  await reader.parts.latest.locator('b').getByText('1').waitFor();
  await reader.parts.latest.click();
  await reader.line('그 사이에 온 말').waitFor();
  t.ok(await endGap(reader) <= 1);
  const rows = await most.evaluate((seen) => seen.rows);
  t.ok(rows >= 250 && rows <= 320, `${rows} rows`);
});

t.test('words typed while a hundred messages a second arrive are kept to the letter, and none is torn by sending', async (t) => {
  const reader = await visit(t, { room: 'typing' });
  await reader.takeName('수줍은 고래');
  const { field, mine } = reader.parts;
  const people = await flood(stage, 'typing', 100);
  await field.pressSequentially('가나다라마바사');
  t.equal(await drawnValue(field, '가나다라마바사'), '가나다라마바사');
  const left = await field.evaluate(async (area: HTMLTextAreaElement) => {
    area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true }));
    await Promise.resolve();
    return area.value;
  });
  t.equal(left, '', 'the field is empty before the next letter can come, whatever the screen is busy with');
  await field.pressSequentially('아자차');
  t.equal(await drawnValue(field, '아자차'), '아자차');
  await people.stop();
  await mine.getByText('가나다라마바사', { exact: true }).or(reader.parts.latest).first().waitFor();
  t.same((await stage.sql`select content from messages where nickname = '수줍은 고래'`).map(({ content }) => content), ['가나다라마바사']);
});

t.test('a line stands before what came while the reader was away, and goes once they have seen it and speak', async (t) => {
  await fillRoom(stage, 'away', [{ texts: numbered(40) }]);
  const reader = await visit(t, { room: 'away' });
  await reader.takeName();
  const mark = reader.room.locator('.mark');
  t.equal(await mark.count(), 0, 'who comes for the first time has missed nothing');
  await scrollBack(reader, 500);
  await fillRoom(stage, 'away', [{ ...others, texts: ['하나', '둘'] }]);
  await reader.parts.latest.locator('b').getByText('2').waitFor();
  const before = (): Promise<string | null> => mark.evaluate((line) => line.nextElementSibling?.querySelector('.text')?.textContent ?? null);
  t.equal(await mark.textContent(), ko.mark);
  t.equal(await before(), '하나');
  await reader.parts.latest.click();
  await reader.parts.latest.waitFor({ state: 'detached' });
  await fillRoom(stage, 'away', [{ ...others, texts: ['셋'] }]);
  await reader.untilDrawn('셋');
  t.equal(await before(), '하나', 'it stays where it is while the talk goes on');
  await reader.say('다 읽었어요');
  await mark.waitFor({ state: 'detached' });
  await reader.page.goto('about:blank');
  await fillRoom(stage, 'away', [{ ...others, texts: ['넷'] }]);
  await reader.page.goBack();
  await mark.waitFor();
  t.equal(await before(), '넷', 'another visit begins with what was said since the last');
});

t.test('a reload opens where the reader was reading, also further back than the page brings along', async (t) => {
  await fillRoom(stage, 'again', [{ texts: numbered(160) }]);
  const reader = await visit(t, { room: 'again' });
  await reader.room.locator('.status.live').waitFor();
  await reader.page.reload();
  await reader.line('지나간 말 160').waitFor();
  t.ok(await endGap(reader) <= 1, 'at the end it stays at the end');
  await reader.room.locator('.status.live').waitFor();
  for (const first of [61, 11]) {
    await reader.parts.log.evaluate((log) => { log.scrollTop = 300; });
    await reader.line(`지나간 말 ${first}`).waitFor({ state: 'attached' });
  }
  await reader.parts.log.evaluate((log) => { log.scrollTop = 707; });
  await reader.parts.latest.waitFor();
  const text = await reader.parts.log.evaluate((log) => [...log.querySelectorAll('.text')].find((one) => one.getBoundingClientRect().top > log.getBoundingClientRect().top)?.textContent ?? '');
  const was = await top(reader, text);
  await reader.page.reload();
  await reader.parts.latest.waitFor();
  t.ok(Math.abs(await top(reader, text) - was) <= 1, `${text} stood at ${was}, and stands at ${await top(reader, text)}`);
  t.same(reader.watch.errors, []);
});

/** Runs in the frame. */
function showing(line: Element): { inView: boolean; flashes: boolean } {
  const [at, view] = [line.getBoundingClientRect(), line.closest('.log')?.getBoundingClientRect()];
  return { inView: view !== undefined && at.top >= view.top && at.bottom <= view.bottom, flashes: line.getAnimations().length === 1 };
}

t.test('every message has an address that opens there, and one that leads nowhere says so and stays at the end', async (t) => {
  await fillRoom(stage, 'address', [{ texts: numbered(130) }]);
  const reader = await visit(t, { room: 'address' });
  await reader.room.locator('.status.live').waitFor();
  const { log, lines } = reader.parts;
  const go = (hash: string): Promise<void> => log.evaluate((_, hash) => { location.hash = hash; }, hash);
  const line = (n: number): Locator => reader.room.locator(`[data-n="${n}"]`);
  await go('#m12');
  await reader.parts.latest.waitFor();
  t.same(await line(12).evaluate(showing), { inView: true, flashes: true }, 'three pages back');
  t.equal(await log.locator('.at').first().getAttribute('href'), `#m${await lines.first().getAttribute('data-n')}`, 'a time leads to its message');
  await reader.parts.latest.click();
  await reader.parts.latest.waitFor({ state: 'detached' });
  await go('#m131');
  await reader.room.getByText(ko.lost).waitFor({ state: 'attached' });
  t.ok(await endGap(reader) <= 1);
  t.same(reader.watch.errors, []);
});

t.test('a room opened by the address of a message shows it first', async (t) => {
  await fillRoom(stage, 'opened', [{ texts: numbered(90) }]);
  const reader = await visit(t, { room: 'opened' });
  const page = await reader.context.newPage();
  t.teardown(() => page.close());
  await page.goto(`${stage.chat.http}/room/opened#m20`);
  await page.locator('[data-n="20"]').waitFor();
  t.same(await page.locator('[data-n="20"]').evaluate(showing), { inView: true, flashes: true });
});

t.test('only new lines at the end are read out by a screen reader', async (t) => {
  await fillRoom(stage, 'aloud', [{ texts: numbered(120) }]);
  const reader = await visit(t, { room: 'aloud' });
  await reader.room.locator('.status.live').waitFor();
  const heard = await reader.parts.log.evaluateHandle((log) => {
    const told: string[] = [];
    new MutationObserver((changes) => {
      if (log.getAttribute('aria-live') === 'off') return;
      for (const { addedNodes } of changes) for (const node of addedNodes) if (node instanceof Element) told.push(...[node, ...node.querySelectorAll('.text')].filter((one) => one.matches('.text')).map((one) => one.textContent ?? ''));
    }).observe(log, { childList: true, subtree: true });
    return told;
  });
  await reader.parts.log.evaluate((log) => { log.scrollTop = 300; });
  await reader.line('지나간 말 21').waitFor({ state: 'attached' });
  await reader.parts.latest.click();
  await reader.room.locator('.log[aria-live="polite"]').waitFor();
  await fillRoom(stage, 'aloud', [{ ...others, texts: ['새로 온 말'] }]);
  await reader.untilDrawn('새로 온 말');
  t.same(await heard.evaluate((told) => told), ['새로 온 말']);
});
