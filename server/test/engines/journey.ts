import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Test } from 'tap';
import { sheetWords } from '../../../widget/src/ui/sheets/words.ts';
import { ko as base } from '../../../widget/src/ui/words/ko.ts';
import { fillRoom } from '../browser/history.ts';
import type { LiveRow } from '../../src/protocol/index.ts';
import { openStage } from '../browser/stage.ts';
import { openClient, person } from '../support/client.ts';
import type { Engine } from './engine.ts';
import { guestOf } from './guest.ts';

const ko = { ...base, ...sheetWords.ko };
const ROOM = 'hangul-lines';
const PAPER = { light: 'rgb(255, 255, 255)', dark: 'rgb(20, 21, 25)' };

/** What one engine does otherwise than another, as `docs/browsers.md` has it. */
export type Traits = {
  /** Whether a frame of another site gets storage, and whether the chat's own pages find it there. */
  storage: 'partitioned' | 'shared' | 'none';
  /** Whether a partitioned cookie is kept for it. */
  cookie: boolean;
};

/** One reader at the demo blog, in one engine as it comes: reads, takes a name, talks, returns, and sees the server die. */
export async function play(t: Test, open: () => Promise<Engine>, traits: Traits): Promise<void> {
  const stage = await openStage();
  t.teardown(() => stage.close());
  await fillRoom(stage, ROOM, [{ nick: '졸린 여우', avatar: 'fox', texts: ['벤치마크 부분 정말 잘 읽었어요'] }]);
  const other = await openClient(stage.chat.ws, { room: ROOM, ...person('밤새는 부엉이') });
  const engine = await open();
  t.teardown(() => engine.close());
  const guest = guestOf(engine);
  /** To be looked at, where a folder is given for it. */
  const shoot = async (theme: string): Promise<void> => {
    if (!process.env.LOOKS) return;
    // WebKit shows what was painted last, which may be older than the page.
    await engine.run('room', () => { const { dataset } = document.documentElement; delete dataset.painted; requestAnimationFrame(() => requestAnimationFrame(() => { dataset.painted = ''; })); }, null);
    await guest.await('room', () => document.documentElement.dataset.painted === '', null);
    await writeFile(path.join(process.env.LOOKS, `${engine.name.split(' ')[0]?.toLowerCase()}-${theme}.png`), await engine.shoot());
  };
  /** What the widget shows before it is saved does not count: the server has told somebody else. */
  const untilHeard = async (told: Partial<LiveRow> | { deleted: true }): Promise<void> => void (await other.next('rows', ({ rows }) => rows.some((row) => isDeepStrictEqual({ ...row, ...told }, row))));
  const saved = (text: string): Promise<number> => stage.sql<{ count: number }[]>`select count(*)::int as count from messages where content = ${text}`.then(([row]) => row?.count ?? 0);
  /** Its frame is asked for when it is near. */
  const approach = (): Promise<void> => engine.run('blog', () => document.querySelector('.room')?.scrollIntoView(), null);
  t.comment(engine.name);

  await t.test('the post frames a room of another site, and what was said before stands in it', async (t) => {
    await engine.go(`${stage.blog}/${ROOM}`);
    await approach();
    await guest.find('.line.theirs .text', '벤치마크');
    t.equal(await engine.run('room', () => self.origin, null), stage.chat.http);
    t.not(new URL(stage.blog).hostname, new URL(stage.chat.http).hostname);
    t.equal(await engine.run('room', () => document.documentElement.lang, null), 'ko');
    t.same((await guest.sight()).name, null);
  });

  await t.test('a name is taken, and Korean typed key by key is sent once by Enter', async (t) => {
    await guest.fill('.card input', '수줍은 고래');
    await guest.click('.card .go');
    await guest.say('저도 왔어요');
    await guest.find('.line.mine[data-n] .text', '저도 왔어요');
    await untilHeard({ text: '저도 왔어요' });
    t.equal(await saved('저도 왔어요'), 1);
    t.match(await guest.sight(), { mine: ['저도 왔어요'], theirs: ['벤치마크 부분 정말 잘 읽었어요'], name: '수줍은 고래', draft: '' });
  });

  await t.test('what another says is there without a reload', async () => {
    await other.say('반가워요');
    await guest.find('.line.theirs .text', '반가워요');
  });

  await t.test('the pointer over a message brings what can be done with it: a reply carries what it answers', async (t) => {
    await guest.point('.line.theirs[data-n] .text', '벤치마크');
    await guest.click('.tools [data-do="reply"]');
    await guest.find('.purpose', '졸린 여우');
    await guest.say('저도요');
    await guest.find('.line.mine[data-n] .quote', '벤치마크');
    await untilHeard({ text: '저도요', re: 1 });
    t.equal(await saved('저도요'), 1);
  });

  await t.test('↑ rewrites one’s last word', async (t) => {
    await guest.click('.composer textarea');
    await guest.press('ArrowUp');
    await guest.await('room', (text) => document.querySelector('textarea')?.value === text, '저도요');
    await guest.say('저도 그랬어요');
    await guest.find('.line.mine[data-n] small', ko.edited);
    await untilHeard({ text: '저도 그랬어요' });
    t.equal(await saved('저도 그랬어요'), 1);
    t.equal(await saved('저도요'), 0);
  });

  await t.test('the menu of a message opens by keyboard; a reaction counts', async () => {
    await engine.run('room', () => document.querySelector<HTMLElement>('.line.theirs[data-n]')?.focus(), null);
    await guest.press('Enter');
    await guest.click('dialog .six button', '🎉');
    await guest.find('.line.theirs[data-n] [data-emoji="🎉"][aria-pressed="true"]', '1');
    await untilHeard({ n: 1, reactions: { '🎉': 1 } });
    await guest.gone('dialog');
  });

  await t.test('one’s own word is deleted, after one was asked', async (t) => {
    await guest.say('이건 지울 말');
    await guest.find('.line.mine[data-n] .text', '이건 지울 말');
    await guest.point('.line.mine[data-n] .text', '이건 지울 말');
    await guest.click('.tools [data-do="message"]');
    await guest.click('dialog .item.danger', ko.remove);
    await guest.click('dialog .sure .danger', ko.remove);
    await guest.gone('dialog');
    await guest.await('room', (text) => ![...document.querySelectorAll('.line .text')].some((one) => one.textContent === text), '이건 지울 말');
    await untilHeard({ deleted: true });
    t.equal(await saved('이건 지울 말'), 0);
  });

  await t.test('the room follows the theme of the blog', async (t) => {
    const paper = (): Promise<string> => engine.run('room', () => getComputedStyle(document.body).backgroundColor, null);
    t.equal(await paper(), PAPER.light);
    await shoot('light');
    await guest.click('.toggle', '', 'blog');
    await guest.await('room', (dark) => getComputedStyle(document.body).backgroundColor === dark, PAPER.dark);
    await shoot('dark');
  });

  await t.test('after a reload one is the same animal with the same history', async (t) => {
    const before = await guest.sight();
    await engine.reload();
    await approach();
    await guest.find('.composer .me');
    await guest.find('.line.mine .text', '저도 그랬어요');
    t.same(await guest.sight(), before);
  });

  await t.test('the server dies in the middle of a word: it is said once, when the server is back', async (t) => {
    const text = '서버가 죽어도 한 번만';
    await guest.fill('.composer textarea', text.slice(0, 5));
    await stage.chat.kill();
    await engine.type(text.slice(5));
    t.equal((await guest.sight()).draft, text);
    await guest.press('Enter');
    await guest.find('.line.mine.sending .text', text);
    await stage.chat.start();
    await guest.find('.line.mine[data-n] .text', text);
    t.equal(await saved(text), 1);
    t.equal((await guest.sight()).mine.filter((one) => one === text).length, 1);
  });

  await t.test('what the engine keeps for a frame of another site is as docs/browsers.md says', async (t) => {
    const kept = (): boolean => { try { return localStorage.getItem('aside:me') !== null; } catch { return false; } };
    const framed = await engine.run('room', kept, null);
    const cookie = await engine.run('room', () => {
      Object.assign(document, { cookie: '__Host-tried=1; Path=/; Secure; SameSite=None; Partitioned' });
      return document.cookie.includes('__Host-tried');
    }, null);
    await engine.go(`${stage.chat.http}/room/${ROOM}`);
    const alone = await engine.run('blog', kept, null);
    t.same({ storage: framed ? alone ? 'shared' : 'partitioned' : 'none', cookie }, traits);
  });

  await t.test('only the lost server was complained of', async (t) => {
    t.same(engine.complaints.filter((one) => !one.includes(stage.chat.ws) && !/ERR_CONNECTION_REFUSED/.test(one)), []);
  });
}
