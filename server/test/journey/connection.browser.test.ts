import t, { type Test } from 'tap';
import { startBlog } from '../../../embed-demo/serve.ts';
import { ko } from '../../../widget/src/ui/words/ko.ts';
import { writing } from '../../../widget/src/ui/words/writing.ts';
import { openGate } from '../browser/gate.ts';
import { fillRoom, numbered } from '../browser/history.ts';
import type { Reader } from '../browser/reader.ts';
import { openStage } from '../browser/stage.ts';
import { drawnValue } from '../browser/talk.ts';
import { openProxy } from '../faults/proxy.ts';
import { seedRandom } from '../faults/random.ts';
import { openClient, person } from '../support/client.ts';

t.setTimeout(120_000);
const stage = await openStage();
t.teardown(() => stage.close());

/** Longer than any wait for a dial that a hint has shortened, and than two pages in place of a socket. */
const SOON = { timeout: 20_000 };

async function visit(t: Test, ...how: Parameters<typeof stage.visit>): Promise<Reader> {
  const reader = await stage.visit(...how);
  t.teardown(() => reader.context.close());
  return reader;
}

/** A blog whose chat is reached by another way. */
async function blogBehind(t: Test, chatUrl: string): Promise<string> {
  const blog = await startBlog({ port: 0, host: '127.0.0.1', chatUrl });
  t.teardown(() => blog.close());
  return blog.url;
}

/** What the header says from now on, each with how long after now. */
async function watchStatus({ parts }: Reader): Promise<() => Promise<{ text: string; after: number }[]>> {
  await parts.html.evaluate((html) => {
    const began = performance.now();
    const said: { text: string; after: number }[] = [];
    const status = html.querySelector('.status');
    if (!status) throw new Error('there is no status');
    new MutationObserver(() => {
      const text = status.textContent ?? '';
      if (text !== said.at(-1)?.text) said.push({ text, after: performance.now() - began });
    }).observe(status, { childList: true, characterData: true, subtree: true });
    Object.assign(window, { said });
  });
  return () => parts.html.evaluate(() => (window as unknown as { said: { text: string; after: number }[] }).said);
}

t.test('a frame below the fold opens no socket, and fetches nothing that only one in sight needs, until it is scrolled near', async (t) => {
  await fillRoom(stage, 'fold', [{ texts: ['이미 있던 말'] }]);
  const reader = await visit(t, 'hangul-lines', { room: 'fold', options: { viewport: { width: 800, height: 500 } } });
  const { page, parts } = reader;
  await reader.room.locator('.status.live').waitFor();
  await page.evaluate(() => {
    history.scrollRestoration = 'manual';
    scrollTo(0, 0);
  });
  const sockets: string[] = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));
  const scripts: string[] = [];
  page.on('request', (request) => scripts.push(...request.url().match(/(?<=\/assets\/).+(?=-.{8}\.js$)/) ?? []));
  await page.reload();
  await page.locator('.room iframe').evaluate((frame: HTMLIFrameElement) => { frame.loading = 'eager'; });
  await reader.line('이미 있던 말').waitFor({ state: 'attached' });
  const isSeen = await parts.html.evaluate((html) => new Promise<boolean>((settle) => new IntersectionObserver(([entry]) => settle(entry?.isIntersecting === true)).observe(html)));
  t.equal(isSeen, false);
  t.same(sockets, [], 'it can be read, and nobody is counted');
  t.same(scripts.sort(), ['index', 'ko']);
  await page.locator('.room').scrollIntoViewIfNeeded();
  await reader.room.locator('.status.live').waitFor();
  t.equal(sockets.length, 1);
  t.ok(scripts.includes('live'), 'what a room in sight needs is fetched with it');
});

