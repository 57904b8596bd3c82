import { mkdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import t from 'tap';
import { words as admin } from '../../../widget/src/admin/words.ts';
import { deskWords } from '../../../widget/src/ui/sheets/desk-words.ts';
import { sheetWords } from '../../../widget/src/ui/sheets/words.ts';
import { ko as base } from '../../../widget/src/ui/words/ko.ts';
import { writing } from '../../../widget/src/ui/words/writing.ts';
import { findBarriers } from '../browser/axe.ts';
import { openStage } from '../browser/stage.ts';
import { openClient } from '../support/client.ts';
import { ADMIN_TOKEN, idOf } from './desk.ts';
import { point } from './point.ts';

t.setTimeout(170_000);
const ko = { ...base, ...sheetWords.ko, ...writing.ko, ...deskWords.ko };
const stage = await openStage();
t.teardown(() => stage.close());
const PATIENCE_MS = 10_000;
const shots = process.env.ASIDE_SHOTS;
if (shots) await mkdir(shots, { recursive: true });
const SIZES = { desktop: { viewport: { width: 900, height: 760 } }, phone: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } } as const;

async function keep(page: Page, name: string): Promise<void> {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, animations: 'disabled' });
}

/** A browser of its own at a room's own page, with a name. */
async function enter(room: string, size: keyof typeof SIZES, first?: string): Promise<Page> {
  const context = await (await stage.browser('partitioned')).openContext({ ...SIZES[size], locale: 'ko-KR' });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  if (first) {
    await page.goto(first);
    await page.getByText(admin.ko.signOut).waitFor();
  }
  await page.goto(`${stage.chat.http}/room/${room}`);
  await page.mouse.move(200, 300);
  await page.locator('.card .go').click();
  await page.locator('.composer textarea').waitFor();
  return page;
}

