import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { fillRoom } from '../browser/history.ts';
import { openStage } from '../browser/stage.ts';
import { watch } from '../browser/watch.ts';
import { openHost } from './host.ts';

t.setTimeout(120_000);
const stage = await openStage();
t.teardown(() => stage.close());

const LONG = '<p style="height:3000px">긴 글</p>';
const TAG = (words: string): string => `<script async src="{{chat}}/embed.js" ${words}></script>`;
const LOADER = '<script async src="{{chat}}/embed.js"></script>';
const host = await openHost(stage.chat.http, {
  '/plain': { body: `<body>${TAG('data-post-id="loader-plain" style="display:block;height:480px"')}<p id="after">그 다음</p></body>` },
  '/길/긴 글/': { body: `<body>${LONG}${TAG('data-mapping="pathname"')}</body>` },
  '/canonical': { head: '<link rel="canonical" href="https://blog.example/one/">', body: `<body>${TAG('data-mapping="canonical"')}</body>` },
  '/title': { body: `<body>${TAG('data-mapping="title"')}</body>` },
  '/theme': { head: LOADER, body: '<body><aside-chat post-id="loader-theme" style="display:block;height:480px"></aside-chat></body>' },
  '/fixed': { head: LOADER, html: 'class="dark"', body: '<body><aside-chat post-id="loader-theme" theme="light"></aside-chat></body>' },
  '/two': { head: LOADER, body: '<body><aside-chat post-id="loader-a" badge></aside-chat><aside-chat post-id="loader-b" badge></aside-chat></body>' },
  '/next': { body: '<body><aside-chat post-id="loader-a"><iframe srcdoc="kept from before"></iframe></aside-chat><script async src="{{chat}}/embed.js" data-nscript="lazyOnload"></script></body>' },
  '/grow': { head: LOADER, body: '<body><aside-chat post-id="loader-grow" height="240-500"></aside-chat></body>' },
  '/app/1': { head: LOADER, body: '<body><main>하나</main><aside-chat></aside-chat></body>' },
  '/list': { head: LOADER, body: '<body><a href="/post-1">첫 글</a> <b data-aside-count="loader-a">처음</b><a href="/counted">둘째 글 <i data-aside-count></i></a><em data-aside-count="loader-nobody">없음</em></body>' },
});
t.teardown(() => host.close());
const { host: name } = new URL(host.url);

async function open(t: Test, path: string, options: { colorScheme?: 'light' | 'dark' } = {}) {
  const browser = await stage.browser('partitioned');
  const context = await browser.openContext({ viewport: { width: 800, height: 700 }, colorScheme: 'light', ...options });
  context.setDefaultTimeout(10_000);
  t.teardown(() => context.close());
  const { errors } = await watch(context);
  await context.addInitScript(() => {
    const own = window as unknown as { breaches: string[]; shift: number };
    own.breaches = [];
    own.shift = 0;
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => own.breaches.push(`${violatedDirective} ${blockedURI}`));
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) own.shift += (entry as unknown as { value: number }).value; }).observe({ type: 'layout-shift', buffered: true });
  });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => { if (request.url().startsWith(stage.chat.http)) asked.push(request.url().slice(stage.chat.http.length)); });
  await page.goto(host.url + path, { waitUntil: 'domcontentloaded' });
  return { page, errors, asked, room: page.frameLocator('aside-chat iframe').first() };
}

const roomOf = (page: Page): Promise<string[]> => page.locator('aside-chat iframe').evaluateAll((frames) => frames.map((frame) => new URL((frame as HTMLIFrameElement).src).searchParams.get('postId') ?? ''));
const breaches = (page: Page): Promise<string[]> => page.evaluate(() => (window as unknown as { breaches: string[] }).breaches);
const shift = (page: Page): Promise<number> => page.evaluate(() => (window as unknown as { shift: number }).shift);