t.test('a short loss is not told; after five seconds one quiet line is, and it goes', async (t) => {
  const gate = await openGate(stage.chat.http);
  t.teardown(() => gate.close());
  gate.open = true;
  const reader = await visit(t, 'hangul-lines', { room: 'loss', at: await blogBehind(t, gate.http) });
  await reader.parts.status.getByText(ko.people('1')).waitFor();
  const said = await watchStatus(reader);
  gate.open = false;
  gate.cut();
  await reader.room.locator('.status.joining').waitFor();
  const [first, ...more] = await said();
  t.equal(first?.text, ko.joining);
  t.ok(first && first.after >= 5_000 && first.after < 7_000, `after ${first?.after} ms`);
  t.same(more, []);
  gate.open = true;
  await reader.parts.html.evaluate(() => dispatchEvent(new Event('online')));
  await reader.room.locator('.status.live').waitFor(SOON);
  gate.cut();
  await reader.parts.html.evaluate(() => dispatchEvent(new Event('online')));
  await fillRoom(stage, 'loss', [{ texts: ['돌아온 뒤의 말'] }]);
  await reader.line('돌아온 뒤의 말').waitFor(SOON);
  t.equal((await said()).filter(({ text }) => text === ko.joining).length, 1, 'the second loss was over before anybody needed to know');
});

t.test('where sockets are refused the reader still sees new words, is told so, and is back on the socket when it is let through', async (t) => {
  await fillRoom(stage, 'refused', [{ texts: numbered(60) }]);
  const gate = await openGate(stage.chat.http);
  t.teardown(() => gate.close());
  const author = await openClient(stage.chat.ws, { room: 'refused', ...person('밤새는 부엉이') });
  t.teardown(() => author.close());
  await author.say('낡을 말');
  const reader = await visit(t, 'hangul-lines', { room: 'refused', at: await blogBehind(t, gate.http) });
  await reader.line('낡을 말').waitFor();
  await author.say('막혀도 보이는 말');
  await reader.line('막혀도 보이는 말').waitFor(SOON);
  t.ok(gate.refused >= 3, `${gate.refused} dials were refused`);
  await reader.parts.notice.getByText(ko.polling).waitFor();
  await reader.room.locator('.status.joining').waitFor();
  const link = reader.parts.notice.getByText(ko.ownWindow);
  t.match(await link.getAttribute('href'), /\/room\/hangul-lines\?theme=auto&lang=ko&title=/);
  const [own] = await Promise.all([reader.context.waitForEvent('page'), link.click()]);
  await own.locator('.line').filter({ hasText: '막혀도 보이는 말' }).waitFor();
  t.equal(await own.evaluate(() => opener), null);
  await own.close();

  author.send({ t: 'delete', cid: 'delete-of-message-62', n: 62 });
  await reader.line('막혀도 보이는 말').waitFor({ state: 'detached', ...SOON });
  // As many as the page holds: message 61 is below it, and between 62 and the page there is no gap.
  const meanwhile = numbered(49).map((text) => `막힌 동안 ${text}`);
  for (const text of meanwhile) await author.say(text);
  author.send({ t: 'delete', cid: 'delete-of-message-61', n: 61 });
  await author.say('막힌 동안 마지막 말');
  await reader.line('막힌 동안 마지막 말').waitFor(SOON);
  t.equal(await reader.line('낡을 말').count(), 1, 'what changed where no page reaches is not known yet');
  gate.open = true;
  await reader.parts.html.evaluate(() => dispatchEvent(new Event('online')));
  await reader.room.locator('.status.live').waitFor(SOON);
  await reader.line('낡을 말').waitFor({ state: 'detached' });
  await reader.parts.notice.waitFor({ state: 'detached' });
  await author.say('뚫린 뒤의 말');
  await reader.line('뚫린 뒤의 말').waitFor();
  const texts = await reader.texts();
  t.same(texts.slice(-51), [...meanwhile, '막힌 동안 마지막 말', '뚫린 뒤의 말'], 'each once and in order');
  t.same(texts.slice(0, -51), numbered(60).slice(11), 'and nothing of what was there is lost');
});

