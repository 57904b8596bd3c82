import { mkdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import t from 'tap';
import { pageWords } from '../../../widget/src/admin/page-words.ts';
import { words as admin } from '../../../widget/src/admin/words.ts';
import { sheetWords } from '../../../widget/src/ui/sheets/words.ts';
import { ko as base } from '../../../widget/src/ui/words/ko.ts';
import { writing } from '../../../widget/src/ui/words/writing.ts';
import { findBarriers } from '../browser/axe.ts';
import type { Keeps } from '../browser/chromium.ts';
import { openStage } from '../browser/stage.ts';
import { openClient } from '../support/client.ts';
import { ADMIN_TOKEN, does, idOf } from './desk.ts';
import { point } from './point.ts';

t.setTimeout(170_000);
const ko = { ...base, ...sheetWords.ko, ...writing.ko };
const stage = await openStage((blog) => ({ FRAME_ANCESTORS: blog }));
t.teardown(() => stage.close());
const PATIENCE_MS = 10_000;
/** Where screens are kept to be looked at, when somebody wants to. */
const shots = process.env.ASIDE_SHOTS;
if (shots) await mkdir(shots, { recursive: true });
const SIZES = { desktop: { viewport: { width: 900, height: 760 } }, phone: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } } as const;

async function keep(page: Page, name: string): Promise<void> {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, animations: 'disabled' });
}

