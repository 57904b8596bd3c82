import { setTimeout as pause } from 'node:timers/promises';
import type { BrowserContext, Frame, Page } from 'playwright-core';
import { nanoid } from 'nanoid';
import { dumpTables } from '../../http/tables.ts';
import type { ServerProcess } from '../../http/process.ts';
import type { TestDatabase } from '../../support/database.ts';
import { until } from '../../support/until.ts';
import type { Chromium, Keeps } from '../chromium.ts';
import { attacks } from './attacks.ts';
import { type Framing, openCuriousBlog } from './blog.ts';
import { findSecret } from './secret.ts';

export type House = { server: ServerProcess; sql: TestDatabase['sql'] };
export type Play = { keeps: Keeps; framing: Framing; /** Where rooms are, when it is not the server itself. */ http?: string };
export type Ending = {
  /** Places where the secret, or a cookie, was found. */
  faults: string[];
  /** Pieces that the host came to know, and answers that it could have read. */
  heard: number;
  /** Requests on which the reader's cookie rode: the attack was a real one. */
  rode: number;
};

/** `frame-ancestors *` means pages with an address: below one without, browsers show nothing of ours. The reader spoke before. */
const refused: ReadonlySet<Framing> = new Set(['inside opaque']);
const SAID_WITHIN_MS = 25_000;

/** A reader speaks in a room that a curious blog frames, and the blog tries everything to learn who that is. */
export async function playHost({ server, sql }: House, chromium: Chromium, { keeps, framing, http = server.http }: Play): Promise<Ending> {
  const blog = await openCuriousBlog();
  const context = await chromium.openContext();
  try {
    const tape = record(context, http);
    const post = `host-${nanoid()}`;
    const room = `${http}/room/${post}?lang=ko&theme=light`;
    const page = await context.newPage();
    page.setDefaultTimeout(SAID_WITHIN_MS);
    const visit = async (how: Framing): Promise<void> => void (await page.goto(`${blog.url}/?framing=${encodeURIComponent(how)}&room=${encodeURIComponent(room)}`));
    await visit(refused.has(framing) ? 'plain' : framing);
    const frame = await frameOf(page, room);
    const words = `비밀은 말하지 않아요 ${nanoid()}`;
    await speak(frame, words);
    await untilSaved(sql, words);
    const id = tape.ids().at(-1);
    if (!id) throw new Error('The reader spoke, and had no id');
    const faults = await checkKept(frame, keeps, framing, id);
    if (refused.has(framing)) await visit(framing);
    await attack(page, refused.has(framing) ? null : frame, { chat: http, room, routes: routesOf(post) });
    const { answers, rode } = await tape.stop();
    const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    const places: Record<string, string> = {
      'what the host heard': heard.join('\n'), 'what the blog was sent': blog.got, addresses: tape.addresses().join('\n'), 'answers to the host': answers.join('\n'), 'frames of the server': tape.received().join('\n'),
      log: server.log, metrics: await (await fetch(server.metrics)).text(), tables: await dumpTables(sql),
    };
    if (!places['tables']?.includes(words)) throw new Error('The tables do not hold what was said: they were not looked at');
    for (const known of new Set(tape.ids())) faults.push(...findSecret(known, places));
    faults.push(...tape.cookies());
    return { faults, heard: heard.length + answers.length, rode };
  } finally {
    await context.close();
    await blog.close();
  }
}

/** Every address of ours, and some that are none. */
function routesOf(post: string): string[] {
  return [`/room/${post}`, `/embed?postId=${post}`, `/api/v1/rooms/${post}`, `/api/v1/rooms/${post}/messages`, '/healthz', '/readyz', '/ws', '/assets/', '/metrics', '/', '/api/v1/me', '/favicon.ico'];
}

async function frameOf(page: Page, room: string): Promise<Frame> {
  const frame = await until(() => page.frames().find((one) => one.url() === room), SAID_WITHIN_MS);
  if (frame) return frame;
  throw new Error(`The room is not framed: ${page.frames().map((one) => one.url()).join(' > ')}`);
}

async function speak(frame: Frame, words: string): Promise<void> {
  await frame.locator('.card .go').click();
  await frame.locator('.composer textarea').fill(words);
  await frame.locator('.composer textarea').press('Enter');
}

