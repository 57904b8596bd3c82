import t from 'tap';
import { sheetWords } from '../../../widget/src/ui/sheets/words.ts';
import { naming } from '../../../widget/src/ui/words/naming.ts';
import { writing } from '../../../widget/src/ui/words/writing.ts';
import { ko as base } from '../../../widget/src/ui/words/ko.ts';
import type { Reader } from '../browser/reader.ts';
import { openStage } from '../browser/stage.ts';
import { drawnValue } from '../browser/talk.ts';

t.setTimeout(90_000);
const ko = { ...base, ...sheetWords.ko, ...writing.ko };
const stage = await openStage();
t.teardown(() => stage.close());
const room = 'writing';
const [anna, ben] = await Promise.all([stage.visit('hangul-lines', { room }), stage.visit('hangul-lines', { room })]);
await anna.takeName('졸린 여우');
await ben.takeName('수줍은 고래');
await anna.say('벤치마크 부분 정말 잘 읽었어요');
await ben.untilDrawn('벤치마크 부분 정말 잘 읽었어요');

/** The line with these words, once it is saved. */
const saved = (reader: Reader, text: string) => reader.room.locator('.line[data-n]').filter({ has: reader.room.locator('.text', { hasText: text }) });

async function openMenu(reader: Reader, text: string): Promise<void> {
  const line = saved(reader, text);
  await line.focus();
  await line.press('Enter');
  await reader.parts.sheet.waitFor();
}

t.test('a reply carries in one line what it answers, on both screens, and leads there', async (t) => {
  await saved(ben, '벤치마크').hover();
  await ben.room.locator('.tools [data-do="reply"]').click();
  t.match(await ben.room.locator('.purpose').textContent(), ko.replyTo('졸린 여우'));
  await ben.say('저도요');
  await anna.untilDrawn('저도요');
  for (const reader of [anna, ben]) t.match(await saved(reader, '저도요').locator('.quote').textContent(), /졸린 여우 벤치마크/);
  t.equal(await saved(anna, '저도요').locator('.quote').getAttribute('href'), `#m${await saved(anna, '벤치마크').getAttribute('data-n')}`);
  t.equal(await ben.room.locator('.purpose').count(), 0, 'and the next word is a plain one');
});

t.test('↑ in an empty field rewrites one’s last word; Escape leaves it as it was, and the draft is kept', async (t) => {
  await ben.parts.field.press('ArrowUp');
  t.equal(await drawnValue(ben.parts.field, '저도요'), '저도요');
  await ben.parts.field.press('Escape');
  t.equal(await drawnValue(ben.parts.field, ''), '');
  await ben.parts.field.press('ArrowUp');
  await ben.parts.field.fill('저도 그랬어요');
  await ben.parts.field.press('Enter');
  await saved(anna, '저도 그랬어요').waitFor();
  t.match(await saved(anna, '저도 그랬어요').locator('small').textContent(), ko.edited);
  t.equal(await anna.parts.texts.getByText('저도요', { exact: true }).count(), 0);
});

t.test('what can be done with a message stands beside it again as soon as the pointer moves, however far the list was scrolled under it', async (t) => {
  await ben.say(Array.from({ length: 40 }, (_, i) => `긴 글의 ${i + 1}째 줄`).join('\n'));
  const tools = ben.room.locator('.tools');
  await saved(ben, '긴 글의').locator('.text').hover();
  await tools.waitFor();
  await ben.page.mouse.wheel(0, -60);
  await tools.waitFor({ state: 'detached' });
  const box = await ben.parts.log.boundingBox();
  await ben.page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2 + 3, (box?.y ?? 0) + (box?.height ?? 0) / 2);
  await tools.waitFor();
  t.equal(await tools.getAttribute('data-n'), await saved(ben, '긴 글의').getAttribute('data-n'));
});

