import { nanoid } from 'nanoid';
import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { startOrigin } from '../../../embed-demo/origin/origin.ts';
import { findBarriers } from '../browser/axe.ts';
import { openChromium } from '../browser/chromium.ts';
import { findSmall } from '../browser/targets.ts';
import { type Client, openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';

t.setTimeout(120_000);
const ADMIN_TOKEN = 'a-token-for-tests-that-has-enough-letters';
const origin = await startOrigin({ port: 0, host: '127.0.0.1' });
const database = await openDatabase();
const server = await openServer(database.url, { ADMIN_TOKEN, STREAM_ALLOW: new URL(origin.url).host });
const chromium = await openChromium('partitioned');
t.teardown(async () => {
  await chromium.close();
  await server.close();
  await database.close();
  await origin.close();
});

async function change(room: string, method: 'PUT' | 'DELETE', path = '/live/master.m3u8'): Promise<void> {
  const answer = await fetch(`${server.http}/api/v1/rooms/${room}/stream`, {
    method, headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...(method === 'PUT' ? { 'content-type': 'application/json' } : {}) }, ...(method === 'PUT' ? { body: JSON.stringify({ url: origin.url + path }) } : {}),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

async function visit(t: Test, room: string, width = 400): Promise<{ page: Page; errors: string[] }> {
  const context = await chromium.openContext({ viewport: { width, height: 760 } });
  context.setDefaultTimeout(15_000);
  t.teardown(() => context.close());
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(message.text()); });
  await page.goto(`${server.http}/room/${room}?lang=ko`);
  return { page, errors };
}

async function friend(t: Test, room: string): Promise<Client> {
  const client = await openClient(server.ws, { room, ...person('졸린 여우') });
  t.teardown(() => client.close());
  return client;
}

const plays = (page: Page) => page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0 && document.querySelector('video')?.videoWidth);
const moved = async (page: Page): Promise<void> => {
  const at = await page.evaluate(() => document.querySelector('video')?.currentTime ?? 0);
  await page.waitForFunction((at) => (document.querySelector('video')?.currentTime ?? 0) > at + 0.2, at);
};

t.test('a stream plays beside the words, silent until it is asked to speak, and is no barrier to anybody', async (t) => {
  await change('plays', 'PUT');
  const { page, errors } = await visit(t, 'plays');
  await plays(page);
  t.equal(await page.evaluate(() => document.querySelector('video')?.muted), true);
  await page.getByText('라이브', { exact: true }).waitFor();
  t.same(await findBarriers(page), []);
  t.same((await findSmall(page)).small, []);
  await page.locator('.unmute').click();
  await page.locator('.unmute').waitFor({ state: 'detached' });
  t.equal(await page.evaluate(() => document.querySelector('video')?.muted), false);
  await page.locator('.controls button').first().press('k');
  await page.getByRole('button', { name: '재생', exact: true }).waitFor();
  await page.locator('.controls button').first().press('k');
  await moved(page);
  const heights = await page.evaluate(() => ['.stream', '#app'].map((part) => document.querySelector(part)?.getBoundingClientRect().height ?? 0));
  t.ok((heights[0] ?? 0) <= (heights[1] ?? 0) / 2, 'in a narrow frame half is left for the words');
  await page.getByLabel('자막').selectOption({ label: '한국어' });
  await page.waitForFunction(() => [...document.querySelector('video')?.textTracks ?? []].some(({ mode, cues }) => mode === 'showing' && (cues?.length ?? 0) > 0));
  await page.getByLabel('화질').selectOption({ label: '180p' });
  await page.waitForFunction(() => document.querySelector('video')?.videoHeight === 180);
  await page.setViewportSize({ width: 1_100, height: 640 });
  const [stream, log] = await page.evaluate(() => ['.stream', '.log'].map((part) => document.querySelector(part)?.getBoundingClientRect().toJSON()));
  t.ok(stream.right <= log.left, 'in a wide one they stand beside each other');
  t.same(errors, []);
});

