import { createHmac } from 'node:crypto';
import { nanoid } from 'nanoid';
import t, { type Test } from 'tap';
import { ADMIN_TOKEN, ask as askServer, authorOf, does, enter, idOf, moderatorKey, ownerKey } from '../moderation/desk.ts';
import { ticketOf } from '../privacy/person.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { tell } from '../../src/http/told.ts';
import { openReceiver, type Receiver, type Told } from './receiver.ts';

const WITHIN_MS = 10_000;
const database = await openDatabase();
const gate = await openReceiver();
const server = await openServer(database.url, { ADMIN_TOKEN, WEBHOOK_ALLOW: '127.0.0.1', STREAM_ALLOW: '127.0.0.1', PUBLIC_URL: 'http://chat.example' });
const owner = await ownerKey(server);
t.teardown(async () => {
  await server.close();
  await gate.close();
  await database.close();
});

type Body = { id: number; key: string; again: number; ok: boolean; about: string; code: string; did: string; nick: string; text: string; webhooks: { id: number; waiting: number; dead: number; offAt: number | null }[]; deliveries: { event: string; attempts: number; error: string | null }[] };
const ask = async (method: string, path: string, body?: unknown, token = owner): Promise<{ status: number; body: Body }> => (await askServer(server, method, `/api/v1${path}`, { token, body })) as never;

async function hook(receiver: Receiver, more: object = {}): Promise<{ id: number; key: string }> {
  const made = await ask('POST', '/webhooks', { url: receiver.url, ...more });
  if (made.status !== 201) throw new Error(JSON.stringify(made));
  return made.body;
}

async function listen(t: Test, more: object = {}): Promise<Receiver & { id: number; key: string }> {
  const receiver = await openReceiver();
  const made = await hook(receiver, more);
  t.teardown(async () => {
    await ask('DELETE', `/webhooks/${made.id}`);
    await receiver.close();
  });
  return Object.assign(receiver, made);
}

const ofEvent = (receiver: Receiver, event: string): Told[] => receiver.told.filter((one) => one.headers['aside-event'] === event);
const untilTold = async (receiver: Receiver, event: string, count = 1): Promise<Told[]> => {
  await until(() => ofEvent(receiver, event).length >= count, WITHIN_MS);
  return ofEvent(receiver, event);
};

t.test('a receiver is told of every message, report, ban and stream, and knows by the signature that it is us', async (t) => {
  const receiver = await listen(t, { room: 'news' });
  const anna = await enter(server, 'news', { id: idOf(1) });
  t.teardown(() => anna.close());
  for (const text of ['안녕하세요', '둘째 글']) await anna.say(text);
  const [first, second] = await untilTold(receiver, 'message', 2);
  const texts = ofEvent(receiver, 'message').map((one) => one.body.message.text);
  t.same(texts.sort(), ['둘째 글', '안녕하세요'].sort());
  t.match(first?.body, { event: 'message', site: '', room: 'news', url: 'http://chat.example/room/news', message: { nick: '너구리', author: authorOf(anna) } });
  t.not(first?.headers['aside-delivery'], second?.headers['aside-delivery']);
  const [, at, sign] = /^t=(\d+),v1=([\da-f]{64})$/.exec(String(first?.headers['aside-signature'])) ?? [];
  t.equal(createHmac('sha256', receiver.key).update(`${at}.${first?.text}`).digest('hex'), sign);

  const ben = await enter(server, 'news', { id: idOf(2) });
  await does(ben, { t: 'report', n: 1, reason: 'spam' });
  await ben.close();
  const [report] = await untilTold(receiver, 'report');
  t.match(report?.body, { message: { n: 1 }, count: 1, reasons: { spam: 1 } });
  await ask('POST', '/rooms/news/acts', { t: 'mod', do: 'mute', who: authorOf(anna), seconds: 600 });
  const [ban] = await untilTold(receiver, 'ban');
  t.match(ban?.body, { ban: { nick: '너구리', mute: true, everywhere: false } });
  t.notOk(JSON.stringify(ban?.body).includes(authorOf(anna)), 'whose id it is is not told');
});

t.test('only of the room or the site that was asked for, and only of the events', async (t) => {
  const [one, site, all] = [await listen(t, { room: 'one', events: ['message'] }), await listen(t, { site: 'blog-b' }), await listen(t)];
  for (const [room, where] of [['one', ''], ['two', ''], ['one', 'blog-b']] as const) {
    const anna = await enter(server, room, { id: idOf(3), ...(where && { site: where }) });
    await anna.say('여기');
    anna.send({ t: 'report', cid: nanoid(), n: 1, reason: 'other' });
    await anna.next('ok');
    await anna.close();
  }
  await untilTold(all, 'message', 3);
  await untilTold(site, 'message');
  await untilTold(one, 'message');
  t.same(one.told.map(({ body }) => `${body.site}/${body.room} ${body.event}`), ['/one message']);
  t.same(new Set(site.told.map(({ body }) => `${body.site}/${body.room}`)), new Set(['blog-b/one']));
});

