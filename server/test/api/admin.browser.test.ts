import { mkdir, readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import t from 'tap';
import { pageWords } from '../../../widget/src/admin/page-words.ts';
import type { Tab } from '../../../widget/src/admin/route.ts';
import { words as admin } from '../../../widget/src/admin/words.ts';
import { builderWords } from '../../../widget/src/embed/snippet.ts';
import { deskWords } from '../../../widget/src/ui/sheets/desk-words.ts';
import { findBarriers } from '../browser/axe.ts';
import { openStage } from '../browser/stage.ts';
import { authorOf, does, idOf } from '../moderation/desk.ts';
import { openClient } from '../support/client.ts';
import { until } from '../support/until.ts';
import { openPlaylist } from './calls.ts';

t.setTimeout(170_000);
const ADMIN = 'the-operator-of-these-tests-has-this-token';
const playlist = await openPlaylist();
const stage = await openStage(() => ({ STREAM_ALLOW: '127.0.0.1' }));
t.teardown(async () => {
  await stage.close();
  await playlist.close();
});
const ko = { ...pageWords.ko, desk: deskWords.ko, title: pageWords.ko.desk };
const embed = builderWords.ko;
const shots = process.env.ASIDE_SHOTS;
if (shots) await mkdir(shots, { recursive: true });
const SIZES = { desktop: { viewport: { width: 1000, height: 800 } }, phone: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } } as const;