t.test('a reaction is one press, counted on every screen, and taken back by another', async (t) => {
  await openMenu(ben, '벤치마크');
  await ben.parts.sheet.getByRole('button', { name: '🎉' }).click();
  const sign = (reader: Reader) => saved(reader, '벤치마크').locator('[data-emoji="🎉"]');
  await sign(anna).waitFor();
  t.equal(await sign(anna).getAttribute('aria-pressed'), 'false');
  await sign(anna).click();
  await ben.room.locator('[data-emoji="🎉"] b', { hasText: '2' }).waitFor();
  t.equal(await sign(ben).getAttribute('aria-pressed'), 'true');
  await ben.page.reload();
  await saved(ben, '벤치마크').locator('[aria-pressed="true"]').waitFor();
  await sign(ben).click();
  await anna.room.locator('[data-emoji="🎉"] b', { hasText: '1' }).waitFor();
});

t.test('a stranger who presses a reaction is shown where a name is picked, and nothing is counted', async (t) => {
  const stranger = await stage.visit('hangul-lines', { room });
  await stranger.room.locator('[data-emoji="🎉"]').click();
  await stranger.room.locator('.card input:focus').waitFor();
  t.equal(await stranger.room.locator('[data-emoji="🎉"] b').textContent(), '1');
  await stranger.context.close();
});

t.test('what is pressed before hands can be heard is done once: a reaction counts, and a link opens one window', async (t) => {
  const gate = Promise.withResolvers<void>();
  const hasty = await stage.visit('hangul-lines', { room, prepare: async (context) => { await context.route('**/assets/hands-*.js', async (route) => { await gate.promise; await route.continue(); }); } });
  await hasty.takeName('급한 오리');
  const address = `${stage.chat.http}/healthz`;
  await hasty.say(address);
  const opened: string[] = [];
  hasty.context.on('page', (page) => opened.push(page.url()));
  const window = hasty.context.waitForEvent('page');
  await hasty.room.locator('.text a').click();
  await window;
  await hasty.page.bringToFront();
  await hasty.room.locator('[data-emoji="🎉"]').click();
  gate.resolve();
  await anna.room.locator('[data-emoji="🎉"] b', { hasText: '2' }).waitFor();
  t.equal(opened.length, 1);
  await hasty.room.locator('[data-emoji="🎉"]').click();
  await anna.room.locator('[data-emoji="🎉"] b', { hasText: '1' }).waitFor();
  await hasty.context.close();
});

t.test('any other emoji is in a small panel that arrows walk through', async (t) => {
  await saved(ben, '벤치마크').hover();
  await ben.room.locator('.tools [data-do="emoji"]').click();
  await ben.parts.sheet.locator('.grid').waitFor();
  await ben.parts.sheet.locator('.grid button').first().focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'Enter']) await ben.page.keyboard.press(key);
  await anna.room.locator('[data-emoji="❤️"]').waitFor();
  t.equal(await ben.parts.sheet.count(), 0);
});

t.test('reactions stand by their number, and keep their places while somebody looks at them', async (t) => {
  const order = (reader: Reader) => saved(reader, '벤치마크').locator('.signs button').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.emoji));
  t.same(await order(ben), ['🎉', '❤️']);
  await saved(anna, '벤치마크').locator('[data-emoji="❤️"]').click();
  await saved(ben, '벤치마크').locator('[data-emoji="❤️"] b', { hasText: '2' }).waitFor();
  for (const reader of [anna, ben]) t.same(await order(reader), ['🎉', '❤️']);
  const later = await stage.visit('hangul-lines', { room });
  await saved(later, '벤치마크').locator('[data-emoji="❤️"] b', { hasText: '2' }).waitFor();
  t.same(await order(later), ['❤️', '🎉']);
  await later.context.close();
});

t.test('who writes is shown to the others, in a line that takes no room from anybody', async (t) => {
  await anna.parts.field.pressSequentially('음');
  await ben.room.locator('.typing', { hasText: ko.typing(['졸린 여우'], 0) }).waitFor();
  t.equal(await anna.room.locator('.typing').textContent(), '', 'not to oneself');
  await ben.room.locator('.typing:empty').waitFor();
  await anna.parts.field.fill('');
});