t.test('what was deleted before it could be told is told to nobody', async (t) => {
  const receiver = await listen(t, { room: 'gone' });
  receiver.answers = 500;
  const anna = await enter(server, 'gone', { id: idOf(4) });
  t.teardown(() => anna.close());
  await anna.say('지울 글');
  await until(() => receiver.told.length > 0, WITHIN_MS);
  await does(anna, { t: 'delete', n: 1 });
  receiver.answers = 204;
  const known = receiver.told.length;
  await database.sql`update webhook_queue set next_at = now()`;
  await until(async () => (await ask('GET', `/webhooks/${receiver.id}/deliveries`)).body.deliveries.length === 0, WITHIN_MS);
  t.equal(receiver.told.length, known);
  t.same([...(await database.sql`select from webhook_queue`)], []);
});

t.test('whoever erases themselves is told of to nobody any more, and is not in the queue', async (t) => {
  const receiver = await listen(t, { room: 'erased' });
  const bye = await enter(server, 'erased', { id: idOf(11) });
  t.teardown(() => bye.close());
  await bye.say('먼저');
  await untilTold(receiver, 'message');
  receiver.answers = 500;
  t.match(await ask('POST', '/rooms/erased/acts', { t: 'mod', do: 'rules', rules: { hold: true } }), { status: 200 });
  await does(bye, { t: 'say', text: '기다리는 비밀' });
  await untilTold(receiver, 'held');
  const waits = JSON.stringify([await database.sql`select * from webhook_queue`, await database.sql`select * from webhook_digests`]);
  t.match(waits, '"held"');
  for (const secret of [authorOf(bye), '기다리는 비밀', '너구리']) t.notMatch(waits, secret);
  const { ticket } = (await does(bye, { t: 'ticket' })) as unknown as { ticket: string };
  t.match(await ask('DELETE', '/mine', undefined, ticket), { status: 200 });
  receiver.answers = 204;
  const known = receiver.told.length;
  await database.sql`update webhook_queue set next_at = now()`;
  await until(async () => (await ask('GET', `/webhooks/${receiver.id}/deliveries`)).body.deliveries.length === 0, WITHIN_MS);
  t.equal(receiver.told.length, known);
});

t.test('a chat is told of the first message at once, and of the others once in ten minutes', async (t) => {
  const slack = await listen(t, { kind: 'slack', room: 'chat' });
  const anna = await enter(server, 'chat', { id: idOf(5) });
  t.teardown(() => anna.close());
  await anna.say('처음 <b>&');
  const [first] = await untilTold(slack, 'message');
  t.match(first?.body.text, /‘chat’에 첫 메시지가 왔어요\.\n너구리: 처음 &lt;b&gt;&amp;\n<http:\/\/chat\.example\/room\/chat\|대화 열기>/);
  for (let i = 0; i < 8; i += 1) await anna.say(`다음 ${i}`);
  const due = await database.sql<{ wait: number }[]>`select extract(epoch from due_at - now())::int as wait from webhook_digests`;
  t.equal(due.length, 1);
  t.ok((due[0]?.wait ?? 0) > 590 && (due[0]?.wait ?? 0) <= 600, 'ten minutes from the first of them');
  await database.sql`update webhook_digests set due_at = now()`;
  const [digest] = await untilTold(slack, 'digest');
  t.match(digest?.body.text, /메시지 8개가 왔어요\.\n너구리: 다음 0\n(너구리: 다음 \d\n){4}</);
  t.equal(slack.told.length, 2);
});

