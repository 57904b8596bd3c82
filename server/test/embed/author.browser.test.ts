import type { Page } from 'playwright-core';
import t from 'tap';
import type { Keeps } from '../browser/chromium.ts';
import { fillRoom } from '../browser/history.ts';
import { openStage } from '../browser/stage.ts';
import { watch } from '../browser/watch.ts';
import { openHost } from './host.ts';

t.setTimeout(170_000);
const stage = await openStage();
t.teardown(() => stage.close());

const TITLE = { ko: '가장자리의 대화', en: 'Talk in the margin' };
const SAID = { ko: { before: '먼저 온 말', mine: '저도 왔어요', name: '수줍은 고래' }, en: { before: 'The first word', mine: 'Here I am', name: 'Shy whale' } };
const PAPER = { light: 'rgb(255, 255, 255)', dark: 'rgb(20, 21, 25)' };
const journeys = (['partitioned', 'cookies'] as const satisfies Keeps[]).flatMap((keeps) => [false, true].flatMap((sandboxed) => (['ko', 'en'] as const).flatMap((lang) => (['light', 'dark'] as const).map((theme) => ({ keeps, sandboxed, lang, theme })))));
t.equal(journeys.length, 16);
t.jobs = 4;

/** The server lets a frame without an origin say its first word ten seconds after it came. */
const FIRST_WORD_WITHIN_MS = 25_000;

type Setting = (typeof journeys)[number];
const pathOf = ({ keeps, sandboxed, lang, theme }: Setting): string => `/${keeps}-${sandboxed ? 'sandboxed' : 'own'}-${lang}-${theme}`;

/** What the author pastes: the line, or what a pasted link becomes where frames get no origin of their own. */
function snippet(setting: Setting): string {
  const { sandboxed, lang, theme } = setting;
  const room = `author${pathOf(setting)}`;
  return sandboxed
    ? `<iframe src="{{chat}}/embed?${new URLSearchParams({ postId: room, lang, theme, title: TITLE[lang] }).toString().replaceAll('&', '&amp;')}" title="chat" width="640" height="480" sandbox="allow-scripts" style="border:0"></iframe>`
    : `<script async src="{{chat}}/embed.js" data-post-id="${room}" data-lang="${lang}" data-title="${TITLE[lang]}" style="display:block;height:480px"></script>`;
}

const host = await openHost(stage.chat.http, Object.fromEntries(journeys.map((setting) => [pathOf(setting), {
  html: `class="${setting.theme}"`, head: `<style>:root{color-scheme:${setting.theme}}</style>`, body: `<body><p>글</p><section class="room">${snippet(setting)}</section><p>그 다음</p></body>`,
}])));
t.teardown(() => host.close());

const measured = (page: Page) => page.evaluate(() => {
  const { shift, breaches } = window as unknown as { shift: number; breaches: string[] };
  return { shift, breaches };
});

for (const setting of journeys) {
  const { keeps, sandboxed, lang, theme } = setting;
  t.test(`an author pastes a room, and it is one: ${keeps === 'partitioned' ? 'third parties may store' : 'third parties may not store'}, ${sandboxed ? 'sandboxed' : 'not sandboxed'}, ${lang}, ${theme}`, { buffered: true }, async (t) => {
    const room = `author${pathOf(setting)}`;
    await fillRoom(stage, room, [{ nick: '졸린 여우', texts: [SAID[lang].before] }]);
    // The page's theme is not the system's: it is the page that must be followed.
    const context = await (await stage.browser(keeps)).openContext({ viewport: { width: 800, height: 700 }, colorScheme: theme === 'light' ? 'dark' : 'light', locale: lang === 'ko' ? 'en-GB' : 'ko-KR' });
    context.setDefaultTimeout(10_000);
    t.teardown(() => context.close());
    const { errors } = await watch(context);
    await context.addInitScript(() => {
      const own = window as unknown as { shift: number; breaches: string[] };
      Object.assign(own, { shift: 0, breaches: [] });
      addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => own.breaches.push(`${violatedDirective} ${blockedURI}`));
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) own.shift += (entry as unknown as { value: number }).value; }).observe({ type: 'layout-shift', buffered: true });
    });
    const page = await context.newPage();
    await page.goto(host.url + pathOf(setting), { waitUntil: 'domcontentloaded' });
    const frame = page.frameLocator('.room iframe');
    const html = frame.locator('html');
    await frame.locator('.line .text', { hasText: SAID[lang].before }).waitFor();
    t.equal(await frame.locator('h1').textContent(), TITLE[lang]);
    t.equal(await html.getAttribute('lang'), lang);
    t.equal(await html.evaluate(() => getComputedStyle(document.body).backgroundColor), PAPER[theme]);
    t.equal(await html.evaluate(() => self.origin === 'null'), sandboxed);
    await frame.locator('.card input').fill(SAID[lang].name);
    await frame.locator('.card .go').click();
    await frame.locator('.composer textarea').fill(SAID[lang].mine);
    await frame.locator('.composer textarea').press('Enter');
    await frame.locator('.line.mine[data-n] .text', { hasText: SAID[lang].mine }).waitFor({ timeout: FIRST_WORD_WITHIN_MS });
    const saved = await stage.sql`select m.nickname from messages m join rooms r on r.id = m.room_id where r.post_id = ${room} and m.content = ${SAID[lang].mine}`;
    t.same(saved.map(({ nickname }) => nickname), [SAID[lang].name]);
    if (!sandboxed) {
      const other = theme === 'light' ? 'dark' : 'light';
      await page.evaluate((name) => { document.documentElement.className = name; }, other);
      await frame.locator(`html[data-theme="${other}"]`).waitFor();
      t.equal(await html.evaluate(() => getComputedStyle(document.body).backgroundColor), PAPER[other]);
    }
    t.same(await measured(page), { shift: 0, breaches: [] });
    t.same(errors, []);
  });
}