async function moderate(room: string, size: keyof typeof SIZES): Promise<Page> {
  const answer = await fetch(`${stage.chat.http}/api/v1/moderators`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` }, body: JSON.stringify({ name: '민지' }) });
  return enter(room, size, ((await answer.json()) as { invitation: string }).invitation);
}

async function openDesk(page: Page): Promise<void> {
  await page.locator('.composer .me').click();
  await page.getByRole('button', { name: ko.moderate }).click();
  await page.getByRole('button', { name: ko.calm, exact: true }).waitFor();
}
const say = async (page: Page, text: string): Promise<void> => {
  await page.locator('.composer textarea').fill(text);
  await page.locator('.composer textarea').press('Enter');
};

for (const size of ['desktop', 'phone'] as const) {
  t.test(`what waits is approved, refused, taken down or left, ${size}`, async (t) => {
    const room = `desk-${size}`;
    const other = await openClient(stage.chat.ws, { room, id: idOf(1), nick: '느긋한 수달', avatar: 'otter' });
    t.teardown(() => other.close());
    await other.say('이 방의 첫 글이에요');
    const mod = await moderate(room, size);
    await openDesk(mod);
    await keep(mod, `desk-empty-${size}`);
    t.same(await findBarriers(mod), [], 'the desk is accessible');
    await mod.getByLabel(ko.hold).check();
    await mod.getByRole('button', { name: ko.save }).click();
    await other.next('rows', (frame) => frame.room?.rules?.hold === true);
    await mod.locator('dialog .close').click();

    const reader = await enter(room, size);
    await reader.getByPlaceholder(ko.waits).waitFor();
    await say(reader, '처음 왔는데 글 정말 좋네요');
    await reader.locator('.fate', { hasText: ko.held }).waitFor();
    await keep(reader, `held-${size}`);
    await say(reader, '이건 거절될 말');
    await mod.locator('.waiting', { hasText: '2' }).click();
    await mod.getByText(ko.waiting(2)).waitFor();
    await keep(mod, `desk-waiting-${size}`);
    t.same(await findBarriers(mod), [], 'with what waits, too');
    await mod.locator('.case', { hasText: '처음 왔는데' }).getByRole('button', { name: ko.approve }).click();
    await other.next('rows', ({ rows }) => rows.some((row) => !row.deleted && row.text === '처음 왔는데 글 정말 좋네요'));
    await reader.locator('.line[data-n]', { hasText: '처음 왔는데' }).waitFor();
    await mod.locator('.case', { hasText: '거절될' }).getByRole('button', { name: ko.refuse }).click();
    await mod.getByText(ko.nothing).waitFor();
    await mod.locator('dialog .close').click();

    // One's neighbour reports what was approved.
    const neighbour = await enter(room, 'desktop');
    await point(neighbour, neighbour.locator('.line[data-n]', { hasText: '처음 왔는데' }));
    await neighbour.locator('.tools [data-do="message"]').click();
    await neighbour.getByRole('button', { name: ko.report, exact: true }).click();
    await keep(neighbour, `report-${size}`);
    await neighbour.getByRole('button', { name: ko.reasons.spam ?? '' }).click();
    await neighbour.getByText(ko.reportDone).waitFor();
    await mod.locator('.waiting').click();
    await mod.getByText(ko.reported).waitFor();
    await keep(mod, `desk-reported-${size}`);
    await mod.locator('.case').getByRole('button', { name: ko.take }).click();
    await reader.locator('.line[data-n]', { hasText: '처음 왔는데' }).waitFor({ state: 'detached' });
    for (const page of [mod, reader, neighbour]) await page.context().close();
  });

  t.test(`the rules of a room are set, felt, and lifted, ${size}`, async (t) => {
    const room = `rules-${size}`;
    const other = await openClient(stage.chat.ws, { room, id: idOf(2), nick: '느긋한 수달', avatar: 'otter' });
    t.teardown(() => other.close());
    await other.say('이 방의 첫 글이에요');
    const [mod, reader] = [await moderate(room, size), await enter(room, size)];
    const set = async (change: () => Promise<unknown>): Promise<void> => {
      await openDesk(mod);
      await change();
      await mod.getByRole('button', { name: ko.save }).click();
      await mod.locator('.told').getByText(ko.saved).waitFor();
      await mod.locator('dialog .close').click();
    };
    await set(() => mod.getByLabel(ko.slow).selectOption('5'));
    await reader.getByPlaceholder(ko.slowly(5)).waitFor();
    await say(reader, '첫 번째');
    await say(reader, '두 번째');
    await reader.locator('.send', { hasText: /^\d+$/ }).waitFor();
    await keep(reader, `slow-${size}`);
    await other.next('rows', ({ rows }) => rows.some((row) => !row.deleted && row.text === '두 번째'), 10_000);
    await set(async () => { await mod.getByLabel(ko.slow).selectOption('0'); await mod.getByLabel(ko.noLinks).check(); });
    await say(reader, '여기 https://spam.example 한번 보세요');
    await reader.getByText(ko.why.no_links ?? '').waitFor();
    await keep(reader, `no-links-${size}`);
    await set(() => mod.getByLabel(ko.closed).check());
    await reader.locator('.shut', { hasText: ko.why.closed ?? '' }).waitFor();
    await keep(reader, `closed-${size}`);
    t.same(await findBarriers(reader), [], 'a closed room is accessible');
    await set(() => mod.getByLabel(ko.closed).uncheck());
    await reader.locator('.composer textarea').waitFor();

    await openDesk(mod);
    await mod.getByRole('button', { name: ko.calm, exact: true }).click();
    await mod.getByRole('button', { name: ko.calmEnd }).waitFor();
    await keep(mod, `calm-${size}`);
    await mod.getByRole('button', { name: ko.calmEnd }).click();
    await mod.getByRole('button', { name: ko.calm, exact: true }).waitFor();
    for (const page of [mod, reader]) await page.context().close();
  });
}

t.test('under a shield a stranger’s browser works for its message, a moderator sees the step and lowers it', async (t) => {
  const room = 'shielded';
  const other = await openClient(stage.chat.ws, { room, id: idOf(3), nick: '느긋한 수달', avatar: 'otter' });
  t.teardown(() => other.close());
  await other.say('이 방의 첫 글이에요');
  await stage.sql`update rooms set settings = jsonb_build_object('shield', jsonb_build_object('level', 2, 'at', 1, 'since', ms(now()))), rev = rev + 1, facts_rev = rev + 1 where post_id = ${room}`;
  await other.next('rows', (frame) => frame.room?.rules?.shield?.level === 2, 10_000);
  const reader = await enter(room, 'desktop');
  const workers: string[] = [];
  reader.on('worker', (worker) => workers.push(worker.url()));
  await say(reader, '처음 왔어요');
  await other.next('rows', ({ rows }) => rows.some((row) => !row.deleted && row.text === '처음 왔어요'), 20_000);
  t.equal(workers.length, 1, 'beside the page');
  const mod = await moderate(room, 'phone');
  await openDesk(mod);
  await mod.getByText(ko.shield[2]).waitFor();
  await keep(mod, 'shield-phone');
  await mod.getByRole('button', { name: ko.lower }).click();
  await other.next('rows', (frame) => frame.room?.rules?.openUntil !== undefined && !frame.room.rules.shield);
  for (const page of [mod, reader]) await page.context().close();
});

t.test('a room for adults asks first, in a page and in a frame', async (t) => {
  const room = 'for-adults';
  const other = await openClient(stage.chat.ws, { room, id: idOf(4), nick: '느긋한 수달', avatar: 'otter' });
  t.teardown(() => other.close());
  await other.say('어른들의 말');
  await stage.sql`update rooms set settings = '{"adults": true}', rev = rev + 1, facts_rev = rev + 1 where post_id = ${room}`;
  await other.next('rows', (frame) => frame.room?.rules?.adults === true, 10_000);
  const context = await (await stage.browser('partitioned')).openContext({ ...SIZES.phone, locale: 'ko-KR' });
  const page = await context.newPage();
  await page.goto(`${stage.chat.http}/room/${room}`);
  await keep(page, 'adults-phone');
  t.same(await findBarriers(page), [], 'the question is accessible');
  await page.getByRole('link').click();
  await page.locator('.line', { hasText: '어른들의 말' }).waitFor();
  await context.close();
});