t.test('Slack, Discord and Telegram are told in the shape they take', async (t) => {
  const [discord, telegram] = [await listen(t, { kind: 'discord', room: 'shapes', lang: 'en' }), await openReceiver()];
  const made = await hook(telegram, { url: `${telegram.url}bot1:x/sendMessage?chat_id=-100`, kind: 'telegram', room: 'shapes' });
  t.teardown(async () => {
    await ask('DELETE', `/webhooks/${made.id}`);
    await telegram.close();
  });
  const anna = await enter(server, 'shapes', { id: idOf(6) });
  t.teardown(() => anna.close());
  await anna.say('@everyone *굵게*');
  const [inDiscord] = await untilTold(discord, 'message');
  t.same(inDiscord?.body, { content: 'The first message on “shapes”.\n너구리: @everyone \\*굵게\\*\n[Open the chat](<http://chat.example/room/shapes>)', flags: 4, allowed_mentions: { parse: [] } });
  const [inTelegram] = await untilTold(telegram, 'message');
  t.equal(inTelegram?.path, '/bot1:x/sendMessage');
  t.same(inTelegram?.body, {
    chat_id: '-100', text: '‘shapes’에 첫 메시지가 왔어요.\n너구리: @everyone *굵게*', link_preview_options: { is_disabled: true },
    reply_markup: { inline_keyboard: [[{ text: '대화 열기', url: 'http://chat.example/room/shapes' }]] },
  });
  t.match((await ask('POST', `/webhooks/${made.id}/test`)).body, { ok: true, about: 'status_204' });
  t.match(telegram.told.at(-1)?.body, { text: 'Aside가 여기로 알려 드려요.' });
});

t.test('words that wait are approved or refused by one tap on a link that nobody else can make', async (t) => {
  const receiver = await listen(t, { room: 'held' });
  const anna = await enter(server, 'held', { id: idOf(7) });
  t.teardown(() => anna.close());
  await anna.say('안녕');
  t.match(await ask('POST', '/rooms/held/acts', { t: 'mod', do: 'rules', rules: { hold: true } }), { status: 200 });
  for (const text of ['좋은 말', '나쁜 말']) await does(anna, { t: 'say', text });
  const told = (await untilTold(receiver, 'held', 2)).map(({ body }) => body as { held: { text: string; nick: string }; approve: string; refuse: string });
  const tokenOf = (link: string | undefined): string => /^http:\/\/chat\.example\/admin#held=(.+)$/.exec(link ?? '')?.[1] ?? '';
  const [good, bad] = ['좋은 말', '나쁜 말'].map((text) => told.find((one) => one.held.text === text));
  t.notOk(JSON.stringify(told).includes(authorOf(anna)));

  const token = tokenOf(good?.approve);
  const [said = '', sealed = ''] = token.split('.');
  const changed = Buffer.from(Buffer.from(said, 'base64url').toString().replace('approve', 'refuse')).toString('base64url');
  t.not(changed, said);
  t.match(await ask('POST', '/held', { token: `${changed}.${sealed}` }, ''), { status: 401 }, 'changed');
  t.match(await ask('POST', '/held', { token: await ticketOf(anna) }, ''), { status: 401 }, 'made for something else');
  t.match(await ask('POST', '/held', { token: `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}` }, ''), { status: 401 }, 'forged');
  t.match(await ask('POST', '/held', {}, ''), { status: 401 }, 'none');
  t.match(await ask('POST', '/held', { token }, ''), { status: 200, body: { did: 'approve', nick: '너구리', text: '좋은 말' } });
  t.match(await anna.next('rows', (frame) => JSON.stringify(frame).includes('좋은 말')), { t: 'rows' });
  t.match(await ask('POST', '/held', { token }, ''), { status: 404 }, 'once');
  t.match(await ask('POST', '/held', { token: tokenOf(bad?.refuse) }, ''), { status: 200, body: { did: 'refuse' } });
  t.match(await ask('POST', '/held', { token: tokenOf(bad?.approve) }, ''), { status: 404 }, 'what is decided stays so');
  const deeds = (await ask('GET', '/audit?room=held')).body as unknown as { audit: { action: string; by: string }[] };
  t.match(deeds.audit.slice(0, 2), [{ action: 'refuse', by: 'operator' }, { action: 'approve', by: 'operator' }], 'in the name of who made the webhook');
  const rest = await database.sql<{ ref: object }[]>`select ref from webhook_queue where event = 'held'`;
  t.notOk(JSON.stringify(rest).includes(authorOf(anna)), 'whose words they are is not in the queue');
});