async function post<T>(path: string, body: object, token = ADMIN_TOKEN): Promise<T> {
  const answer = await fetch(`${stage.chat.http}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify(body) });
  return (await answer.json().catch(() => null)) as T;
}

const invite = async (name: string): Promise<string> => (await post<{ invitation: string }>('/moderators', { name })).invitation;

/** A browser of a moderator: the invitation opened in it, and then the room as a page of its own. */
async function moderate(room: string, size: keyof typeof SIZES): Promise<Page> {
  const context = await (await stage.browser('partitioned')).openContext({ ...SIZES[size], locale: 'ko-KR' });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.goto(await invite('민지'));
  await page.getByText(admin.ko.signOut).waitFor();
  t.equal(page.url(), `${stage.chat.http}/admin`, 'the invitation is gone from the address bar');
  await keep(page, `admin-${size}`);
  await page.goto(`${stage.chat.http}/room/${room}`);
  return page;
}

for (const size of ['desktop', 'phone'] as const) {
  t.test(`what a moderator does in the list, ${size}`, async (t) => {
    const room = `acts-${size}`;
    const reader = await openClient(stage.chat.ws, { room, id: idOf(1), nick: '느긋한 수달', avatar: 'otter' });
    const loud = await openClient(stage.chat.ws, { room, id: idOf(2), nick: '시끄러운 여우', avatar: 'fox' });
    t.teardown(() => Promise.all([reader.close(), loud.close()]));
    await reader.say('이 부분이 제일 좋았어요. 다음 글은 언제 나오나요?');
    for (const text of ['여기 광고 보세요', '싸다 싸', '진짜 싸다']) await loud.say(text);
    const page = await moderate(room, size);
    const line = (text: string) => page.locator('.line[data-n]').filter({ has: page.getByText(text, { exact: true }) });
    const menu = async (text: string): Promise<void> => {
      if (size === 'phone') {
        const box = await line(text).locator('.text').boundingBox();
        const touches = await page.context().newCDPSession(page);
        const touchPoints = [{ x: (box?.x ?? 0) + 12, y: (box?.y ?? 0) + 10 }];
        await touches.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
        await page.locator('dialog').waitFor();
        await touches.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
      } else {
        await point(page, line(text));
        await page.locator('.tools [data-do="message"]').click();
      }
      await page.locator('dialog').waitFor();
    };
    const press = (name: string) => page.locator('dialog').getByRole('button', { name, exact: true }).click();
    const told = page.locator('.told');

    await line('싸다 싸').waitFor();
    // Hands are heard once somebody is near.
    await page.mouse.move(200, 300);
    await menu('싸다 싸');
    await keep(page, `menu-${size}`);
    t.same(await findBarriers(page), [], 'the menu is accessible');
    await press(ko.mod.take);
    await reader.next('rows', ({ rows }) => rows.some((row) => row.n === 3 && row.deleted), 1_000);
    await told.getByText(ko.mod.taken).waitFor();
    await keep(page, `undo-${size}`);
    await told.getByRole('button', { name: ko.mod.undo }).click();
    await line('싸다 싸').waitFor();
    await reader.next('rows', ({ rows }) => rows.some((row) => row.n === 3 && !row.deleted && row.rev > 4));

    await menu('이 부분이 제일 좋았어요. 다음 글은 언제 나오나요?');
    await press(ko.mod.pin);
    await page.locator('.line.pinned').waitFor();
    await menu('이 부분이 제일 좋았어요. 다음 글은 언제 나오나요?');
    await press(ko.mod.answer);
    await page.locator('.line.answered').waitFor();

    await menu('여기 광고 보세요');
    await press(ko.mod.spans[60] ?? '');
    await told.getByText(ko.mod.muted('시끄러운 여우', '1분')).waitFor();
    t.match(await loud.say('아직도 싸다'), { t: 'no', code: 'muted' });

    await menu('여기 광고 보세요');
    await press(ko.mod.ban);
    await page.getByText(ko.mod.banTitle('시끄러운 여우')).first().waitFor();
    await page.getByText(ko.mod.sweep).click();
    await page.getByLabel(ko.mod.reason).fill('광고');
    await keep(page, `ban-${size}`);
    t.same(await findBarriers(page), [], 'the ban is accessible');
    const began = performance.now();
    await page.locator('dialog .go.danger').click();
    await Promise.all([2, 3, 4].map((n) => reader.next('rows', ({ rows }) => rows.some((row) => row.n === n && row.deleted && row.rev > 8), 1_000)));
    t.ok(performance.now() - began < 1_000, 'gone from every screen within a second');
    await told.getByText(ko.mod.banned('시끄러운 여우')).waitFor();
    await line('싸다 싸').waitFor({ state: 'detached' });
    t.match(await loud.say('돌아왔다'), { t: 'no', code: 'banned' });
    await told.getByRole('button', { name: ko.mod.undo }).click();
    await line('진짜 싸다').waitFor();

    await page.locator('.card .go').click();
    await page.locator('.composer textarea').fill('운영자예요. 광고는 내려 주세요');
    await page.locator('.composer textarea').press('Enter');
    await reader.next('rows', ({ rows }) => rows.some((row) => !row.deleted && row.extra?.role === 'moderator'));
    await keep(page, `after-${size}`);
    await page.context().close();
  });
}

for (const keeps of ['partitioned', 'cookies'] as const satisfies Keeps[]) {
  for (const way of ['popup', 'code'] as const) {
    t.test(`a frame on the blog is let in by ${way}, ${keeps === 'partitioned' ? 'where third parties may store' : 'with storage blocked'}`, async (t) => {
      const room = `pair-${keeps}-${way}`;
      const other = await openClient(stage.chat.ws, { room, id: idOf(3), nick: '느긋한 수달', avatar: 'otter' });
      t.teardown(() => other.close());
      await other.say('내려갈 말');
      const reader = await stage.visit('hangul-lines', { room, keeps });
      const own = await reader.context.newPage();
      await own.goto(await invite('민지'));
      await own.getByRole('link', { name: pageWords.ko.tabs.pair }).click();
      await own.getByText(admin.ko.pairTitle).waitFor();
      await reader.page.bringToFront();
      await reader.takeName('졸린 여우');
      await reader.parts.profile.click();
      await reader.parts.sheet.getByRole('button', { name: ko.moderate }).click();
      const code = reader.room.locator('.code', { hasText: /^[A-Z2-9]{6}$/ });
      await code.waitFor();
      await keep(reader.page, `pair-${keeps}-${way}`);
      if (way === 'popup') {
        const opening = reader.context.waitForEvent('page');
        await reader.parts.sheet.getByRole('button', { name: ko.pair.open }).click();
        const popup = await opening;
        await popup.getByText(admin.ko.ask).waitFor();
        t.match(await popup.locator('dl').textContent(), new RegExp(`${room}.*${stage.blog}`), 'it names room and blog');
        await keep(popup, `popup-${keeps}`);
        await popup.getByRole('button', { name: admin.ko.yes }).click();
      } else {
        await own.bringToFront();
        await own.getByLabel(admin.ko.code).fill((await code.textContent()) ?? '');
        await own.getByRole('button', { name: admin.ko.look }).click();
        await own.getByText(admin.ko.ask).waitFor();
        t.same(await findBarriers(own), [], 'our own page is accessible');
        await own.getByRole('button', { name: admin.ko.yes }).click();
        await own.getByText(admin.ko.paired).waitFor();
        await reader.page.bringToFront();
      }
      await reader.parts.sheet.getByText(ko.pair.already).waitFor();
      await reader.parts.sheet.locator('.close').click();
      const line = reader.line('내려갈 말');
      await line.focus();
      await line.press('Enter');
      await reader.parts.sheet.getByRole('button', { name: ko.mod.take, exact: true }).click();
      await other.next('rows', ({ rows }) => rows.some((row) => row.n === 1 && row.deleted));
      t.match(await does(other, { t: 'edit', n: 1, text: '다시' }), { t: 'no', code: 'not_found' });
      await reader.context.close();
    });
  }
}

t.test('the list holds still under a moderator\'s pointer, and goes on when it leaves', async (t) => {
  const loud = await openClient(stage.chat.ws, { room: 'still', id: idOf(4), nick: '시끄러운 여우', avatar: 'fox' });
  t.teardown(() => loud.close());
  for (let i = 1; i <= 30; i += 1) await loud.say(`지나간 말 ${i}`);
  const page = await moderate('still', 'desktop');
  const line = page.locator('.line[data-n="29"]');
  await line.waitFor();
  await point(page, line);
  const top = () => line.evaluate((one) => one.getBoundingClientRect().top);
  const before = await top();
  for (let i = 31; i <= 40; i += 1) await loud.say(`새로 온 말 ${i}`);
  await page.locator('.line[data-n="40"]').waitFor({ state: 'attached' });
  t.equal(await top(), before, 'nothing moved');
  t.ok(await page.locator('.tools').isVisible(), 'and the tools stay where they were');
  await page.mouse.move(4, 4);
  await page.waitForFunction(() => {
    const log = document.querySelector('.log') as HTMLElement;
    return log.scrollHeight - log.scrollTop - log.clientHeight < 2;
  });
  t.equal(await page.locator('.latest').count(), 0);
  await page.context().close();
});
