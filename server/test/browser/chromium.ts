import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../../dev/chromium.ts';

/**
 * What the browser lets a frame of another site keep.
 * `partitioned`: as browsers are today, storage of its own under each site that frames it.
 * `cookies`: no storage, only a partitioned cookie. `nothing`: the reader forbade everything.
 */
export type Keeps = 'partitioned' | 'cookies' | 'nothing';

export type Chromium = {
  /** A reader's browser: shares nothing with other contexts. */
  openContext(options?: BrowserContextOptions): Promise<BrowserContext>;
  close(): Promise<void>;
};

/** `more`: flags beside those that every test has. */
export async function openChromium(keeps: Keeps = 'partitioned', more: readonly string[] = []): Promise<Chromium> {
  const executablePath = await findChromium();
  if (!executablePath) throw new Error('There is no Chromium: `sudo apt-get install chromium`, or CHROMIUM=/path/to/it');
  const profile = await mkdtemp(path.join(tmpdir(), 'aside-chromium-'));
  await mkdir(path.join(profile, 'Default'));
  await writeFile(path.join(profile, 'Default', 'Preferences'), JSON.stringify({ profile: PREFERENCES[keeps] }));
  const forget = (): Promise<void> => rm(profile, { recursive: true, force: true });
  const own = await chromium.launchPersistentContext(profile, { executablePath, args: [...CHROMIUM_FLAGS, ...more, ...(keeps === 'cookies' ? [] : [DISABLED])] }).catch(async (error) => {
    await forget();
    throw error;
  });
  const browser = own.browser();
  if (!browser) throw new Error('This Chromium opens no contexts');
  return {
    // The profile's settings hold in contexts too; its own window is left alone.
    openContext: (options = {}) => browser.newContext({ locale: 'ko-KR', timezoneId: 'Asia/Seoul', ...options }),
    async close() {
      await browser.close();
      await forget();
    },
  };
}

/** 0 allows third parties, 1 blocks them; while storage is partitioned, Chromium blocks only their cookies. */
const PREFERENCES: Record<Keeps, object> = {
  partitioned: { cookie_controls_mode: 0 },
  cookies: { cookie_controls_mode: 1 },
  nothing: { cookie_controls_mode: 1, default_content_setting_values: { cookies: 2 } },
};

/**
 * The last such flag counts. Playwright's own also switches partitioning off, which no reader's browser does:
 * a frame would share its storage with every site, and be denied it where third parties are blocked.
 */
const DISABLED = '--disable-features=HttpsUpgrades,MediaRouter,PaintHolding,OptimizationHints,NetworkTimeServiceQuerying,PreconnectToSearch';