t.test('those present are offered behind an @, and whoever is named sees it', async (t) => {
  await anna.parts.field.pressSequentially('@수');
  await anna.room.getByRole('option', { name: '수줍은 고래' }).waitFor();
  await anna.parts.field.press('Enter');
  t.equal(await drawnValue(anna.parts.field, '@수줍은 고래 '), '@수줍은 고래 ');
  await anna.parts.field.pressSequentially('어떻게 생각해요?');
  await anna.parts.field.press('Enter');
  await ben.room.locator('.line.named', { hasText: '어떻게 생각해요?' }).waitFor();
  t.equal(await anna.room.locator('.line.named').count(), 0);
});

t.test('one’s own word is deleted from every screen, after one was asked', async (t) => {
  await openMenu(ben, '저도 그랬어요');
  await ben.parts.sheet.getByRole('button', { name: ko.remove }).click();
  await ben.parts.sheet.getByRole('alert').getByRole('button', { name: ko.remove }).click();
  await saved(anna, '저도 그랬어요').waitFor({ state: 'detached' });
  t.equal(await saved(ben, '저도 그랬어요').count(), 0);
  await openMenu(anna, '벤치마크');
  t.equal(await anna.parts.sheet.getByRole('button', { name: ko.remove }).count(), 1);
  await anna.page.keyboard.press('Escape');
  await openMenu(ben, '벤치마크');
  t.equal(await ben.parts.sheet.getByRole('button', { name: ko.remove }).count(), 0, 'others’ words are not');
  await ben.page.keyboard.press('Escape');
});

t.test('by keyboard alone: arrows go from message to message, Enter opens the menu, Escape returns', async (t) => {
  await ben.parts.log.focus();
  for (const key of ['ArrowUp', 'ArrowUp', 'Home', 'End', 'ArrowUp', 'Enter']) await ben.page.keyboard.press(key);
  await ben.parts.sheet.waitFor();
  await ben.page.keyboard.press('Escape');
  await ben.parts.sheet.waitFor({ state: 'detached' });
  t.equal(await ben.room.locator('.line:focus').getAttribute('data-n'), await ben.parts.lines.nth(-2).getAttribute('data-n'));
});

t.test('UI-102: who is here, oneself first, and how many read without a name', async (t) => {
  const lurker = await stage.visit('hangul-lines', { room });
  await lurker.room.locator('.status.live').waitFor();
  await anna.room.locator('.status', { hasText: '3명' }).waitFor();
  await anna.parts.status.click();
  await anna.parts.sheet.getByText(ko.strangers('1')).waitFor();
  t.same(await anna.parts.sheet.locator('li b').allTextContents(), ['졸린 여우', '수줍은 고래']);
  await anna.parts.sheet.getByRole('button', { name: ko.close }).click();
  await lurker.context.close();
});

t.test('the profile renames, says where one is kept, and forgets', async (t) => {
  await anna.parts.profile.click();
  await anna.parts.sheet.getByText(ko.kept.storage).waitFor();
  await anna.parts.nick.fill('깬 여우');
  await anna.parts.take.click();
  await anna.parts.sheet.waitFor({ state: 'detached' });
  await anna.say('이름을 바꿨어요');
  await ben.room.locator('.who', { hasText: '깬 여우' }).waitFor();
  await anna.parts.profile.click();
  // By keyboard: a pointer that presses in a frame of another site while its page is moved may press beside it.
  await anna.parts.sheet.getByRole('button', { name: ko.forget }).press('Enter');
  await anna.parts.sheet.getByRole('alert').getByRole('button', { name: ko.forget }).press('Enter');
  await anna.room.getByText(naming.ko.pickName).waitFor();
  t.equal(await anna.parts.mine.count(), 0, 'and what was said is a stranger’s');
});

t.test('none of this met an error', async (t) => {
  for (const { watch } of [anna, ben]) t.same(watch.errors, []);
});
