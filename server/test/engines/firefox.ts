import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import puppeteer, { type Frame, type Page } from 'puppeteer-core';
import { findFirefox } from '../../dev/programs.ts';
import { type Engine, PATIENCE_MS, SIZE, type Where } from './engine.ts';
import { awaitLine, startGroup } from './group.ts';

export async function openFirefox(): Promise<Engine> {
  const program = await findFirefox();
  if (!program) throw new Error('There is no Firefox');
  const profile = await mkdtemp(path.join(tmpdir(), 'aside-firefox-'));
  await writeFile(path.join(profile, 'user.js'), PREFERENCES);
  // Not by puppeteer: while that still waits for its Firefox, nobody would end it with us.
  const group = startGroup(program, ['--headless', '--no-remote', '--remote-debugging-port', '0', '--profile', profile], { stdio: ['ignore', 'ignore', 'pipe'] });
  const close = async (): Promise<void> => {
    await group.close();
    await rm(profile, { recursive: true, force: true });
  };
  try {
    const [, address] = await awaitLine(group.child.stderr as Readable, /BiDi listening on (ws:\S+)/);
    const browser = await puppeteer.connect({ browserWSEndpoint: `${address}/session`, protocol: 'webDriverBiDi', defaultViewport: SIZE });
    const page = await browser.newPage();
    return { ...engineOf(page), name: (await browser.version()).replace(/^firefox\//, 'Firefox '), complaints: listen(page), close };
  } catch (error) {
    await close();
    throw error;
  }
}

const PREFERENCES = Object.entries({
  // Without a screen it believes that it has no mouse: this one is fine and hovers.
  'ui.primaryPointerCapabilities': 0b110,
  'ui.allPointerCapabilities': 0b110,
  // What is pressed in a page reaches only frames of its own process: <https://bugzilla.mozilla.org/show_bug.cgi?id=1773393>.
  'fission.webContentIsolationStrategy': 0,
}).map(([name, value]) => `user_pref("${name}", ${value});\n`).join('');

function engineOf(page: Page): Omit<Engine, 'name' | 'complaints' | 'close'> {
  page.setDefaultTimeout(PATIENCE_MS);
  const find = async (where: Where, selector: string) => {
    const element = await frameOf(page, where).$(selector);
    if (!element) throw new Error(`There is no ${selector}`);
    return element;
  };
  return {
    go: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    run: async (where, task, given) => frameOf(page, where).evaluate(task as never, given as never) as never,
    point: async (where, selector) => (await find(where, selector)).hover(),
    click: async (where, selector) => (await find(where, selector)).click(),
    type: (text) => page.keyboard.type(text),
    press: (key) => page.keyboard.press(key),
    shoot: () => page.screenshot(),
  };
}

function listen(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
  return complaints;
}

function frameOf(page: Page, where: Where): Frame {
  const frame = where === 'blog' ? page.mainFrame() : page.mainFrame().childFrames()[0];
  if (!frame) throw new Error('There is no room in this page');
  return frame;
}
