import { nanoid } from 'nanoid';
import type { Page } from 'playwright-core';
import { type Origin, startOrigin } from '../../../embed-demo/origin/origin.ts';
import { type Chat, startChat } from '../../test/browser/chat.ts';
import { type Chromium, openChromium } from '../../test/browser/chromium.ts';
import { fillPictures, latenessOf, type Said, shownTexts, sightsOf, watchLines } from '../../test/browser/replay.ts';
import { medianOf } from '../../test/browser/talk.ts';
import { ADMIN_TOKEN, attach, plays, press, reaches, sayNow, seek, takeName, timeOf } from '../../test/browser/video.ts';
import { openClient, person } from '../../test/support/client.ts';
import { openDatabase, type TestDatabase } from '../../test/support/database.ts';
import { until } from '../../test/support/until.ts';
import { ROOT } from '../places.ts';
import type { Asked, Result } from '../proofs.ts';
import { buildWidget } from '../widget.ts';

const OPENINGS = 5;
const FIRST_FRAME_MS = 2_000;
const WORDS = 120;
const WORDS_AT_LEAST = 20;
const WORD_EVERY_MS = 400;
const WITHIN_MS = 1_000;
/** A player tells its picture four times a second: what is held against it may be that much older. */
const TOLD_EVERY_MS = 250;
const SKEW_MS = 40_000;
const BACK_S = 30;
const DEAD_MS = 10_000;
const RETURN_MS = 15_000;
const T0 = Date.UTC(2026, 0, 1, 12);

type Theatre = { origin: Origin; chat: Chat; sql: TestDatabase['sql']; chromium: Chromium; say: (line: string) => void };
type Part = { ok: boolean; count: number; figure: string };

/** The promise: a stream begins soon, survives its origin, and its words keep to its picture, live, recorded, and wherever a viewer seeks. */
export async function prove({ share, say }: Asked): Promise<Result> {
  const open: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(opened: T): T => {
    open.unshift(opened);
    return opened;
  };
  try {
    await buildWidget(ROOT, new AbortController().signal);
    const origin = keep(await startOrigin({ port: 0, host: '127.0.0.1' }));
    const { url, sql } = keep(await openDatabase());
    const chat = keep(await startChat(url, { ADMIN_TOKEN, STREAM_ALLOW: new URL(origin.url).host }));
    const theatre = { origin, chat, sql, chromium: keep(await openChromium('partitioned')), say };
    const words = Math.max(WORDS_AT_LEAST, Math.round(WORDS * share));
    const parts: Part[] = [];
    for (const part of [proveOpening, proveRecording, proveApart, proveReturn]) {
      const shown = await part(theatre, words);
      say(shown.figure);
      parts.push(shown);
    }
    return { ok: parts.every(({ ok }) => ok), count: parts.reduce((sum, { count }) => sum + count, 0), figure: parts.map(({ figure }) => figure).join('; ') };
  } finally {
    for (const one of open) await one.close();
  }
}

/** A viewer with a browser of their own; the first frame is noted when it is painted, in ms after the navigation. */
async function visit({ chat, chromium }: Theatre, room: string): Promise<Page> {
  const context = await chromium.openContext({ viewport: { width: 1_000, height: 700 } });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      const video = document.querySelector('video');
      if (!video) return;
      observer.disconnect();
      video.requestVideoFrameCallback((now) => Object.assign(globalThis, { firstFrame: now }));
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(`${chat.http}/room/${room}?lang=ko`);
  return page;
}

async function proveOpening(theatre: Theatre): Promise<Part> {
  const { chat, origin } = theatre;
  await attach(chat.http, 'opening', `${origin.url}/live/master.m3u8`);
  const spans: number[] = [];
  for (let i = 0; i < OPENINGS; i += 1) {
    const page = await visit(theatre, 'opening');
    spans.push(await page.waitForFunction(() => (globalThis as unknown as { firstFrame?: number }).firstFrame).then((found) => found.jsonValue() as Promise<number>));
    await page.context().close();
  }
  const median = medianOf(spans);
  return { ok: median <= FIRST_FRAME_MS, count: OPENINGS, figure: `first frame after ${median.toFixed(0)} ms (median of ${OPENINGS}, ≤ ${FIRST_FRAME_MS.toLocaleString('en')}), worst ${Math.max(...spans).toFixed(0)}` };
}

/** What came late, and what never came. */
type Kept = { lates: number[]; missing: number };