/** A room without an origin lets nobody speak in its first seconds, and sends what waited by itself. */
async function untilSaved(sql: TestDatabase['sql'], words: string): Promise<void> {
  const isSaved = async (): Promise<boolean> => (await sql`select 1 from messages where content = ${words}`).length > 0;
  if (!(await until(isSaved, SAID_WITHIN_MS))) throw new Error('What the reader said was not saved');
}

/** The secret is where it should be: else there would be nothing to find. */
async function checkKept(frame: Frame, keeps: Keeps, framing: Framing, id: string): Promise<string[]> {
  const kept = await frame.evaluate(() => {
    const read = (get: () => string | null): string => { try { return get() ?? ''; } catch { return ''; } };
    return { storage: read(() => localStorage.getItem('aside:me')), cookie: read(() => document.cookie) };
  });
  const expected = framing === 'opaque' || keeps === 'nothing' ? 'memory' : keeps === 'cookies' ? 'cookie' : 'storage';
  const found = kept.storage.includes(id) ? 'storage' : kept.cookie.includes(id) ? 'cookie' : 'memory';
  return found === expected ? [] : [`the id is kept in ${found}, not in ${expected}`];
}

async function attack(page: Page, frame: Frame | null, asked: Parameters<(typeof attacks)['fetches'] & object>[0]): Promise<void> {
  const run = async (name: string): Promise<void> => {
    const act = attacks[name];
    if (!act) throw new Error(`There is no attack ${name}`);
    await page.evaluate(act, asked).catch((error: Error) => { throw new Error(`${name}: ${error.message}`); });
  };
  for (const name of ['reach', 'messages', 'fetches', 'sandboxedFetches', 'stores', 'sockets', 'opens', 'workers']) await run(name);
  // And once more behind a reload, when what was kept has been read again.
  if (frame) await reload(page, frame);
  for (const name of ['messages', 'reach', 'navigates']) await run(name);
}

async function reload(page: Page, frame: Frame): Promise<void> {
  const again = page.waitForEvent('framenavigated', (one) => one === frame);
  await frame.evaluate(() => location.reload()).catch(() => 'it went while it was asked');
  await again;
  await frame.locator('header h1').waitFor();
}

type Tape = {
  /** Ids that the widget sent to the server, in order. */
  ids(): string[];
  addresses(): string[];
  received(): string[];
  cookies(): string[];
  stop(): Promise<{ answers: string[]; rode: number }>;
};

/** Everything that passes between the reader's browser and the world. */
function record(context: BrowserContext, chat: string): Tape {
  const ids: string[] = [];
  const addresses: string[] = [];
  const received: string[] = [];
  const cookies: string[] = [];
  const pending: Promise<string>[] = [];
  let rode = 0;
  context.on('request', (request) => {
    addresses.push(request.url(), request.postData() ?? '');
    pending.push(request.allHeaders().then(({ cookie = '', ...headers }) => {
      if (cookie.includes('__Host-aside')) rode += 1;
      addresses.push(headers['referer'] ?? '');
      return '';
    }, () => ''));
  });
  context.on('response', (response) => {
    if (!response.url().startsWith(chat)) return;
    pending.push(response.allHeaders().then(async (headers) => {
      if (headers['set-cookie'] !== undefined) cookies.push(`an answer sets a cookie: ${response.url()}`);
      return `${response.url()} ${JSON.stringify(headers)} ${await response.text().catch(() => '')}`;
    }, () => ''));
  });
  context.on('page', (page) => {
    page.on('framenavigated', (frame) => addresses.push(frame.url()));
    page.on('websocket', (socket) => {
      addresses.push(socket.url());
      socket.on('framereceived', ({ payload }) => received.push(String(payload)));
      socket.on('framesent', ({ payload }) => {
        const { id } = JSON.parse(String(payload)) as { id?: string };
        if (id !== undefined) ids.push(id);
      });
    });
  });
  return {
    ids: () => ids, addresses: () => addresses, received: () => received, cookies: () => cookies,
    async stop() {
      // A request that is never answered has no headers to tell of.
      const answers = await Promise.all(pending.map((one) => Promise.race([one, pause(2_000, '')])));
      return { answers: answers.filter(Boolean), rode };
    },
  };
}
