import type { BrowserContext, Page } from 'playwright-core';

/** What must not happen in any page or frame of a reader's browser, as it happens. */
export type Watch = {
  /** Errors of scripts, of the console and of the content policy. */
  readonly errors: string[];
  /** Origins asked for anything, sockets among them. */
  readonly origins: ReadonlySet<string>;
  /** Answers that set a cookie, and cookies that are there all the same. */
  cookies(): Promise<string[]>;
};

export async function watch(context: BrowserContext): Promise<Watch> {
  const errors: string[] = [];
  const origins = new Set<string>();
  const setters: string[] = [];
  const note = (url: string): void => {
    if (!/^(data|about|blob):/.test(url)) origins.add(new URL(url).origin);
  };
  // The console tells of most violations by itself; an element that was only not drawn is told by this event alone.
  await context.addInitScript(() => document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => console.error(`policy: ${violatedDirective} ${blockedURI}`)));
  context.on('request', (request) => note(request.url()));
  context.on('response', (response) => void response.headerValue('set-cookie').then((cookie) => { if (cookie) setters.push(response.url()); }, () => 'the page was closed first'));
  context.on('console', (message) => { if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`); });
  context.on('weberror', (error) => errors.push(String(error.error().stack)));
  context.on('page', (page: Page) => page.on('websocket', (socket) => note(socket.url())));
  return {
    errors,
    origins,
    cookies: async () => [...setters, ...(await context.cookies()).map(({ name }) => name)],
  };
}
