import t, { type Test } from 'tap';
import { recorded } from '../../../widget/test/ui/ime-orders.ts';
import { ENTER, ESCAPE, type Ime, MASKED_ENTER, openIme, record, SHIFT_ENTER, typeHangul } from '../browser/ime.ts';
import type { Reader } from '../browser/reader.ts';
import { openStage } from '../browser/stage.ts';
import { drawnValue } from '../browser/talk.ts';
import { openClient, person } from '../support/client.ts';

t.setTimeout(60_000);
const stage = await openStage();
t.teardown(() => stage.close());

/** A reader with a room and a keyboard of their own, about to write. */
async function write(t: Test, name: string): Promise<Reader & { ime: Ime }> {
  const reader = await stage.visit('hangul-lines', { room: name });
  t.teardown(() => reader.context.close());
  await reader.takeName(name);
  await reader.parts.field.focus();
  return { ...reader, ime: await openIme(reader.page) };
}

/** Everything this reader has said, as it was saved: nothing of it is on its way any more. */
async function saved({ room, who }: Reader): Promise<string[]> {
  await room.locator('.mine.sending').first().waitFor({ state: 'detached' });
  return (await stage.sql`select content from messages where nickname = ${(await who()).name} order by seq`).map(({ content }) => content);
}

const HELLO = [['ㅇ', '아', '안'], ['ㄴ', '녀', '녕'], ['ㅎ', '하'], ['ㅅ', '세'], ['ㅇ', '요']];

t.test('in Korean one Enter ends the syllable and sends the whole line once, whether the browser repeats the key or not', async (t) => {
  const reader = await write(t, '한 번에');
  const { ime, parts, untilDrawn } = reader;
  await typeHangul(ime, ...HELLO);
  t.equal(await drawnValue(parts.field, '안녕하세요'), '안녕하세요');
  await ime.take(ENTER);
  t.equal(await parts.texts.count(), 0, 'no half word');
  await ime.commit('요');
  // The next syllable is begun before the key is let go.
  await ime.compose('ㄴ');
  await ime.release(ENTER);
  await untilDrawn('안녕하세요');
  t.equal(await drawnValue(parts.field, 'ㄴ'), 'ㄴ', 'neither lost nor glued to the sent one');
  await ime.compose('네');
  await ime.take(MASKED_ENTER);
  await ime.commit('네');
  await ime.release(ENTER);
  await ime.repeat(ENTER);
  await ime.release(ENTER);
  await untilDrawn('네');
  t.equal(await drawnValue(parts.field, ''), '', 'not even a line break stays behind');
  // On Android the composition stays open, and it is the browser that gets the key.
  await ime.compose('ㅋ', 'ㅋㅋ');
  await ime.press(ENTER);
  await ime.release(ENTER);
  await ime.compose('ㅎ');
  await untilDrawn('ㅋㅋ');
  t.equal(await drawnValue(parts.field, 'ㅎ'), 'ㅎ');
  await ime.compose('ㅎㅎ');
  await ime.take(ENTER);
  await ime.commit('ㅎㅎ');
  await untilDrawn('ㅎㅎ');
  t.same(await saved(reader), ['안녕하세요', '네', 'ㅋㅋ', 'ㅎㅎ']);
});

t.test('in Japanese and Chinese Enter only commits, and so it does when a Korean syllable becomes Hanja', async (t) => {
  const reader = await write(t, '고르는 중');
  const { ime, parts, untilDrawn } = reader;
  for (const [steps, committed] of [[['ね', 'ねこ', '猫'], '猫'], [['n', 'ni', 'ni hao'], 'nihao'], [['ni hao'], '你好'], [['한'], '漢']] as const) {
    await ime.compose(...steps);
    await ime.take(ENTER);
    await ime.commit(committed);
    await ime.release(ENTER);
    t.equal(await drawnValue(parts.field, committed), committed);
    t.equal(await parts.texts.filter({ hasText: committed }).count(), 0);
    await ime.press(ENTER);
    await ime.release(ENTER);
    await untilDrawn(committed);
    t.equal(await drawnValue(parts.field, ''), '');
  }
  t.same(await saved(reader), ['猫', 'nihao', '你好', '漢']);
});

