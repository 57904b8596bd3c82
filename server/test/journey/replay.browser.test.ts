import { nanoid } from 'nanoid';
import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { startOrigin } from '../../../embed-demo/origin/origin.ts';
import { openChromium } from '../browser/chromium.ts';
import { fillPictures, forgetSights, latenessOf, type Said, type Sight, shownTexts, sightsOf, watchLines } from '../browser/replay.ts';
import { ADMIN_TOKEN, attach as attachStream, plays, press, reaches, sayNow, seek, takeName, timeOf } from '../browser/video.ts';
import { type Client, openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { until } from '../support/until.ts';

t.setTimeout(180_000);
const WITHIN_MS = 1_000;
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

const attach = (room: string, path: string) => attachStream(server.http, room, origin.url + path);

async function visit(t: Test, room: string, hash = ''): Promise<Page> {
  const context = await chromium.openContext({ viewport: { width: 1_000, height: 700 } });
  context.setDefaultTimeout(20_000);
  t.teardown(() => context.close());
  const page = await context.newPage();
  page.on('pageerror', (error) => t.fail(error.message));
  page.on('request', (request) => { if (request.url().includes('/messages?')) pages.push(request.url()); });
  await page.goto(`${server.http}/room/${room}?lang=ko${hash}`);
  return page;
}
/** Pages of messages that were asked for. */
let pages: string[] = [];

async function friend(t: Test, room: string): Promise<Client> {
  const client = await openClient(server.ws, { room, ...person('졸린 여우') });
  t.teardown(() => client.close());
  return client;
}

/** The picture is told four times a second, so what is held against it may be that much older. */
const TOLD_EVERY_MS = 250;

/** What came while it played, against the pictures; each once, in their order. */
function judge(t: Test, sights: readonly Sight[], pictures: ReadonlyMap<string, number>, start: number, atLeast: number): void {
  const all = latenessOf(sights, pictures, start);
  t.ok(all.length >= atLeast, `${all.length} words came`);
  t.same(all.filter(({ late }) => late < -TOLD_EVERY_MS || late > WITHIN_MS), [], 'none too early and none too late');
  const pics = all.map(({ text }) => pictures.get(text) ?? 0);
  t.same(pics, pics.toSorted((a, b) => a - b));
}

const T0 = Date.UTC(2026, 0, 1, 12);
/** Two a second, said live; and long after them, what others said about its beginning, and about nothing. */
const evening = (shift: number, silent: (i: number) => boolean): { said: Said[]; pictures: Map<string, number> } => {
  const live = Array.from({ length: 200 }, (_, i) => ({ text: `장면 ${i}`, pic: T0 + i * 500 }));
  const later = Array.from({ length: 80 }, (_, i) => ({ text: `나중에 ${i}`, pic: T0 + 1_250 + i * 1_000 }));
  return {
    said: [...live.map(({ text, pic }, i) => ({ text, at: pic + shift, ...(silent(i) ? {} : { pic }) })), ...later.map((one, i) => ({ ...one, at: T0 + 86_400_000 + i }))],
    pictures: new Map([...live, ...later].map(({ text, pic }) => [text, pic])),
  };
};

t.test('a recording replays: each word comes with its picture, whoever said it when', async (t) => {
  const { from } = await attach('recorded', `/recording/master.m3u8?from=${T0}`);
  t.equal(from, T0);
  const { said, pictures } = evening(8_000, () => false);
  await fillPictures(database.sql, 'recorded', said);
  pages = [];
  const page = await visit(t, 'recorded');
  await plays(page);
  await page.getByText('장면 0', { exact: true }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll('.line').length < 20);
  await watchLines(page);
  await reaches(page, 8);
  await press(page, 'k');
  await forgetSights(page);
  t.ok(pages.length <= 6, `${pages.length} pages were asked for`);
  const shown = await shownTexts(page);
  t.same(shown, [...pictures].sort(([, a], [, b]) => a - b).map(([text]) => text).slice(0, shown.length), 'what was said later stands where it belongs');
  const asked = pages.length;
  await press(page, 'k');
  await reaches(page, 14);
  judge(t, await sightsOf(page), pictures, T0, 12);
  t.ok(pages.length - asked <= 2);
  await seek(page, 80);
  await page.getByText('장면 160', { exact: true }).waitFor();
  t.equal(await page.getByText('장면 20', { exact: true }).count(), 0, 'what lies far behind is not fetched again');
  await forgetSights(page);
  await reaches(page, 86);
  judge(t, (await sightsOf(page)).filter(({ at }) => at > 82_000), pictures, T0, 6);
  await seek(page, 50);
  await page.waitForFunction(() => [...document.querySelectorAll('.line .text')].at(-1)?.textContent?.match(/^(장면 10\d|나중에 (48|49|5\d))$/));
  await forgetSights(page);
  await reaches(page, 56);
  judge(t, (await sightsOf(page)).filter(({ at }) => at > 52_000 && at < 60_000), pictures, T0, 8);
});

t.test('words without a picture come where their author was, also when the origin’s clock is forty seconds off', async (t) => {
  await attach('skewed', '/skewed/master.m3u8?by=40000');
  const stream = await attach('skewed', `/recording/master.m3u8?from=${T0}`);
  const shift = (stream.skew ?? 0) + 3 * (stream.targetMs ?? 0);
  t.ok(Math.abs(shift + 34_000) < 3_000);
  const { said, pictures } = evening(shift, (i) => i % 2 === 0);
  await fillPictures(database.sql, 'skewed', said);
  const page = await visit(t, 'skewed');
  await plays(page);
  await page.getByText('장면 2', { exact: true }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll('.line').length < 20);
  await watchLines(page);
  await forgetSights(page);
  await reaches(page, 12);
  const sights = await sightsOf(page);
  judge(t, sights, pictures, T0, 20);
  t.ok(sights.filter(({ text }) => Number(text.split(' ')[1]) % 2 === 0).length > 5);
});

t.test('a message is deleted, another is said and one’s own is there at once, all while it replays', async (t) => {
  await attach('lives', `/recording/master.m3u8?from=${T0}`);
  const { said } = evening(8_000, () => false);
  await fillPictures(database.sql, 'lives', said);
  const page = await visit(t, 'lives');
  await takeName(page, '수줍은 고래');
  await plays(page);
  await seek(page, 20);
  await page.getByText('장면 39', { exact: true }).waitFor();
  await press(page, 'k');
  const fox = await friend(t, 'lives');
  const cid = nanoid();
  fox.send({ t: 'say', cid, text: '방금 한 말', pic: T0 + 19_100 });
  const { n } = await fox.next('ok', (frame) => frame.cid === cid);
  await page.getByText('방금 한 말').waitFor();
  const texts = await shownTexts(page);
  t.equal(texts.indexOf('방금 한 말'), texts.indexOf('장면 38') + 1, 'it stands at its picture');
  fox.send({ t: 'delete', cid: nanoid(), n });
  await page.getByText('방금 한 말').waitFor({ state: 'detached' });
  await page.locator('textarea').fill('나도 방금');
  await page.locator('textarea').press('Enter');
  await page.locator('.mine[data-n]').waitFor();
  t.equal((await shownTexts(page)).at(-1), '나도 방금');
  await page.locator('.clock').click();
  await page.getByText('나중에 79').waitFor();
  await page.reload();
  await page.locator('.clock[aria-pressed="false"]').waitFor();
  await plays(page);
  t.ok((await shownTexts(page)).includes('나중에 79'), 'who wants all words at once still does after a reload');
  await page.locator('.clock').click();
  await page.getByText('나중에 79').waitFor({ state: 'detached' });
});

t.test('an address opens its message, whatever picture it belongs to', async (t) => {
  await attach('address', `/recording/master.m3u8?from=${T0}`);
  await fillPictures(database.sql, 'address', evening(8_000, () => false).said);
  const page = await visit(t, 'address', '#m120');
  await page.getByText('장면 119', { exact: true }).waitFor();
  await plays(page);
  await page.locator('.clock[aria-pressed="false"]').waitFor();
  t.ok(await page.getByText('장면 119', { exact: true }).isVisible());
});

t.test('two who watch live at different distances see the same words at the same pictures', async (t) => {
  await attach('apart', '/skewed/master.m3u8?by=40000');
  const fox = await friend(t, 'apart');
  const viewers = [await visit(t, 'apart'), await visit(t, 'apart')];
  /** The picture at the video's beginning, by what the viewer's own words say. */
  const starts: number[] = [];
  for (const [i, page] of viewers.entries()) {
    await takeName(page, `수줍은 고래 ${i}`);
    await plays(page);
    await page.locator('.clock[aria-pressed="true"]').waitFor();
    const at = await sayNow(page, `나 ${i}`);
    const own = await fox.next('rows', ({ rows }) => rows.some((row) => !row.deleted && row.nick === `수줍은 고래 ${i}`));
    const row = own.rows.find((one) => !one.deleted && one.nick === `수줍은 고래 ${i}`);
    if (!row || row.deleted || row.pic === undefined) throw new Error('Own words carry no picture');
    t.ok(Math.abs(row.pic - 40_000 - Date.now()) < 20_000);
    starts.push(row.pic - at);
  }
  const [near, far] = viewers as [Page, Page];
  const pictureAt = async (page: Page, i: number): Promise<number> => (starts[i] ?? 0) + (await timeOf(page)) * 1_000;
  await reaches(far, 8);
  let apart = 0;
  // Where the machine is so busy that the near one waits for its pictures, five seconds are not enough.
  for (let tries = 0; apart === 0 && tries < 3; tries += 1) {
    await press(far, 'ArrowLeft');
    apart = await until(async () => { const ms = (await pictureAt(near, 0)) - (await pictureAt(far, 1)); return ms > 4_000 ? ms : 0; }, 10_000);
  }
  t.ok(apart > 4_000, `${apart} ms apart`);
  for (const page of viewers) await watchLines(page);
  const now = await pictureAt(near, 0);
  // The words must be there before their pictures, however busy the machine is.
  const pictures = new Map(Array.from({ length: 8 }, (_, i) => [`장면 ${i}`, Math.round(now) + 5_000 + i * 400]));
  for (const [text, pic] of pictures) fox.send({ t: 'say', cid: nanoid(), text, pic });
  for (const page of viewers) await page.getByText('장면 7').waitFor();
  for (const [i, page] of viewers.entries()) judge(t, (await sightsOf(page)).filter(({ text }) => pictures.has(text)), pictures, starts[i] ?? 0, 8);
  const shown = await Promise.all(viewers.map(async (page) => (await shownTexts(page)).filter((text) => pictures.has(text))));
  t.same(shown[0], shown[1]);
});