for (const size of ['desktop', 'phone'] as const) {
  t.test(`an owner sees and does everything in our own page, ${size}`, async (t) => {
    const room = `kitchen-${size}`;
    const [anna, loud, quiet] = await Promise.all([
      openClient(stage.chat.ws, { room, id: idOf(1), nick: '느긋한 수달', avatar: 'otter' }),
      openClient(stage.chat.ws, { room, id: idOf(2), nick: '시끄러운 여우', avatar: 'fox' }),
      openClient(stage.chat.ws, { room: `quiet-${size}`, id: idOf(3), nick: '졸린 곰', avatar: 'bear' }),
    ]);
    t.teardown(() => Promise.all([anna, loud, quiet].map((one) => one.close())));
    await quiet.say('조용한 방이에요');
    await anna.say('이 글 덕분에 된장찌개를 끓였어요');
    await loud.say('여기 광고 보세요');
    for (let i = 1; i <= 12; i += 1) await anna.say(`레시피 질문 ${i}`);
    await does(anna, { t: 'report', n: 2, reason: 'spam' });

    const context = await (await stage.browser('partitioned')).openContext({ ...SIZES[size], locale: 'ko-KR' });
    t.teardown(() => context.close());
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    const keep = async (name: string): Promise<void> => {
      t.same(await findBarriers(page), [], `${name} is accessible`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      t.ok(wide <= 0, `${name} is no wider than the screen (${wide})`);
      if (shots) await page.screenshot({ path: `${shots}/admin-${name}-${size}.png`, fullPage: true, animations: 'disabled' });
    };
    const go = (tab: Tab) => page.getByRole('navigation').getByRole('link', { name: ko.tabs[tab], exact: true }).click();
    const told = (text: string) => page.locator('.told').getByText(text).waitFor();

    await page.goto(`${stage.chat.http}/admin`);
    await page.getByLabel(admin.ko.token).fill(ADMIN);
    await page.getByRole('button', { name: admin.ko.enter }).click();
    await page.getByText(ko.reported(1)).waitFor();
    t.match(await page.locator('.rooms li').first().textContent(), room, 'what is reported stands first');
    await keep('rooms');
    await page.getByLabel(ko.find).fill('kitchen');
    await until(async () => (await page.locator('.rooms li').count()) < 3, 5_000);

    await page.locator('.rooms a').first().click();
    await page.getByRole('heading', { name: ko.title }).waitFor();
    await page.getByText('여기 광고 보세요').first().waitFor();
    await keep('room');
    await takesDown(page);
    await anna.next('rows', ({ rows }) => rows.some((row) => row.n === 2 && row.deleted));
    await page.locator('.told').getByRole('button', { name: ko.undo }).click();
    await told(ko.undone);
    await anna.next('rows', ({ rows }) => rows.some((row) => row.n === 2 && !row.deleted && row.rev > 3));

    await page.getByLabel(ko.searchHint).fill('된장');
    await until(async () => (await page.locator('section').last().count()) > 0 && (await page.getByText('레시피 질문 12').count()) === 0, 5_000);
    await page.getByText('이 글 덕분에 된장찌개를 끓였어요').waitFor();
    await page.getByLabel(ko.searchHint).fill('');
    await page.locator('summary', { hasText: '시끄러운 여우' }).first().click();
    await page.getByRole('button', { name: ko.onlyTheirs }).first().click();
    await page.getByText(ko.author('시끄러운 여우')).waitFor();
    await until(async () => (await page.getByText('레시피 질문 12').count()) === 0, 5_000);
    await until(async () => (await page.locator('details[open]').count()) > 0 || page.locator('summary').first().click().then(() => false), 5_000);
    await page.locator('details[open]').getByRole('button', { name: ko.mute }).first().click();
    await told(ko.muted('시끄러운 여우'));
    t.match(await loud.say('또 광고'), { t: 'no', code: 'muted' });

    await page.getByLabel(ko.streamUrl).fill('https://no.such.host.example/x.m3u8');
    await page.getByRole('button', { name: ko.attach }).click();
    await page.getByRole('alert').getByText(ko.streamWrong).waitFor();
    await page.getByLabel(ko.streamUrl).fill(playlist.url);
    await page.getByLabel(ko.streamTitle).fill('저녁 방송');
    await page.getByRole('button', { name: ko.attach }).click();
    await page.getByText(ko.streamNow('저녁 방송')).waitFor();
    await anna.next('rows', ({ room: facts }) => facts?.stream?.title === '저녁 방송');
    await page.getByRole('button', { name: ko.detach }).click();
    await page.getByText(ko.streamNone).waitFor();

    await takesAlongAndBringsBack(page);
    await holdsAndApproves(page);

    await go('bans');
    await page.getByText('시끄러운 여우').waitFor();
    await keep('bans');
    await page.getByRole('button', { name: ko.lift }).first().click();
    await told(ko.lifted);
    t.match(await loud.say('이제 조용히 할게요'), { t: 'ok' });

    await go('words');
    await page.getByLabel(ko.blocked).fill('오이무침\n가지볶음');
    await page.getByRole('button', { name: ko.save, exact: true }).click();
    await told(ko.saved);
    await keep('words');
    t.match(await loud.say('오 이 무 침 어때요'), { t: 'no', code: 'bad_word' });
    await page.getByLabel(ko.blocked).fill('');
    await page.getByRole('button', { name: ko.save, exact: true }).click();
    await told(ko.saved);

    await go('audit');
    await page.getByText(ko.undoneMark).first().waitFor();
    await page.getByRole('button', { name: ko.undo }).first().click();
    await told(ko.undone);
    t.notMatch(await page.locator('main').textContent(), '여기 광고 보세요', 'no words stand in the record');
    await keep('audit');

    await go('people');
    await page.getByLabel(admin.ko.name).fill('민지');
    await page.getByRole('button', { name: admin.ko.make }).click();
    await page.getByLabel(admin.ko.link).waitFor();
    await keep('people');

    await go('pair');
    await page.getByText(admin.ko.pairTitle).waitFor();
    await keep('pair');

    await go('embed');
    await page.getByLabel(embed.id).fill(room);
    await page.getByLabel(embed.theme).selectOption('dark');
    t.equal(await page.locator('pre code').textContent(), `<script async src="${stage.chat.http}/embed.js" data-post-id="${room}" data-theme="dark"></script>`);
    await page.getByLabel(embed.ways.frame).check();
    await page.getByLabel(ko.embed.site).fill('둘째 "블로그"');
    t.match(await page.locator('pre code').textContent(), `src="${stage.chat.http}/embed?postId=${room}&#38;site=`);
    await keep('embed');
    await page.getByLabel(embed.id).fill('');
    t.equal(await page.locator('pre code').count(), 0, 'a frame needs the id of its post');
    await page.getByLabel(embed.ways.line).check();
    await page.getByLabel(embed.mapping).selectOption('canonical');
    t.match(await page.locator('pre code').textContent(), 'data-mapping="canonical"');
    await page.getByRole('button', { name: embed.copy, exact: true }).click();
    await page.locator('.told').getByText(/복사/).waitFor();
    await go('errors');
    await page.getByText(ko.errors.hint).waitFor();
    if (size === 'desktop') {
      await page.getByText(ko.errors.none).waitFor();
      await keep('errors-none');
    }
    const report = (code: string, at?: string) => fetch(`${stage.chat.http}/api/v1/errors`, { method: 'POST', body: JSON.stringify({ code, version: 'COALBYgn', ...(at && { at }) }) });
    for (const at of ['index-COALBYgn.js:1:20481', 'index-COALBYgn.js:1:20481', 'StreamView-Bkx6iEet.js:3:5120']) await report(`type_error_${size}`, at);
    await report(`error_${size}`);
    await stage.sql`insert into errors (source, code, version, at, count, first_at) values ('server', ${`postgres_error_${size}`}, '0.1.0', 'server/src/log/overview.ts:47', 12345, now() - interval '9 days')`;
    await page.getByText(`type_error_${size}`).first().waitFor();
    await page.getByText('server/src/log/overview.ts:47').first().waitFor();
    t.match(await page.locator('li', { hasText: `type_error_${size}` }).filter({ hasText: '20481' }).textContent(), ko.errors.times('2'), 'it came without being asked for');
    await keep('errors');

    await go('server');
    await page.getByText('PostgreSQL').first().waitFor();
    await page.getByText('ROOM_MESSAGES_PER_S').waitFor();
    t.notMatch(await page.locator('main').textContent(), ADMIN);
    await page.getByLabel(ko.doctor.url).fill(playlist.url);
    await page.getByRole('button', { name: ko.doctor.look, exact: true }).click();
    await page.getByText(ko.doctor.looks.snippet?.wrong ?? '').waitFor();
    await keep('server');

    async function takesAlongAndBringsBack(page: Page): Promise<void> {
      const saving = page.waitForEvent('download');
      await page.getByRole('button', { name: 'NDJSON', exact: true }).click();
      const saved = await saving;
      t.equal(saved.suggestedFilename(), `${room}.ndjson`);
      const file = await readFile(await saved.path(), 'utf8');
      t.match(file, '이 글 덕분에 된장찌개를 끓였어요');
      const choose = (text: string) => page.getByLabel(ko.files.bring).setInputFiles({ name: 'room.ndjson', mimeType: 'application/x-ndjson', buffer: Buffer.from(text) });
      const line = (n: number, at: number, nick = '돌아온 부엉이'): string => JSON.stringify({ n, cid: `line-of-the-file-${n}`, author: 'bcdefghijklmnopq', nick, avatar: 'owl', text: `파일에서 온 말 ${n}`, at });
      await choose(`${line(1, 1_700_000_000_000)}\n`);
      await page.getByRole('alert').getByText(ko.files.newer).waitFor();
      await choose(`${file}${line(1_000, Date.now(), '')}\n`);
      await page.getByRole('alert').getByText(ko.files.bad(String(file.trim().split('\n').length + 1), '')).waitFor();
      await keep('files');
      await choose(`${file}${line(1_000, Date.now())}\n${line(1_001, Date.now())}\n`);
      await page.getByRole('status').getByText(ko.files.done('2')).waitFor();
      await anna.next('rows', ({ rows }) => rows.some((row) => !row.deleted && row.text === '파일에서 온 말 1001'));
      await page.getByRole('button', { name: ko.clear, exact: true }).click();
      await page.getByText('파일에서 온 말 1001').waitFor();
    }

    async function takesDown(page: Page): Promise<void> {
      await page.getByRole('button', { name: ko.desk.take, exact: true }).first().click();
      await told(ko.desk.taken);
    }

    async function holdsAndApproves(page: Page): Promise<void> {
      const key = await page.evaluate(() => Object.values(localStorage).find((one) => /^[\w-]{43}$/.test(String(one))) as string);
      const act = (body: object) => fetch(`${stage.chat.http}/api/v1/rooms/${room}/acts`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
      t.equal((await act({ t: 'mod', do: 'rules', rules: { hold: true } })).status, 200);
      const fresh = await openClient(stage.chat.ws, { room, id: idOf(size === 'phone' ? 41 : 40), nick: '처음 온 토끼', avatar: 'rabbit' });
      t.match(await fresh.say('처음 왔어요'), { held: true });
      await page.getByText('처음 왔어요').waitFor();
      if (shots) await page.screenshot({ path: `${shots}/admin-desk-${size}.png`, fullPage: true, animations: 'disabled' });
      await page.getByRole('button', { name: ko.desk.approve }).click();
      await anna.next('rows', ({ rows }) => rows.some((row) => !row.deleted && row.text === '처음 왔어요'));
      t.equal((await act({ t: 'mod', do: 'rules', rules: {} })).status, 200);
      t.match(authorOf(fresh), /^[a-z2-7]{16}$/);
      await fresh.close();
    }
  });
}
