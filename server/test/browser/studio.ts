import type { BrowserContext, Page } from 'playwright-core';
import { type SheetWords, sheetWords } from '../../../widget/src/ui/sheets/words.ts';
import { en } from '../../../widget/src/ui/words/en.ts';
import { ko } from '../../../widget/src/ui/words/ko.ts';
import type { Lang, Words } from '../../../widget/src/ui/words/words.ts';
import { writing } from '../../../widget/src/ui/words/writing.ts';
import { type Client, openClient } from '../support/client.ts';
import { fillRoom, numbered } from './history.ts';
import type { Pose } from './poses.ts';
import { ME, sampleOf, sayAll } from './sample.ts';
import { openStage, type Stage } from './stage.ts';
import { openWire, type Wire } from './wire.ts';

/** The real product, and rooms in which everything that can be drawn stands. */
export type Studio = {
  stage: Stage;
  /** The widget in a page of its own, in this pose. */
  sit(look: Look, pose: Pose): Promise<Sitting>;
  close(): Promise<void>;
};
export type Look = { theme: 'light' | 'dark' | 'auto'; lang: Lang; width: number; forced?: boolean };
export type Sitting = {
  page: Page;
  context: BrowserContext;
  lang: Lang;
  words: Words & SheetWords;
  wire: Wire;
  /** One of the others in the room: to write, or to say something. */
  other: Client;
  close(): Promise<void>;
};

export const themes = ['light', 'dark'] as const;
export const langs = ['ko', 'en'] as const;
const HEIGHT = 600;
/** Up to here a finger; beyond, a mouse. */
const TOUCH_UP_TO = 480;
const PATIENCE_MS = 10_000;

export async function openStudio(): Promise<Studio> {
  const stage = await openStage();
  const company: Client[] = [];
  const others = new Map<Lang, Client>();
  const close = async (): Promise<void> => {
    for (const client of company) await client.close();
    await stage.close();
  };
  try {
    for (const lang of langs) {
      await sayAll(stage, `talk-${lang}`, sampleOf(lang));
      await fillRoom(stage, `long-${lang}`, [{ nick: sampleOf(lang).people[2]?.nick ?? '', avatar: 'owl', texts: lang === 'ko' ? numbered(30) : Array.from({ length: 30 }, (_, i) => `Said before: ${i + 1}`) }]);
    }
    // What was moved in time is read anew.
    await stage.chat.kill();
    await stage.chat.start();
    for (const lang of langs) {
      for (const person of sampleOf(lang).people.slice(1)) {
        const client = await openClient(stage.chat.ws, { room: `talk-${lang}`, ...person });
        client.raw.on('message', (data) => { if (String(data).includes('"t":"beat"')) client.send({ t: 'pong' }); });
        company.push(client);
        others.set(lang, others.get(lang) ?? client);
      }
    }
  } catch (error) {
    await close();
    throw error;
  }

  async function sit({ theme, lang, width, forced = false }: Look, { room, named = true, keeps = 'partitioned', strike }: Pose): Promise<Sitting> {
    const browser = await stage.browser(keeps);
    const touch = width <= TOUCH_UP_TO;
    const context = await browser.openContext({ viewport: { width, height: HEIGHT }, hasTouch: touch, isMobile: touch, locale: lang === 'ko' ? 'ko-KR' : 'en-GB', forcedColors: forced ? 'active' : 'none' });
    context.setDefaultTimeout(PATIENCE_MS);
    const sample = sampleOf(lang);
    if (named && keeps !== 'nothing') await context.addInitScript((me) => localStorage.setItem('aside:me', me), JSON.stringify({ ...ME, nick: sample.me }));
    const page = await context.newPage();
    const wire = await openWire(page);
    const other = others.get(lang);
    if (!other) throw new Error(`nobody is in the room of ${lang}`);
    const sitting: Sitting = { page, context, lang, words: { ...{ ko, en }[lang], ...sheetWords[lang], ...writing[lang] }, wire, other, close: () => context.close() };
    try {
      await page.goto(`${stage.chat.http}/room/${room}-${lang}?theme=${theme}&lang=${lang}&title=${encodeURIComponent(sample.title)}`);
      await page.locator('.status.live').waitFor();
      await page.locator(room === 'empty' ? '.empty h2' : '.line').first().waitFor();
      // What hears the hands comes when one is near, with a place of its own beside the root.
      await page.mouse.move(1, 1);
      await page.mouse.move(2, 2);
      await page.locator('#app ~ div').waitFor({ state: 'attached' });
      await strike?.(sitting);
      await settle(page);
      return sitting;
    } catch (error) {
      await context.close();
      throw error;
    }
  }
  return { stage, sit, close };
}

/** Pictures are there and nothing moves any more. */
function settle(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    const animals = new Image();
    animals.src = getComputedStyle(document.querySelector('.avatar') ?? document.body).backgroundImage.slice(5, -2);
    await animals.decode().catch(() => 'drawn without it');
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    for (const animation of document.getAnimations()) animation.finish();
  });
}
