import type { Frame } from 'playwright-core';
import { PAGE_ROWS, TITLE_MAX_CHARS } from '../../../src/protocol/index.ts';
import { type Random, seedRandom } from '../../faults/random.ts';
import { until } from '../../support/until.ts';
import type { Reader } from '../reader.ts';
import type { Stage } from '../stage.ts';
import { type Alarm, setAlarm } from './alarm.ts';
import type { Home } from './home.ts';
import type { Payload } from './payload.ts';
import { fillRoom, type Line, type Room, sayLinks } from './room.ts';
import { findAltered, findMarkup, findMistitled } from './sight.ts';

/** A reader at the demo blog, to whom rooms full of payloads are shown, one after the other. */
export type Door = {
  /** What came of them that is not text, and how many could be a name by the rules of names. */
  show(payloads: readonly Payload[]): Promise<{ faults: string[]; named: number }>;
  /** A reader's usual moves: what they set off. */
  live(): Promise<string[]>;
  /** What was noticed and not told yet. */
  heard(): Promise<string[]>;
  close(): Promise<void>;
};

/** Longer than a page: the oldest ones are fetched when the reader scrolls up to them. */
export const ROOM_PAYLOADS = PAGE_ROWS + 5;
const DRAWN_WITHIN_MS = 8_000;

export async function openDoor(stage: Stage, home: Home, seed: string, within = DRAWN_WITHIN_MS): Promise<Door> {
  const random = seedRandom(seed);
  let alarm: Alarm | undefined;
  const reader = await stage.visit('hangul-lines', {
    async prepare(context) {
      alarm = await setAlarm(context, [stage.blog, stage.chat.http, stage.chat.http.replace('http', 'ws')]);
      alarm.allow(`${stage.blog}/hangul-lines`);
      alarm.allow(`${stage.chat.http}/room/hangul-lines?`);
      await context.addInitScript(obey);
    },
  });
  if (!alarm) throw new Error('The alarm was not set');
  const set = alarm;
  const faultsOf = async (): Promise<string[]> => [...(await set.heard()), ...(home.connections > 0 ? [`${home.connections} connections to where payloads call home`] : [])];
  return {
    heard: faultsOf,
    async show(payloads) {
      const seen = await showRoom(stage, reader, set, payloads, random, within);
      return { named: seen.named, faults: [...seen.faults, ...(await faultsOf())] };
    },
    async live() {
      await live(stage, reader, set);
      return faultsOf();
    },
    close: () => reader.context.close(),
  };
}

/** Runs in the host page: the room asks for a title, and gets it as hosts give them. */
function obey(): void {
  if (parent !== window) return;
  addEventListener('message', ({ source, data }) => {
    if (typeof data?.askTitle === 'string') (source as Window).postMessage({ aside: { v: 1, type: 'setConfig', title: data.askTitle } }, '*');
  });
}

async function showRoom(stage: Stage, reader: Reader, alarm: Alarm, payloads: readonly Payload[], random: Random, within: number): Promise<{ faults: string[]; named: number }> {
  const room = await fillRoom(stage, payloads, random);
  const given = random.pick(payloads).text.trim();
  const frame = await enter(stage, reader, alarm, room, given);
  const spoken: Line[] = [];
  let named = 0;
  const steps: (() => Promise<string[]>)[] = [
    async () => findUntitled(frame, given),
    // The newest page is in the document; older ones come when the reader goes up.
    async () => findAltered(frame, room.lines.slice(-PAGE_ROWS), within),
    async () => {
      const said = await sayLinks(stage.chat.ws, room, payloads);
      spoken.push(...said.lines);
      named = said.named;
      return findAltered(frame, spoken, within);
    },
    async () => {
      await reader.parts.log.evaluate((log) => { log.scrollTop = 0; });
      return findAltered(frame, room.lines, within);
    },
    async () => say(reader, frame, { n: room.lines.length + spoken.length + 1, nick: null, text: random.pick(payloads).text }, within),
    async () => findMistitled(frame, payloads.map(({ text }) => text), within),
    async () => findStored(frame, room, within),
  ];
  for (const step of steps) {
    const faults = await step();
    if (faults.length > 0) return { faults: [...faults, ...(await findMarkup(frame))], named };
  }
  return { faults: await findMarkup(frame), named };
}

/** The title it came with, before the host says another. */
async function findUntitled(frame: Frame, given: string): Promise<string[]> {
  const shown = await frame.locator('h1').textContent();
  return shown === [...given].slice(0, TITLE_MAX_CHARS).join('') ? [] : [`the title it came with, ${JSON.stringify(given)}, became ${JSON.stringify(shown)}`];
}

async function enter({ chat }: Stage, { page, parts, room: inside }: Reader, alarm: Alarm, { site, post }: Room, title: string): Promise<Frame> {
  const query = new URLSearchParams({ site, title, theme: title, lang: 'ko' });
  const address = `${chat.http}/room/${encodeURIComponent(post)}?${query}`;
  alarm.allow(address);
  const went = page.waitForEvent('framenavigated', (frame) => frame.parentFrame() === page.mainFrame() && frame.url() === new URL(address).href);
  await page.locator('.room iframe').evaluate((frame, src) => { (frame as HTMLIFrameElement).src = src; }, address);
  const frame = await went;
  await inside.locator('.status.live').waitFor();
  if (await parts.card.isVisible()) {
    await parts.nick.fill('"><svg/onload=');
    await parts.take.click();
    await parts.field.waitFor();
  }
  return frame;
}

/** The reader's own words, through the place to write. */
async function say({ parts }: Reader, frame: Frame, line: Line, within: number): Promise<string[]> {
  await parts.field.fill(line.text);
  await parts.field.press('Enter');
  return findAltered(frame, [line], within);
}

/** Without a title from the host, the stored one stands there. */
async function findStored(frame: Frame, { stored }: Room, within: number): Promise<string[]> {
  await frame.evaluate(() => parent.postMessage({ askTitle: '' }, '*'));
  const title = frame.locator('h1');
  const stands = async (): Promise<boolean> => await title.textContent() === stored;
  return await until(stands, within) ? [] : [`the stored title ${JSON.stringify(stored)} became ${JSON.stringify(await title.textContent())}`];
}

/** A name, words, a link, and back again after a reload. */
async function live({ blog, chat }: Stage, reader: Reader, alarm: Alarm): Promise<void> {
  alarm.allow(`${chat.http}/room/normal?`);
  const { page, parts } = reader;
  await page.locator('.room iframe').evaluate((frame, src) => { (frame as HTMLIFrameElement).src = src; }, `${chat.http}/room/normal?title=x&lang=ko`);
  await reader.takeName('졸린 여우');
  for (const text of ['안녕하세요', `여기 있어요: ${blog}/beside-the-text에서`]) {
    await reader.say(text);
    await reader.untilDrawn(text);
  }
  await parts.profile.click();
  await parts.nick.fill('느긋한 여우');
  await parts.take.click();
  await parts.field.waitFor();
  await page.reload();
  await parts.field.waitFor();
}