t.test('a socket that died without a word is found when the reader looks, and is dialed anew unnoticed', async (t) => {
  const way = await openProxy(Number(new URL(stage.chat.http).port), seedRandom('looks'));
  t.teardown(() => way.close());
  const reader = await visit(t, 'hangul-lines', { room: 'looks', at: await blogBehind(t, `http://127.0.0.1:${way.port}`) });
  await reader.parts.status.getByText(ko.people('1')).waitFor();
  const said = await watchStatus(reader);
  t.ok(way.halfOpen('both') >= 1);
  await fillRoom(stage, 'looks', [{ texts: ['아무도 못 들은 말'] }]);
  await reader.parts.nick.focus();
  await reader.line('아무도 못 들은 말').waitFor(SOON);
  t.notOk((await said()).some(({ text }) => text === ko.joining));
});

t.test('a page that is left hangs up in order, and takes up where it was on return', async (t) => {
  const codes: (number | undefined)[] = [];
  const closed = Promise.withResolvers<void>();
  const reader = await visit(t, 'hangul-lines', {
    room: 'left',
    async prepare(context) {
      await context.routeWebSocket('**/ws', (socket) => {
        const server = socket.connectToServer();
        socket.onClose((code) => {
          codes.push(code);
          void server.close().then(closed.resolve);
        });
      });
    },
  });
  await reader.room.locator('.status.live').waitFor();
  const pass = (name: 'pagehide' | 'pageshow'): Promise<unknown> => reader.parts.html.evaluate((_, name) => dispatchEvent(new PageTransitionEvent(name, { persisted: true })), name);
  await pass('pagehide');
  await closed.promise;
  t.same(codes, [1000]);
  await fillRoom(stage, 'left', [{ texts: ['없는 동안의 말'] }]);
  t.equal(await reader.line('없는 동안의 말').count(), 0);
  await pass('pageshow');
  await reader.line('없는 동안의 말').waitFor();
  t.equal(await reader.parts.notice.count(), 0);
  t.equal(await reader.room.locator('.toast').count(), 0, 'nothing was loaded anew');
});

t.test('a frame without an origin reads, and speaks as somebody who lasts as long as the page', async (t) => {
  await fillRoom(stage, 'opaque', [{ nick: '졸린 여우', texts: ['먼저 온 사람'] }]);
  const reader = await visit(t, 'hangul-lines', { room: 'opaque' });
  const load = (): Promise<void> => reader.page.locator('.room iframe').evaluate((frame: HTMLIFrameElement) => {
    frame.sandbox.remove('allow-same-origin');
    frame.src = `${frame.src}&again`;
    return new Promise((settle) => { frame.onload = () => settle(); });
  });
  await load();
  await reader.line('먼저 온 사람').waitFor();
  t.equal(await reader.parts.html.evaluate(() => origin), 'null');
  await reader.takeName('수줍은 고래');
  await reader.parts.notice.getByText(ko.fleeting).waitFor();
  const other = await visit(t, 'hangul-lines', { room: 'opaque' });
  await reader.say('첫마디');
  await reader.parts.field.fill('둘째 마디');
  const { send } = reader.parts;
  await send.filter({ hasText: /^\d+$/ }).waitFor();
  t.match(await reader.room.locator('.line.mine .fate').textContent(), writing.ko.why.slow_mode, 'it is told why');
  const first = Number(await send.textContent());
  t.equal(await send.getAttribute('aria-label'), writing.ko.later(String(first)));
  t.equal(await send.isDisabled(), true);
  await send.filter({ hasText: new RegExp(`^(${Array.from({ length: first - 1 }, (_, i) => i + 1).join('|')})$`) }).waitFor();
  t.pass('its seconds are counted down in the button');
  await other.line('첫마디').waitFor(SOON);
  await send.locator('svg').waitFor();
  t.equal(await drawnValue(reader.parts.field, '둘째 마디'), '둘째 마디', 'what was written meanwhile is still there');
  await send.click();
  await other.line('둘째 마디').waitFor(SOON);
  t.same([...new Set(await other.parts.names.allTextContents())], ['졸린 여우', '수줍은 고래']);
  t.same(await stage.sql`select count(distinct anonymous_id)::int as authors from messages where content in ('첫마디', '둘째 마디')`, [{ authors: 1 }]);
  await load();
  await reader.line('둘째 마디').waitFor();
  await reader.parts.card.waitFor();
  t.same(await reader.watch.cookies(), []);
});
