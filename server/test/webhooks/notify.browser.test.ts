import { mkdir } from 'node:fs/promises';
import t from 'tap';
import { hookWords } from '../../../widget/src/admin/hook-words.ts';
import { pageWords } from '../../../widget/src/admin/page-words.ts';
import { words as admin } from '../../../widget/src/admin/words.ts';
import { findBarriers } from '../browser/axe.ts';
import { openStage } from '../browser/stage.ts';
import { does, idOf } from '../moderation/desk.ts';
import { openClient } from '../support/client.ts';
import { until } from '../support/until.ts';
import { openReceiver } from './receiver.ts';

t.setTimeout(120_000);
const ADMIN = 'the-operator-of-these-tests-has-this-token';
const receiver = await openReceiver();
const stage = await openStage(() => ({ WEBHOOK_ALLOW: '127.0.0.1' }));
t.teardown(async () => {
  await stage.close();
  await receiver.close();
});
const ko = hookWords.ko;
const shots = process.env.ASIDE_SHOTS;
if (shots) await mkdir(shots, { recursive: true });
const SIZES = { desktop: { viewport: { width: 1000, height: 800 } }, phone: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } } as const;

for (const size of ['desktop', 'phone'] as const) {
  t.test(`an owner says who is told, and decides from a link in the chat, ${size}`, async (t) => {
    const context = await (await stage.browser('partitioned')).openContext({ ...SIZES[size], locale: 'ko-KR' });
    t.teardown(() => context.close());
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    const keep = async (name: string): Promise<void> => {
      t.same(await findBarriers(page), [], `${name} is accessible`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      t.ok(wide <= 0, `${name} is no wider than the screen (${wide})`);
      if (shots) await page.screenshot({ path: `${shots}/notify-${name}-${size}.png`, fullPage: true, animations: 'disabled' });
    };
    const told = (text: string) => page.locator('.told').getByText(text).waitFor();
    const room = `kitchen-${size}`;
    receiver.answers = 204;

    await page.goto(`${stage.chat.http}/admin`);
    await page.getByLabel(admin.ko.token).fill(ADMIN);
    await page.getByRole('button', { name: admin.ko.enter }).click();
    await page.getByRole('navigation').getByRole('link', { name: pageWords.ko.tabs.hooks, exact: true }).click();
    await page.getByText(ko.none).waitFor();
    await page.getByLabel(ko.url).fill('http://10.0.0.1/');
    await page.getByRole('button', { name: ko.make, exact: true }).click();
    await page.getByRole('alert').getByText(ko.wrong.private_address ?? '').waitFor();
    await keep('wrong');
    await page.getByLabel(ko.kind).selectOption('json');
    await page.getByLabel(ko.url).fill(receiver.url);
    await page.getByLabel(ko.where).fill(room);
    await page.getByRole('button', { name: ko.make, exact: true }).click();
    await page.getByText(`${room} · `).waitFor();
    await page.getByRole('button', { name: ko.more }).click();
    await page.getByRole('button', { name: ko.test }).click();
    await told(ko.testOk);
    t.match(receiver.told.at(-1)?.body, { event: 'test' });

    const anna = await openClient(stage.chat.ws, { room, id: idOf(1), nick: '느긋한 수달', avatar: 'otter' });
    t.teardown(() => anna.close());
    receiver.answers = 500;
    await anna.say('이 글 덕분에 된장찌개를 끓였어요');
    await page.getByText('HTTP 500').waitFor();
    await keep('late');
    receiver.answers = 204;

    const key = await page.evaluate(() => Object.values(localStorage).find((one) => /^[\w-]{43}$/.test(String(one))) as string);
    const act = (body: object) => fetch(`${stage.chat.http}/api/v1/rooms/${room}/acts`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    t.equal((await act({ t: 'mod', do: 'rules', rules: { hold: true } })).status, 200);
    const fresh = await openClient(stage.chat.ws, { room, id: idOf(size === 'phone' ? 41 : 40), nick: '처음 온 토끼', avatar: 'rabbit' });
    t.teardown(() => fresh.close());
    await does(fresh, { t: 'say', text: '처음 왔어요' });
    const heldOf = () => receiver.told.findLast(({ body }) => body.event === 'held' && body.room === room);
    await until(() => heldOf() !== undefined, 10_000);
    const link = new URL(heldOf()?.body.approve ?? '');
    t.equal((await fetch(link)).status, 200);
    const desk = await fetch(`${stage.chat.http}/api/v1/rooms/${room}/desk`, { headers: { authorization: `Bearer ${key}` } });
    t.match(await desk.json(), { waiting: [{ text: '처음 왔어요' }] }, 'who only fetches the link decides nothing');
    // As it is opened from a chat: a tab of its own, and nobody signed in.
    const stranger = await (await stage.browser('partitioned')).openContext({ ...SIZES[size], locale: 'ko-KR' });
    t.teardown(() => stranger.close());
    const tab = await stranger.newPage();
    await tab.goto(`${stage.chat.http}/admin${link.hash}`);
    await tab.getByText(ko.did.approve).waitFor();
    await tab.getByText('처음 왔어요').waitFor();
    t.equal(new URL(tab.url()).hash, '', 'the token stays in no address bar');
    t.same(await findBarriers(tab), []);
    if (shots) await tab.screenshot({ path: `${shots}/notify-tap-${size}.png`, animations: 'disabled' });
    await anna.next('rows', ({ rows }) => rows.some((row) => !row.deleted && row.text === '처음 왔어요'));
    await tab.goto('about:blank');
    await tab.goto(`${stage.chat.http}/admin${link.hash}`);
    await tab.getByText(ko.decided).waitFor();

    await page.getByRole('button', { name: ko.remove }).click();
    await page.getByText(ko.sure).waitFor();
    await page.locator('.sure').getByRole('button', { name: ko.remove }).click();
    await told(ko.removed);
    await page.getByText(ko.none).waitFor();
  });
}