t.test('one script tag is a room: framed in its place, under a policy that allows nothing else, and nothing on the page moves', async (t) => {
  await fillRoom(stage, 'loader-plain', [{ nick: '졸린 여우', texts: ['여기 있었어요'] }]);
  const { page, room, errors, asked } = await open(t, '/plain');
  await room.locator('.line', { hasText: '여기 있었어요' }).waitFor();
  t.same(await page.locator('script').count(), 0, 'the tag made room for it');
  t.equal(await shift(page), 0);
  t.same(await breaches(page), []);
  t.same(errors, []);
  t.equal(asked[0], '/embed.js');
  t.match(asked[1], /^\/embed\?postId=loader-plain&site=&theme=auto&lang=&title=$/);
});

t.test('a room far below is not asked for until it is nearly in sight, and is the room of its address', async (t) => {
  const { page, asked } = await open(t, '/%EA%B8%B8/%EA%B8%B4%20%EA%B8%80/');
  await page.locator('aside-chat').waitFor({ state: 'attached' });
  t.equal(await page.locator('aside-chat').evaluate((one) => one.clientHeight), 480, 'its place is kept');
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  t.same(asked, ['/embed.js']);
  await page.evaluate(() => scrollTo(0, 1_700));
  await page.locator('aside-chat iframe').waitFor({ state: 'attached' });
  t.same(await roomOf(page), [`${name}/길/긴 글/`]);
  await page.evaluate(() => scrollTo(0, 9_999));
  await page.frameLocator('aside-chat iframe').locator('.status.live').waitFor();
  t.equal(await shift(page), 0);
});

t.test('a room may be named by the canonical address or by the title', async (t) => {
  for (const [path, room] of [['/canonical', 'blog.example/one/'], ['/title', '어느 글']] as const) {
    const { page } = await open(t, path);
    await page.locator('aside-chat iframe').waitFor();
    t.same(await roomOf(page), [room]);
  }
});

t.test('the theme is the page’s, however it says it, and changes with it', async (t) => {
  const { page, room, asked } = await open(t, '/theme');
  const theme = (): Promise<string | null> => room.locator('html').getAttribute('data-theme');
  const becomes = (theme: string): Promise<void> => room.locator(`html[data-theme="${theme}"]`).waitFor();
  await room.locator('header h1').waitFor();
  t.equal(await theme(), 'auto', 'the page says nothing: the system is asked');
  for (const [name, value, expected] of [
    ['class', 'site dark', 'dark'], ['class', 'site theme-light', 'light'], ['data-theme', 'dark', 'dark'], ['data-theme', 'light', 'light'],
    ['data-bs-theme', 'dark', 'dark'], ['class', 'has-dark-header', 'auto'], ['class', 'dark-mode no-js', 'dark'], ['style', 'color-scheme: light', 'light'],
    ['style', 'color-scheme: dark', 'dark'], ['style', 'color-scheme: light dark', 'auto'],
  ] as const) {
    await page.evaluate(([name, value]) => {
      for (const other of ['class', 'data-theme', 'data-bs-theme', 'style']) document.documentElement.removeAttribute(other);
      document.documentElement.setAttribute(name, value);
    }, [name, value] as const);
    await becomes(expected);
    t.pass(`${name}="${value}"`);
  }
  await page.evaluate(() => document.body.classList.add('dark'));
  await becomes('dark');
  await page.locator('aside-chat').evaluate((chat) => chat.setAttribute('theme', 'light'));
  await becomes('light');
  t.equal(asked.filter((one) => one.startsWith('/embed?')).length, 1, 'and the room is not loaded again');
});

t.test('a theme that changes before the room can hear it is not lost', async (t) => {
  const browser = await stage.browser('partitioned');
  const context = await browser.openContext({ colorScheme: 'light' });
  t.teardown(() => context.close());
  const page = await context.newPage();
  const held = Promise.withResolvers<void>();
  await context.route(/\/assets\/index/, async (route) => { await held.promise; await route.continue(); });
  await page.goto(`${host.url}/theme`, { waitUntil: 'domcontentloaded' });
  await page.locator('aside-chat iframe').waitFor({ state: 'attached' });
  await page.evaluate(() => document.documentElement.classList.add('dark'));
  held.resolve();
  await page.frameLocator('aside-chat iframe').locator('html[data-theme="dark"] header h1').waitFor();
});

