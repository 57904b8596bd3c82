import { mkdir, readFile } from 'node:fs/promises';
import t from 'tap';
import { sheetWords } from '../../../widget/src/ui/sheets/words.ts';
import { findBarriers } from '../browser/axe.ts';
import { openStage } from '../browser/stage.ts';
import { idOf } from '../moderation/desk.ts';
import { openClient } from '../support/client.ts';

t.setTimeout(60_000);
const stage = await openStage();
t.teardown(() => stage.close());
const { ko } = sheetWords;
const shots = process.env.ASIDE_SHOTS;
if (shots) await mkdir(shots, { recursive: true });

t.test('a reader takes along what they wrote, and takes it back, in their profile', async (t) => {
  const other = await openClient(stage.chat.ws, { room: 'mine', id: idOf(1), nick: '느긋한 수달', avatar: 'otter' });
  t.teardown(() => other.close());
  await other.say('남의 말');
  const reader = await stage.visit('hangul-lines', { room: 'mine', options: { viewport: { width: 400, height: 820 } } });
  t.teardown(() => reader.context.close());
  await reader.takeName('조용한 거북이');
  for (const text of ['지울 첫마디', '지울 둘째 마디']) {
    await reader.say(text);
    await other.next('rows', ({ rows }) => rows.some((row) => !row.deleted && row.text === text));
  }
  await reader.parts.profile.click();
  await reader.parts.sheet.getByRole('button', { name: ko.mine.download }).waitFor();
  if (shots) await reader.page.screenshot({ path: `${shots}/mine-profile.png`, animations: 'disabled' });
  t.same(await findBarriers(reader.page), []);
  const opening = reader.context.waitForEvent('page');
  await reader.parts.sheet.getByRole('button', { name: ko.mine.download }).click();
  const file = await (await opening).locator('body').textContent();
  await (await opening).close();
  t.match(file, '지울 둘째 마디');
  t.notMatch(file, '남의 말');

  await reader.parts.sheet.getByRole('button', { name: ko.mine.erase }).click();
  await reader.parts.sheet.getByText(ko.mine.eraseSure).waitFor();
  if (shots) await reader.page.screenshot({ path: `${shots}/mine-sure.png`, animations: 'disabled' });
  await reader.parts.sheet.getByRole('alert').getByRole('button', { name: ko.mine.erase }).click();
  await other.next('rows', ({ rows }) => rows.some((row) => row.n === 2 && row.deleted));
  await reader.parts.card.waitFor();
  await reader.line('남의 말').waitFor();
  t.same(await reader.texts(), ['남의 말']);
  t.same(reader.watch.errors, []);
});

t.test('in a window of its own it is a file', async (t) => {
  const context = await (await stage.browser('partitioned')).openContext();
  t.teardown(() => context.close());
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  await page.goto(`${stage.chat.http}/room/own`);
  await page.mouse.move(100, 100);
  await page.locator('.card .go').click();
  await page.locator('.composer textarea').fill('내 말');
  await page.locator('.composer textarea').press('Enter');
  await page.locator('.line.mine', { hasText: '내 말' }).waitFor();
  await page.locator('.composer .me').click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: ko.mine.download }).click();
  t.match(await readFile(await (await downloading).path(), 'utf8'), '내 말');
});
