import type { BrowserContext, BrowserContextOptions, FrameLocator, Locator, Page } from 'playwright-core';
import type { Chromium } from './chromium.ts';
import { type Watch, watch } from './watch.ts';

/** A person at the blog: what they see of the room, and what their hands do. */
export type Reader = {
  page: Page;
  context: BrowserContext;
  watch: Watch;
  /** The frame of the chat. */
  room: FrameLocator;
  parts: Parts;
  /** The lines that carry exactly these words. */
  line(text: string): Locator;
  texts(): Promise<string[]>;
  /** Takes the name offered, or this one. */
  takeName(nick?: string): Promise<void>;
  /** Types and presses Enter. */
  say(text: string): Promise<void>;
  /** The moment (epoch, ms) at which these words have been drawn. */
  untilDrawn(text: string): Promise<number>;
  who(): Promise<{ name: string; animal: string }>;
};

/** Every part of the widget that journeys touch, by the one name they know it by. */
type Parts = Record<keyof typeof PARTS, Locator>;
const PARTS = {
  html: 'html', status: '.status', log: '.log', lines: '.line', texts: '.line .text', mine: '.line.mine .text', theirs: '.line.theirs .text', names: '.line .who b',
  latest: '.latest', notice: '.notice', card: 'form.card', nick: '.card input', take: '.card .go', wrong: '.card .wrong',
  sheet: 'dialog', field: '.composer textarea', profile: '.composer .me', send: '.composer .send',
} as const;

export type Visit = {
  url: string;
  options?: BrowserContextOptions;
  /** Another room than the post's own, so that a test meets nobody else. */
  room?: string;
  /** A further tab of this reader's browser. */
  beside?: Reader;
  /** Before the page is asked for. */
  prepare?: (context: BrowserContext) => Promise<void>;
};

export async function openReader(chromium: Chromium, { url, options = {}, room, beside, prepare }: Visit): Promise<Reader> {
  const context = beside?.context ?? (await chromium.openContext(options));
  const watched = beside?.watch ?? (await watch(context));
  if (room !== undefined && !beside) await sendTo(context, room);
  await prepare?.(context);
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  // Where the room stands below the post, its frame is asked for when it is near.
  await page.locator('.room').scrollIntoViewIfNeeded();
  const reader = readerOf(page, context, watched);
  if (!prepare) await untilOpen(reader);
  return reader;
}

async function untilOpen({ page, room, watch }: Reader): Promise<void> {
  await room.locator('header h1').waitFor().catch(() => {
    throw new Error(`The room does not open in ${page.frames().map((frame) => frame.url()).join(' > ')}. The browser says: ${watch.errors.join('; ') || 'nothing'}`);
  });
}

/** For one move. Two cores under a whole test run are slow; nothing waits longer than it must. */
const PATIENCE_MS = 10_000;

function readerOf(page: Page, context: BrowserContext, watched: Watch): Reader {
  const room = page.frameLocator('.room iframe');
  const parts = Object.fromEntries(Object.entries(PARTS).map(([name, place]) => [name, room.locator(place)])) as Parts;
  const line = (text: string): Locator => parts.lines.filter({ has: room.getByText(text, { exact: true }) });
  return {
    page, context, watch: watched, room, parts, line,
    texts: () => parts.texts.allTextContents(),
    async takeName(nick) {
      if (nick !== undefined) await parts.nick.fill(nick);
      await parts.take.click();
      await parts.field.waitFor();
    },
    async say(text) {
      await parts.field.fill(text);
      await parts.field.press('Enter');
    },
    untilDrawn: (text) => parts.html.evaluate(watchFor, text),
    async who() {
      const [label, style] = await Promise.all([parts.profile.getAttribute('title'), parts.profile.locator('.avatar').getAttribute('class')]);
      return { name: label?.replace(/^.*?: /, '') ?? '', animal: style?.replace('avatar ', '') ?? '' };
    },
  };
}

/** Runs in the frame. The second frame of animation begins when the first has been painted. */
function watchFor(html: Element, text: string): Promise<number> {
  const isThere = (): boolean => [...html.querySelectorAll('.line .text')].some((one) => one.textContent === text);
  return new Promise((settle) => {
    const tell = (): void => void requestAnimationFrame(() => requestAnimationFrame(() => settle(Date.now())));
    if (isThere()) return tell();
    const observer = new MutationObserver(() => {
      if (!isThere()) return;
      observer.disconnect();
      tell();
    });
    observer.observe(html, { childList: true, subtree: true, characterData: true });
  });
}

/** The frame's address stays what the blog says: only what the chat is asked for is another room. */
function sendTo(context: BrowserContext, room: string): Promise<unknown> {
  return context.route(/\/room\//, (route) => route.continue({ url: route.request().url().replace(/\/room\/[^?]+/, () => `/room/${encodeURIComponent(room)}`) }));
}