t.test('what the author says of the theme counts more than the page', async (t) => {
  const { room } = await open(t, '/fixed', { colorScheme: 'dark' });
  await room.locator('html[data-theme="light"] header h1').waitFor();
});

t.test('a preset is put on by its name, from the start or later, and its colours are fetched once, when one is asked for', async (t) => {
  const { page, room, asked, errors } = await open(t, '/theme');
  await room.locator('.status.live').waitFor();
  const ground = (): Promise<string> => room.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
  const sheets = (): number => asked.filter((path) => path === '/themes.css').length;
  t.equal(sheets(), 0);
  for (const [theme, colour] of [['sepia', 'rgb(248, 241, 228)'], ['midnight', 'rgb(15, 23, 41)'], ['black', 'rgb(0, 0, 0)']] as const) {
    await page.locator('aside-chat').evaluate((chat, theme) => chat.setAttribute('theme', theme), theme);
    await room.locator(`html[data-theme=${theme}]`).waitFor();
    t.equal(await ground(), colour);
  }
  t.equal(sheets(), 1);
  await page.locator('aside-chat').evaluate((chat) => chat.setAttribute('theme', 'no such preset'));
  await page.locator('aside-chat').evaluate((chat) => chat.setAttribute('lang', 'en'));
  await room.locator('html[lang=en]').waitFor();
  t.equal(await ground(), 'rgb(0, 0, 0)', 'a name that is none changes nothing');
  const own = await page.context().newPage();
  await own.goto(`${stage.chat.http}/room/loader-theme?theme=sepia`);
  await own.locator('header h1').waitFor();
  t.equal(await own.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor), 'rgb(248, 241, 228)');
  t.same(errors, []);
});