t.test('words that belong to a later picture wait for it, one’s own do not, and whoever wants all of them at once says so', async (t) => {
  await change('waits', 'PUT');
  const fox = await friend(t, 'waits');
  const { page, errors } = await visit(t, 'waits');
  await page.locator('.card input').fill('수줍은 고래');
  await page.locator('.card .go').click();
  await plays(page);
  await page.locator('.clock[aria-pressed="true"]').waitFor();
  const show = async (text: string, pic: number): Promise<void> => {
    const cid = nanoid();
    fox.send({ t: 'say', cid, text, pic });
    await fox.next('ok', (frame) => frame.cid === cid);
  };
  // The words follow from the first look at a picture that plays: what lies far ahead goes when they do.
  await show('한참 뒤의 장면', Date.now() + 100_000);
  await show('지나간 장면', Date.now() - 20_000);
  await page.getByText('지나간 장면').waitFor();
  await page.getByText('한참 뒤의 장면').waitFor({ state: 'detached' });
  await show('이 장면 좀 보세요', Date.now() + 4_000);
  await fox.say('언제 쓴 말인지 모르는 말');
  await page.getByText('언제 쓴 말인지 모르는 말').waitFor();
  t.equal(await page.getByText('이 장면 좀 보세요').count(), 0, 'the picture is not there yet');
  await page.locator('textarea').fill('내 말은 바로 보여요');
  await page.locator('textarea').press('Enter');
  await page.getByText('내 말은 바로 보여요').waitFor();
  const own = await fox.next('rows', ({ rows }) => rows.some((row) => !row.deleted && row.text === '내 말은 바로 보여요'));
  const pic = own.rows.find((row) => !row.deleted && row.text === '내 말은 바로 보여요');
  t.ok(pic && !pic.deleted && pic.pic !== undefined && Math.abs(Date.now() - pic.pic) < 20_000, 'it carries the picture its author saw');
  t.equal(await page.getByText('이 장면 좀 보세요').count(), 0);
  await page.locator('.clock').click();
  await page.getByText('이 장면 좀 보세요').waitFor();
  await page.locator('.clock').click();
  await page.getByText('이 장면 좀 보세요').waitFor({ state: 'detached' });
  await page.getByText('이 장면 좀 보세요').waitFor();
  t.same(await page.locator('.line .text').allTextContents(), ['지나간 장면', '언제 쓴 말인지 모르는 말', '내 말은 바로 보여요', '이 장면 좀 보세요'], 'in the order of their pictures');
  t.same(errors, []);
});

t.test('it comes into an open room and goes again, and the words stay where they are', async (t) => {
  const fox = await friend(t, 'comes');
  await fox.say('먼저 와 있었어요');
  const { page, errors } = await visit(t, 'comes');
  await page.getByText('먼저 와 있었어요').waitFor();
  t.equal(await page.locator('video').count(), 0);
  await page.locator('.status.live').waitFor();
  await change('comes', 'PUT');
  await plays(page);
  await change('comes', 'DELETE');
  await page.locator('.stream').waitFor({ state: 'detached' });
  t.equal(await page.getByText('먼저 와 있었어요').isVisible(), true);
  t.same(errors, []);
});

t.test('an origin that dies and comes back is said in a sentence, and goes on by itself', async (t) => {
  await change('dies', 'PUT');
  const { page } = await visit(t, 'dies');
  await plays(page);
  origin.fail('503');
  await page.getByText('방송이 잠시 끊겼어요').waitFor({ timeout: 40_000 });
  origin.fail(null);
  await page.locator('.cue:empty').waitFor({ state: 'attached', timeout: 40_000 });
  await moved(page);
});

t.test('every kind of stream that our sample comes in plays through us', async (t) => {
  for (const manner of ['live', 'low', 'skewed', 'undated', 'seamed', 'recording']) {
    await change(manner, 'PUT', `/${manner}/master.m3u8`);
    const { page, errors } = await visit(t, manner);
    await plays(page);
    await moved(page);
    // Past the end of a segment, where what follows has to fit.
    await page.waitForFunction((from) => (document.querySelector('video')?.currentTime ?? 0) > from + 2.2, await page.evaluate(() => document.querySelector('video')?.currentTime ?? 0));
    t.same(errors, [], manner);
    await page.context().close();
  }
});