/** One recording whose authors' players told their pictures, and one whose players told nothing under a clock that is wrong; then a seek back, qualities and captions. */
async function proveRecording(theatre: Theatre, words: number): Promise<Part> {
  const { chat, origin, sql } = theatre;
  const texts = Array.from({ length: words }, (_, i) => ({ text: `장면 ${i}`, pic: T0 + 4_000 + i * WORD_EVERY_MS }));
  const pictures = new Map(texts.map(({ text, pic }) => [text, pic]));
  const said = (shift: number, silent: boolean): Said[] => texts.map(({ text, pic }) => ({ text, at: pic + shift, ...(silent ? {} : { pic }) }));
  const seconds = Math.ceil((texts.at(-1)?.pic ?? 0) - T0) / 1_000 + 60;
  const recording = `${origin.url}/recording/master.m3u8?from=${T0}&seconds=${Math.ceil(seconds)}`;
  await attach(chat.http, 'told', recording);
  await fillPictures(sql, 'told', [...said(8_000, false), ...Array.from({ length: 60 }, (_, i) => ({ text: `나중에 ${i}`, at: T0 + 86_400_000 + i, pic: T0 + (seconds - 2) * 1_000 }))]);
  await attach(chat.http, 'untold', `${origin.url}/skewed/master.m3u8?by=${SKEW_MS}`);
  const { skew = 0, targetMs = 0 } = await attach(chat.http, 'untold', recording);
  await fillPictures(sql, 'untold', said(skew + 3 * targetMs, true));
  const pages = await Promise.all(['told', 'untold'].map((room) => visit(theatre, room)));
  const [told, untold] = await Promise.all(pages.map(async (page): Promise<Kept> => {
    await plays(page);
    // The page brings the newest words, for who is still waiting for the first picture.
    await page.getByText(`장면 ${words - 1}`, { exact: true }).waitFor({ state: 'detached' });
    await watchLines(page);
    await page.getByText(`장면 ${words - 1}`, { exact: true }).waitFor({ timeout: 60_000 + words * WORD_EVERY_MS });
    const lates = latenessOf(await sightsOf(page), pictures, T0).map(({ late }) => late);
    return { lates, missing: words - lates.length };
  }));
  const [page] = pages as [Page];
  const back = await seekBack(page, pictures);
  const [quality, captions] = [await timed(() => chooseQuality(page)), await timed(() => chooseCaptions(page))];
  for (const one of pages) await one.context().close();
  const kept = [told, untold].filter((one) => one !== undefined);
  const all = kept.flatMap(({ lates }) => lates);
  return {
    ok: kept.length === 2 && kept.every(isKept) && back.wrong === 0 && back.ms <= RETURN_MS,
    count: all.length,
    figure: `of a recording ${tellLates('told', told)}, ${tellLates(`untold, skewed by ${SKEW_MS / 1_000} s,`, untold)} (≤ ${WITHIN_MS}); ${BACK_S} s back the words are there after ${back.ms.toFixed(0)} ms${back.wrong > 0 ? `, ${back.wrong} of them wrong` : ''}; another quality after ${quality.toFixed(0)} ms, captions after ${captions.toFixed(0)}`,
  };
}

function isKept({ lates, missing }: Kept): boolean {
  return missing === 0 && lates.every((late) => late >= -TOLD_EVERY_MS && late <= WITHIN_MS);
}

function tellLates(which: string, kept: Kept | undefined): string {
  if (!kept || kept.lates.length === 0) return `${which} nothing came`;
  const { lates, missing } = kept;
  return `${which} ${lates.length} words ${medianOf(lates).toFixed(0)} ms after their picture (worst ${Math.max(...lates).toFixed(0)}, earliest ${Math.min(...lates).toFixed(0)})${missing > 0 ? `, ${missing} never` : ''}`;
}

/** Where the picture goes the words go: none that is still to come, and all of the last that were. */
async function seekBack(page: Page, pictures: ReadonlyMap<string, number>): Promise<{ ms: number; wrong: number }> {
  await press(page, 'k');
  // The bar knows whole seconds.
  const to = Math.round(Math.max(6, (await timeOf(page)) - BACK_S));
  const due = [...pictures].filter(([, pic]) => pic <= T0 + to * 1_000).map(([text]) => text);
  const began = performance.now();
  await seek(page, to);
  let shown: string[] = [];
  await until(async () => {
    shown = await shownTexts(page);
    return shown.at(-1) === due.at(-1);
  }, RETURN_MS);
  const ms = performance.now() - began;
  await press(page, 'k');
  return { ms, wrong: shown.filter((text) => !due.includes(text)).length + (shown.at(-1) === due.at(-1) ? 0 : 1) };
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await act();
  return performance.now() - began;
}

async function chooseQuality(page: Page): Promise<void> {
  for (const height of [180, 360]) {
    await page.locator('select.quality').selectOption({ label: `${height}p` });
    await page.waitForFunction((height) => document.querySelector('video')?.videoHeight === height, height);
  }
}