t.test('two rooms on a page know nothing of each other; what is unread in both stands before the title, and goes', async (t) => {
  const { page } = await open(t, '/two');
  for (const i of [0, 1]) await page.frameLocator('aside-chat iframe').nth(i).locator('.status.live').waitFor();
  await page.evaluate(() => {
    const own = window as unknown as { heard: unknown[] };
    own.heard = [];
    document.addEventListener('aside', (event) => own.heard.push((event as CustomEvent).detail), true);
  });
  const other = await page.context().newPage();
  await other.bringToFront();
  await page.evaluate(() => Object.defineProperty(document, 'hidden', { get: () => true, configurable: true }));
  for (const frame of page.frames().slice(1)) await frame.evaluate(() => { Object.defineProperty(document, 'hidden', { get: () => true, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); });
  await fillRoom(stage, 'loader-a', [{ nick: '졸린 여우', texts: ['하나', '둘'] }]);
  await fillRoom(stage, 'loader-b', [{ nick: '졸린 여우', texts: ['셋'] }]);
  await page.waitForFunction(() => document.title === '(3) 어느 글', null, { polling: 50 });
  t.same(await page.locator('aside-chat').count(), 2);
  await page.locator('aside-chat').first().evaluate((one) => (one as HTMLElement & { destroy(): void }).destroy());
  t.equal(await page.title(), '(1) 어느 글');
  await page.locator('aside-chat').evaluate((one) => (one as HTMLElement & { destroy(): void }).destroy());
  t.equal(await page.title(), '어느 글');
  t.equal(await page.locator('iframe').count(), 0);
});

t.test('what others put on the page stays theirs: attributes of a framework on our line, numbers in a title; what was kept of an old frame goes', async (t) => {
  const { page, room } = await open(t, '/next');
  await room.locator('.status.live').waitFor();
  t.same(await roomOf(page), ['loader-a'], 'one room, one frame');
  await page.evaluate(() => { document.title = '(2024) 돌아보기'; });
  await fillRoom(stage, 'loader-a', [{ nick: '졸린 여우', texts: ['제목은 그대로'] }]);
  await room.locator('.text', { hasText: '제목은 그대로' }).last().waitFor();
  await page.locator('aside-chat').evaluate((one) => (one as HTMLElement & { destroy(): void }).destroy());
  t.equal(await page.title(), '(2024) 돌아보기');
});

t.test('a room may grow with what is said, between two bounds', async (t) => {
  const { page } = await open(t, '/grow');
  const chat = page.locator('aside-chat');
  await page.frameLocator('aside-chat iframe').locator('.empty h2').waitFor();
  const height = (): Promise<number> => chat.evaluate((one) => one.clientHeight);
  const empty = await height();
  t.ok(empty >= 240 && empty < 500, String(empty));
  await fillRoom(stage, 'loader-grow', [{ nick: '졸린 여우', texts: Array.from({ length: 30 }, (_, i) => `말 ${i}`) }]);
  await page.waitForFunction(() => document.querySelector('aside-chat')?.clientHeight === 500);
});

t.test('a page that becomes another one without being loaded has the other’s room, and its own again on the way back', async (t) => {
  const { page, errors } = await open(t, '/app/1');
  await page.locator('aside-chat iframe').waitFor();
  t.same(await roomOf(page), [`${name}/app/1`]);
  await page.evaluate(() => {
    history.pushState(null, '', '/app/2');
    document.querySelector('main')?.replaceChildren('둘');
  });
  await page.waitForFunction(() => document.querySelector('iframe')?.src.includes('app%2F2'));
  t.equal(await page.locator('iframe').count(), 1);
  await page.frameLocator('aside-chat iframe').locator('.status.live').waitFor();
  await page.evaluate(() => document.querySelector('aside-chat')?.setAttribute('post-id', 'elsewhere'));
  await page.waitForFunction(() => document.querySelector('iframe')?.src.includes('elsewhere'));
  await page.evaluate(() => document.querySelector('aside-chat')?.remove());
  t.equal(await page.locator('iframe').count(), 0);
  t.same(errors, []);
});

t.test('a page that lists posts is told how much was said about each', async (t) => {
  await fillRoom(stage, `${name}/counted`, [{ nick: '졸린 여우', texts: ['하나', '둘', '셋'] }]);
  await fillRoom(stage, 'loader-a', [{ nick: '졸린 여우', texts: ['세어 주세요'] }]);
  const { page, errors } = await open(t, '/list');
  await page.waitForFunction(() => document.querySelector('i')?.textContent === '3').catch(async (e) => { console.error(errors, await page.content()); throw e; });
  t.ok(Number(await page.locator('b').textContent()) >= 1);
  t.equal(await page.locator('em').textContent(), '없음', 'where nobody spoke, the author’s words stay');
  await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<u data-aside-count="loader-a"></u>'));
  await page.waitForFunction(() => document.querySelector('u')?.textContent !== '');
  t.same(await breaches(page), []);
});

t.test('a room’s own page prints all it holds, dark on white', async (t) => {
  await fillRoom(stage, 'loader-print', [{ nick: '졸린 여우', texts: Array.from({ length: 40 }, (_, i) => `말 ${i}`) }]);
  const context = await (await stage.browser('partitioned')).openContext({ viewport: { width: 700, height: 500 } });
  t.teardown(() => context.close());
  const page = await context.newPage();
  await page.goto(`${stage.chat.http}/room/loader-print?theme=dark`);
  await page.locator('.text', { hasText: /^말 0$/ }).waitFor({ state: 'attached' });
  await page.emulateMedia({ media: 'print' });
  t.same(await page.evaluate(() => {
    const log = document.querySelector('.log');
    const seen = (name: string): boolean => document.querySelector(name)?.checkVisibility() ?? false;
    return { cut: (log?.scrollHeight ?? 0) - (log?.clientHeight ?? 0), paper: getComputedStyle(document.body).backgroundColor, footer: seen('footer'), title: seen('h1') };
  }), { cut: 0, paper: 'rgb(255, 255, 255)', footer: false, title: true });
});
