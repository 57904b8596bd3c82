import type { Test } from 'tap';
import { fillRoom } from '../browser/history.ts';
import { openStage } from '../browser/stage.ts';
import { openHost } from '../embed/host.ts';
import type { Engine } from './engine.ts';
import { guestOf } from './guest.ts';

const PAPER = { light: 'rgb(255, 255, 255)', dark: 'rgb(20, 21, 25)' };
const LOADER = '<script async src="{{chat}}/embed.js"></script>';

/** One author's page, in one engine as it comes: a room by one line, the page's theme, another page without a load, and nothing left at the end. */
export async function playAuthor(t: Test, open: () => Promise<Engine>): Promise<void> {
  const stage = await openStage();
  t.teardown(() => stage.close());
  const host = await openHost(stage.chat.http, {
    '/line': { html: 'class="dark"', body: '<body><p>글</p><section class="room"><script async src="{{chat}}/embed.js" data-post-id="line" data-lang="ko" data-title="어느 글" style="display:block;height:480px"></script></section></body>' },
    '/app/1': { head: LOADER, body: '<body><main>하나</main><section class="room"><aside-chat lang="ko"></aside-chat></section></body>' },
  });
  t.teardown(() => host.close());
  await fillRoom(stage, 'line', [{ nick: '졸린 여우', texts: ['먼저 온 말'] }]);
  await fillRoom(stage, `${new URL(host.url).host}/app/2`, [{ nick: '졸린 여우', texts: ['둘째 글에서'] }]);
  const engine = await open();
  t.teardown(() => engine.close());
  const guest = guestOf(engine);
  const paper = (): Promise<string> => engine.run('room', () => getComputedStyle(document.body).backgroundColor, null);

  await t.test('one line is a room in its place, in the page’s theme', async (t) => {
    await engine.go(`${host.url}/line`);
    await guest.find('.line.theirs .text', '먼저 온 말');
    t.equal(await paper(), PAPER.dark);
    t.equal(await engine.run('room', () => document.querySelector('h1')?.textContent, null), '어느 글');
    t.same(await engine.run('blog', () => {
      const [chat, frame] = [document.querySelector('aside-chat'), document.querySelector('iframe')];
      return [chat?.clientHeight, frame?.clientHeight, document.querySelectorAll('script').length];
    }, null), [480, 480, 0]);
  });

  await t.test('it follows the page’s theme, and takes words', async (t) => {
    await engine.run('blog', () => { document.documentElement.className = 'light'; }, null);
    await guest.await('room', (light) => getComputedStyle(document.body).backgroundColor === light, PAPER.light);
    await guest.fill('.card input', '수줍은 고래');
    await guest.click('.card .go');
    await guest.say('저도 왔어요');
    await guest.find('.line.mine[data-n] .text', '저도 왔어요');
    t.pass('said');
  });

  await t.test('a page that becomes another one has the other’s room', async (t) => {
    await engine.go(`${host.url}/app/1`);
    await guest.find('.empty h2');
    await engine.run('blog', () => {
      history.pushState(null, '', '/app/2');
      document.querySelector('main')?.replaceChildren('둘');
    }, null);
    await guest.find('.line.theirs .text', '둘째 글에서');
    t.equal(await engine.run('blog', () => document.querySelectorAll('iframe').length, null), 1);
  });

  await t.test('what is removed leaves nothing behind', async (t) => {
    await engine.run('blog', () => document.querySelector<HTMLElement & { destroy(): void }>('aside-chat')?.destroy(), null);
    t.equal(await engine.run('blog', () => document.querySelectorAll('iframe, aside-chat').length, null), 0);
  });

  await t.test('nobody complained', async (t) => {
    t.same(engine.complaints, []);
  });
}