t.test('a composition outlives everything that is not Enter: another line, a look elsewhere, a change of mind', async (t) => {
  const reader = await write(t, '딴 데 보기');
  const { ime, parts, untilDrawn } = reader;
  await ime.compose('ㅎ', '하', '한');
  await ime.take({ ...SHIFT_ENTER });
  await ime.commit('한');
  await ime.press(SHIFT_ENTER);
  await ime.compose('ㅈ', '주', '줄');
  t.equal(await drawnValue(parts.field, '한\n줄'), '한\n줄');
  await parts.profile.focus();
  t.equal(await drawnValue(parts.field, '한\n줄'), '한\n줄', 'what was under composition stays');
  await parts.field.focus();
  await ime.press(ENTER);
  await untilDrawn('한\n줄');
  t.equal(await drawnValue(parts.field, ''), '');
  await ime.compose('ㅂ', '버', '벋');
  await parts.send.click();
  await untilDrawn('벋');
  t.equal(await drawnValue(parts.field, ''), '');
  await ime.compose('ㅌ', '튼');
  t.equal(await drawnValue(parts.field, '튼'), '튼', 'the button gives the field back');
  await ime.compose('');
  t.equal(await drawnValue(parts.field, ''), '');
  t.same(await saved(reader), ['한\n줄', '벋']);
});

t.test('a message in every frame does not touch what is under composition', async (t) => {
  const reader = await write(t, '시끄러워도');
  const { ime, parts, untilDrawn, watch } = reader;
  const crowd = await openClient(stage.chat.ws, { room: '시끄러워도', ...person('수다쟁이'), avatar: 'fox' });
  t.teardown(() => crowd.close());
  await parts.field.evaluate((field) => {
    const own = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value') as PropertyDescriptor;
    field.dataset.written = '0';
    Object.defineProperty(field, 'value', { ...own, set(text: string) { field.dataset.written = String(Number(field.dataset.written) + 1); own.set?.call(field, text); } });
  });
  let quiet = false;
  let said = 0;
  const noise = (async () => {
    for (; !quiet; said += 1) {
      await crowd.say(`${said}번째 말`);
      await parts.html.evaluate(() => new Promise(requestAnimationFrame));
    }
  })();
  for (let i = 0, committed = ''; i < HELLO.length; i += 1) {
    for (const step of HELLO[i] ?? []) {
      const seen = said;
      await ime.compose(step);
      await untilDrawn(`${seen}번째 말`);
      t.equal(await drawnValue(parts.field, committed + step), committed + step);
    }
    committed += HELLO[i]?.at(-1) ?? '';
    if (i < HELLO.length - 1) await ime.commit(HELLO[i]?.at(-1) ?? '');
  }
  t.equal(await parts.field.evaluate((field) => field.dataset.written), '0', 'nothing was written into the field');
  await ime.take(ENTER);
  await ime.commit('요');
  await untilDrawn('안녕하세요');
  quiet = true;
  await noise;
  t.equal(await drawnValue(parts.field, ''), '');
  t.same(await saved(reader), ['안녕하세요']);
  t.same(watch.errors, []);
});

t.test('a Korean name is taken whole by one Enter, which does not go on to send the draft; Escape during a composition keeps the card', async (t) => {
  const { ime, parts } = await write(t, '너구리');
  await parts.field.fill('아직 쓰는 중');
  await parts.profile.click();
  await parts.nick.fill('');
  await ime.compose('ㅅ', '수', '숟');
  await ime.take(ESCAPE);
  await ime.compose('수');
  t.equal(await parts.card.count(), 1);
  await ime.commit('수');
  await ime.compose('ㄷ', '다', '달');
  await ime.take(ENTER);
  t.equal(await parts.card.count(), 1, 'not the half of it');
  await ime.commit('달');
  await ime.release(ENTER);
  await parts.field.waitFor();
  await ime.repeat(ENTER);
  await ime.release(ENTER);
  t.match(await parts.profile.getAttribute('title'), /: 수달$/);
  t.equal(await drawnValue(parts.field, '아직 쓰는 중'), '아직 쓰는 중');
  t.equal(await parts.texts.count(), 0);
  await parts.profile.click();
  await parts.nick.fill('');
  await ime.compose('ね', 'ねこ');
  await ime.take(ENTER);
  await ime.commit('ねこ');
  t.equal(await parts.card.count(), 1, 'Japanese is only committed');
  await parts.nick.press('Escape');
  await parts.field.waitFor();
  t.match(await parts.profile.getAttribute('title'), /: 수달$/);
  await parts.profile.click();
  await parts.nick.fill('');
  await ime.compose('otter');
  await ime.press(ENTER);
  await parts.field.waitFor();
  t.match(await parts.profile.getAttribute('title'), /: otter$/, 'a word under composition, as on Android');
});

t.test('Chromium fires what the table of event orders says was recorded here', async (t) => {
  const reader = await stage.visit('hangul-lines', { room: 'ime-orders' });
  t.teardown(() => reader.context.close());
  const page = await reader.context.newPage();
  const ime = await openIme(page);
  for (const { keyboard, hands, field, moves } of recorded) {
    await page.setContent(field === 'one line' ? '<input>' : '<textarea></textarea>');
    const place = page.locator('input, textarea');
    await place.focus();
    const heard = await record(place);
    for (const [verb, ...given] of hands) await (ime[verb] as (...all: unknown[]) => Promise<void>)(...given);
    t.same(await heard(), moves, keyboard);
  }
});