async function chooseCaptions(page: Page): Promise<void> {
  await page.locator('select.captions').selectOption({ label: '한국어' });
  await page.waitForFunction(() => [...document.querySelector('video')?.textTracks ?? []].some(({ mode, activeCues }) => mode === 'showing' && (activeCues?.length ?? 0) > 0));
}

/** Two who watch one stream live, one of them ten seconds behind the other, and somebody who speaks of one picture after the other. */
async function proveApart(theatre: Theatre, words: number): Promise<Part> {
  const { chat, origin } = theatre;
  await attach(chat.http, 'apart', `${origin.url}/skewed/master.m3u8?by=${SKEW_MS}`);
  const fox = await openClient(chat.ws, { room: 'apart', ...person('졸린 여우') });
  const pages = [await visit(theatre, 'apart'), await visit(theatre, 'apart')];
  const starts: number[] = [];
  for (const [i, page] of pages.entries()) {
    await plays(page);
    await takeName(page, `수줍은 고래 ${i}`);
    starts.push(await startOf(page, fox, i));
  }
  const [near, far] = pages as [Page, Page];
  await reaches(far, 12);
  await press(far, 'ArrowLeft');
  const distance = await until(async () => {
    const [first = 0, second = 0] = await Promise.all(pages.map(async (page, i) => (starts[i] ?? 0) + (await timeOf(page)) * 1_000));
    return first - second > 4_000 ? first - second : 0;
  }, RETURN_MS);
  const texts = Array.from({ length: words }, (_, i) => `한 장면 ${i}`);
  const first = (starts[0] ?? 0) + (await timeOf(near)) * 1_000 + 3_000;
  const pictures = new Map(texts.map((text, i) => [text, Math.round(first) + i * WORD_EVERY_MS]));
  for (const page of pages) await watchLines(page);
  for (const [text, pic] of pictures) {
    fox.send({ t: 'say', cid: nanoid(), text, pic });
    // As a player tells it: no picture that is still to come for whoever is nearest.
    await reaches(near, (pic - (starts[0] ?? 0)) / 1_000 - 1);
  }
  const kept = await Promise.all(pages.map(async (page, i): Promise<Kept> => {
    await page.getByText(texts.at(-1) ?? '', { exact: true }).waitFor({ timeout: 60_000 });
    const lates = latenessOf(await sightsOf(page), pictures, starts[i] ?? 0).map(({ late }) => late);
    return { lates, missing: words - lates.length };
  }));
  const same = JSON.stringify((await shownTexts(near)).filter((text) => pictures.has(text))) === JSON.stringify((await shownTexts(far)).filter((text) => pictures.has(text)));
  await fox.close();
  for (const page of pages) await page.context().close();
  return {
    ok: distance > 0 && same && kept.every(isKept),
    count: kept.reduce((sum, { lates }) => sum + lates.length, 0),
    figure: `of two live viewers ${(distance / 1_000).toFixed(1)} s apart ${tellLates('the first', kept[0])}, ${tellLates('the second', kept[1])}, ${same ? 'in one order' : 'in different orders'}`,
  };
}

/** The picture at the beginning of a viewer's video, by what their own words say. What a player told may be a little old, never too young. */
async function startOf(page: Page, fox: Awaited<ReturnType<typeof openClient>>, i: number): Promise<number> {
  const told: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const text = `나 ${i} ${turn}`;
    const at = await sayNow(page, text);
    const { rows } = await fox.next('rows', (frame) => frame.rows.some((row) => !row.deleted && row.text === text));
    const row = rows.find((one) => !one.deleted && one.text === text);
    if (row && !row.deleted && row.pic !== undefined) told.push(row.pic - at);
  }
  return Math.max(...told);
}

/** The origin breaks all connections for ten seconds. */
async function proveReturn(theatre: Theatre): Promise<Part> {
  const { chat, origin } = theatre;
  await attach(chat.http, 'returns', `${origin.url}/live/master.m3u8`);
  const page = await visit(theatre, 'returns');
  await plays(page);
  await page.evaluate(() => Object.assign(globalThis, { same: true }));
  origin.fail('off');
  await page.evaluate((ms) => new Promise((settle) => { setTimeout(settle, ms); }), DEAD_MS);
  const at = await timeOf(page);
  origin.fail(null);
  const ms = await timed(() => reaches(page, at + 2));
  const same = await page.evaluate(() => 'same' in globalThis);
  await page.context().close();
  return { ok: same && ms <= 2 * RETURN_MS, count: 1, figure: `an origin that is dead for ${DEAD_MS / 1_000} s plays on ${(ms / 1_000).toFixed(1)} s after it is back, ${same ? 'without a reload' : 'after a reload'}` };
}
