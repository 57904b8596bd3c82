import type { BrowserContext, Page } from 'playwright-core';
import { watch } from '../watch.ts';

/** Rings when a stranger's words did anything at all in a reader's browser. */
export type Alarm = {
  /** What it noticed since the last time it was asked. */
  heard(): Promise<string[]>;
  /** Frames may go where the address begins like this, and nowhere else. */
  allow(address: string): void;
};

/** Set before the first page is opened. `own` are the origins that a reader's browser may ask. */
export async function setAlarm(context: BrowserContext, own: readonly string[]): Promise<Alarm> {
  const seen = await watch(context);
  const rang: string[] = [];
  const allowed = ['about:blank'];
  let told = 0;
  const asked = new Set<string>();
  await context.exposeBinding('tellRan', ({ frame }, what: string) => void rang.push(`a script ran in ${frame.url()}: ${what}`));
  await context.addInitScript(hear);
  context.on('dialog', (dialog) => {
    rang.push(`a dialog opened: ${dialog.message()}`);
    void dialog.dismiss().catch(() => 'the page was closed first');
  });
  context.on('serviceworker', (worker) => rang.push(`a service worker began: ${worker.url()}`));
  context.on('response', (response) => void checkPolicy(response.url(), response.headers(), rang));
  let first: Page | null = null;
  context.on('page', (page) => {
    if (first) rang.push(`a window opened: ${page.url()}`);
    first ??= page;
    page.on('frameattached', (frame) => { if (frame.parentFrame() !== page.mainFrame()) rang.push('a frame was made inside the room'); });
    page.on('framenavigated', (frame) => { if (!allowed.some((one) => frame.url().startsWith(one))) rang.push(`a frame went to ${frame.url()}`); });
    page.on('download', (download) => rang.push(`a download began: ${download.url()}`));
    page.on('worker', (worker) => rang.push(`a worker began: ${worker.url()}`));
  });
  return {
    allow: (address) => void allowed.push(new URL(address).href),
    async heard() {
      const errors = seen.errors.slice(told);
      told = seen.errors.length;
      const foreign = [...seen.origins].filter((origin) => !own.includes(origin) && !asked.has(origin));
      for (const origin of foreign) asked.add(origin);
      return [...rang.splice(0), ...errors.map((error) => `the browser says: ${error}`), ...foreign.map((origin) => `something was asked of ${origin}`), ...(await seen.cookies()).map((name) => `there is a cookie: ${name}`)];
    },
  };
}

/** Runs in every frame before anything else: what payloads call is heard here, and opens nothing. */
function hear(): void {
  const own = window as unknown as { tellRan(what: string): void };
  for (const name of ['alert', 'confirm', 'prompt', 'print']) Object.defineProperty(window, name, { value: (...said: unknown[]) => { own.tellRan(`${name} ${String(said[0])}`); } });
}

/** What every document of ours has to say to the browser. */
const policy = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "object-src 'none'", "require-trusted-types-for 'script'"] as const;

function checkPolicy(url: string, headers: Record<string, string>, rang: string[]): void {
  if (!/^\/(room\/|embed$)/.test(new URL(url).pathname)) return;
  const said = (headers['content-security-policy'] ?? '').split(';').map((part) => part.trim());
  for (const part of policy) if (!said.includes(part)) rang.push(`a page came without ${part}`);
  if (headers['x-dns-prefetch-control'] !== 'off') rang.push('a page lets names of hosts be looked up ahead of time');
  if (headers['x-content-type-options'] !== 'nosniff') rang.push('a page may be taken for something else');
}
