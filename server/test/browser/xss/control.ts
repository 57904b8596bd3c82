import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from 'playwright-core';
import { until } from '../../support/until.ts';
import type { Home } from './home.ts';
import type { Payload } from './payload.ts';
import { sinks } from './sinks.ts';

/** Payloads at once: each has a frame of its own, so that none is spoiled by its neighbour. */
const AT_ONCE = 100;
const LOADED_WITHIN_MS = 4_000;
/** For what a dead payload does not do. */
const FIRES_WITHIN_MS = 1_500;

/** Shows payloads as a careless page without a content policy would, and tells which of them ran or called home. */
export async function fireAll(context: BrowserContext, payloads: readonly Payload[], home: Home): Promise<Set<number>> {
  const careless = await openCareless();
  const ran = new Set<number>();
  try {
    await context.exposeFunction('tellRan', (id: number) => void ran.add(id));
    for (let at = 0; at < payloads.length; at += AT_ONCE) {
      const page = await context.newPage();
      await page.goto(careless.url);
      await fire(page, payloads.slice(at, at + AT_ONCE), (id) => ran.has(id) || home.asked.has(id));
      // Windows that a payload opened are its own affair, and closed with the page.
      for (const open of context.pages()) await open.close();
    }
  } finally {
    await careless.close();
  }
  return new Set(payloads.map(({ id }) => id).filter((id) => ran.has(id) || home.asked.has(id)));
}

async function fire(page: Page, payloads: readonly Payload[], fired: (id: number) => boolean): Promise<void> {
  const shown = payloads.map(({ id, text, sink, touched }) => ({ id, touched, html: sinks[sink](text) }));
  await page.evaluate(show, { shown, within: LOADED_WITHIN_MS });
  await page.evaluate(touch);
  await until(() => payloads.every(({ id }) => fired(id)), FIRES_WITHIN_MS);
}

/** Runs in the page. */
async function show({ shown, within }: { shown: { touched: boolean; html: string }[]; within: number }): Promise<void> {
  const own = window as unknown as { tellRan(id: number): void; ran(said: unknown[]): void };
  own.ran = ([said]) => {
    const id = String(said).match(/\d+/)?.[0];
    if (id !== undefined) own.tellRan(Number(id));
  };
  addEventListener('message', ({ data }) => own.ran([data]));
  await Promise.all(shown.map(({ touched, html }) => new Promise<void>((settle) => {
    const frame = document.createElement('iframe');
    frame.dataset.touched = touched ? 'yes' : 'no';
    frame.addEventListener('load', () => settle());
    setTimeout(settle, within);
    frame.srcdoc = html;
    document.body.append(frame);
  })));
}

/** Runs in the page. It has one focus, which every frame is given in turn; what waits for a hand is touched. */
function touch(): void {
  const focus = (inside: Document | null): void => {
    for (const element of inside?.querySelectorAll<HTMLElement>('[autofocus]') ?? []) element.focus();
    for (const frame of inside?.querySelectorAll('iframe') ?? []) focus(frame.contentDocument);
  };
  for (const frame of document.querySelectorAll<HTMLIFrameElement>('iframe[data-touched]')) {
    focus(frame.contentDocument);
    if (frame.dataset.touched === 'no') continue;
    for (const element of frame.contentDocument?.body?.querySelectorAll<HTMLElement>('*') ?? []) {
      for (const { name } of [...element.attributes]) if (/^on/i.test(name)) element.dispatchEvent(new Event(name.slice(2).toLowerCase(), { bubbles: true, cancelable: true }));
      if (/^(a|area|button|input)$/i.test(element.tagName)) element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, view: frame.contentWindow }));
    }
  }
}

async function openCareless(): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(({ url }, response) => {
    if (url === '/') response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><title>careless</title><body>');
    else response.writeHead(404, { 'content-type': 'text/plain' }).end();
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((settle) => {
      server.close(() => settle());
      server.closeAllConnections();
    }),
  };
}