t.test('nobody is asked to approve words they see a part of only, and no chat is told more than it takes', async (t) => {
  const telling = { id: 1, at: 0, place: { site: '', post: '가'.repeat(255) }, title: null, home: 'https://chat.example', taps: { approve: 'https://chat.example/admin#held=a', refuse: 'https://chat.example/admin#held=r' } };
  const held = (text: string) => ({ ...telling, news: { event: 'held' as const, held: { id: 1, nick: '너구리', text, at: 0 } } });
  const messages = Array.from({ length: 5 }, (_, i) => ({ n: i, rev: i, cid: 'c', author: 'a', nick: '*'.repeat(15), avatar: 'fox' as const, text: '*'.repeat(2_000), at: 0 }));
  for (const [kind, max] of [['discord', 2_000], ['telegram', 4_096], ['slack', 12_000]] as const) {
    const url = 'https://receiver.example/?chat_id=1';
    const [short, long, digest] = [held('짧은 말'), held(`${'_'.repeat(1_900)} 끝에 숨긴 말`), { ...telling, news: { event: 'digest' as const, count: 9, messages } }].map((one) => tell({ kind, url, lang: 'ko' }, one));
    t.match(short, /held=a.*held=r/s, kind);
    const isWhole = long?.includes('끝에 숨긴 말') ?? false;
    t.equal(long?.includes('held=a'), isWhole, kind);
    t.match(long, 'held=r', kind);
    t.equal(isWhole, kind !== 'discord', kind);
    for (const one of [short, long, digest]) {
      const body = JSON.parse(one ?? '');
      t.ok((body.text ?? body.content).length <= max, kind);
    }
  }
  const near = JSON.parse(tell({ kind: 'telegram', url: 'https://x.example/?chat_id=1', lang: 'ko' }, { ...held('짧은 말'), home: 'http://localhost:1', taps: { approve: 'http://localhost:1/admin#held=a', refuse: 'http://localhost:1/admin#held=r' } }));
  t.match(near, { text: /승인: http:\/\/localhost:1\/admin#held=a/, reply_markup: undefined }, 'Telegram’s buttons need a name with a dot');
});

t.test('a receiver that is gone is told no more, until somebody asks for it', async (t) => {
  const receiver = await listen(t, { room: 'off' });
  receiver.answers = 410;
  const anna = await enter(server, 'off', { id: idOf(8) });
  t.teardown(() => anna.close());
  await anna.say('하나');
  await until(async () => (await ask('GET', '/webhooks')).body.webhooks.find((one) => one.id === receiver.id)?.offAt, WITHIN_MS);
  await anna.say('둘');
  t.match((await ask('GET', `/webhooks/${receiver.id}/deliveries`)).body.deliveries, [{ event: 'message', error: 'status_410' }]);
  receiver.answers = 204;
  t.match(await ask('POST', `/webhooks/${receiver.id}/replay`), { status: 200 });
  await database.sql`update webhook_queue set next_at = now()`;
  await untilTold(receiver, 'message', 2);
  await anna.say('셋');
  await untilTold(receiver, 'message', 3);
});

t.test('a redirect is not followed, and an inside address is refused', async (t) => {
  const receiver = await listen(t, { room: 'moved' });
  receiver.answers = 302;
  const anna = await enter(server, 'moved', { id: idOf(9) });
  t.teardown(() => anna.close());
  await anna.say('안녕');
  t.match(await until(async () => (await ask('GET', `/webhooks/${receiver.id}/deliveries`)).body.deliveries.find((one) => one.error), WITHIN_MS), { error: 'status_302', attempts: 1 });
  t.same(receiver.told.map(({ path }) => path), ['/']);
  for (const [url, code] of [['http://10.0.0.1/', 'private_address'], ['http://localhost/', 'private_address'], ['http://[::1]/', 'private_address'], ['ftp://example.com/', 'bad_url'], ['http://a:b@example.com/', 'bad_url'], ['http://example.com:22/', 'bad_port'], ['그냥', 'bad_url']] as const) {
    t.match(await ask('POST', '/webhooks', { url }), { status: 400, body: { code } }, url);
  }
  for (const [more, code] of [[{ kind: 'irc' }, 'bad_kind'], [{ events: [] }, 'bad_events'], [{ events: ['say'] }, 'bad_events'], [{ lang: 'fr' }, 'bad_lang'], [{ kind: 'telegram' }, 'bad_url'], [{ room: '' }, 'bad_room']] as const) {
    t.match(await ask('POST', '/webhooks', { url: gate.url, ...more }), { status: 400, body: { code } }, code);
  }
  t.match(await ask('POST', '/webhooks', { url: gate.url }, (await moderatorKey(server)).key), { status: 403 });
  t.match(await ask('POST', '/webhooks', { url: gate.url }, ADMIN_TOKEN), { status: 403 }, 'somebody must answer for what its links decide');
});

t.test('a receiver that says nothing keeps nobody else waiting', async (t) => {
  const [mute, quick] = [await listen(t, { room: 'slow' }), await listen(t, { room: 'slow' })];
  mute.answers = 0;
  const anna = await enter(server, 'slow', { id: idOf(10) });
  t.teardown(() => anna.close());
  for (let i = 0; i < 20; i += 1) await anna.say(`글 ${i}`);
  await until(() => mute.told.length > 0, WITHIN_MS);
  await untilTold(quick, 'message', 20);
  t.ok(mute.told.length <= 8, 'of one receiver eight are under way at most');
});
