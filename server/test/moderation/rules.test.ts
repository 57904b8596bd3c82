import { nanoid } from 'nanoid';
import t from 'tap';
import type { Rules, ServerFrame } from '../../src/protocol/index.ts';
import type { Client } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer, type TestServer } from '../support/server.ts';
import { ADMIN_TOKEN, ask, authorOf, does, enter, idOf, moderatorKey, ownerKey, textsOf } from './desk.ts';

const database = await openDatabase();
const server = await openServer(database.url, { ADMIN_TOKEN });
const slower = await openServer(database.url, { ADMIN_TOKEN, REPEAT_SECONDS: '30' });
t.teardown(async () => {
  await server.close();
  await slower.close();
  await database.close();
});
const key = await ownerKey(server);
let people = 500;
const someone = (room: string, at: TestServer = server): Promise<Client> => enter(at, room, { id: idOf(people += 1) });

/** A room under these rules: who may write them, and somebody who came to read and speak. */
async function roomUnder(room: string, rules: Rules): Promise<{ owner: Client; anna: Client; obey(next: Rules): Promise<void> }> {
  const [owner, anna] = [await enter(server, room, { id: idOf(people += 1), key }), await someone(room)];
  // A room is there once something was said in it.
  await owner.say('어서 오세요');
  const obey = async (next: Rules): Promise<void> => {
    const known = anna.frames.length;
    t.match(await does(owner, { t: 'mod', do: 'rules', rules: next }), { t: 'ok' });
    await anna.next('rows', (frame) => anna.frames.indexOf(frame) >= known && frame.room !== undefined);
  };
  await obey(rules);
  return { owner, anna, obey };
}

const desk = async (room: string): Promise<{ waiting: { who: string; cid: string; text: string }[]; reported: { count: number; reasons: Record<string, number> }[] }> => (await ask(server, 'GET', `/api/v1/rooms/${room}/desk`, { token: key })).body as never;

t.test('everybody is told the rules at once, and who comes later in their welcome', async (t) => {
  const { anna, obey } = await roomUnder('told', { slow: 10, noLinks: true });
  t.match(anna.frames.findLast((frame) => frame.t === 'rows'), { room: { rules: { slow: 10, noLinks: true } } });
  const late = await someone('told');
  t.match(late.frames[0], { t: 'welcome', room: { rules: { slow: 10, noLinks: true } } });
  await obey({});
  t.match((await someone('told')).frames[0], { room: { id: 'told', rules: undefined } });
});

t.test('each rule refuses what it should with what to change, and moderators are free of it', async (t) => {
  const { owner, anna, obey } = await roomUnder('rules', {});
  for (const [rules, text, answer] of [
    [{ emojiOnly: true }, '말', { t: 'no', code: 'emoji_only' }],
    [{ emojiOnly: true }, '🎉 👨‍👩‍👧', { t: 'ok' }],
    [{ noLinks: true }, '여기 봐요 https://a.example', { t: 'no', code: 'no_links' }],
    [{ noLinks: true }, 'naver.com 보세요', { t: 'no', code: 'no_links' }],
    [{ noLinks: true }, '링크 없이', { t: 'ok' }],
    [{ readOnly: true }, '말', { t: 'no', code: 'read_only' }],
    [{ closed: true }, '말', { t: 'no', code: 'closed' }],
    [{ closesAt: 1 }, '말', { t: 'no', code: 'closed' }],
    [{ closesAt: Date.now() + 3_600_000 }, '아직 열려 있다', { t: 'ok' }],
    [{ calmUntil: 1 }, 'https://b.example', { t: 'ok' }],
  ] as [Rules, string, object][]) {
    await obey(rules);
    t.match(await anna.say(text), answer, `${JSON.stringify(rules)}: ${text}`);
    if (!rules.closesAt) t.match(await owner.say(`${text} ${nanoid(4)}`), { t: 'ok' }, 'a moderator speaks');
  }
});

t.test('while it calms down, the strict set holds, and afterwards what held before', async (t) => {
  const { obey } = await roomUnder('calm', { calmUntil: Date.now() + 60_000 });
  const ben = await someone('calm');
  t.match(await ben.say('https://a.example'), { t: 'no', code: 'no_links' });
  t.match(await ben.say('처음 왔어요'), { t: 'ok', held: true });
  t.match(await ben.say('또 왔어요'), { t: 'no', code: 'slow_mode' });
  await obey({ calmUntil: 1 });
  t.match(await ben.say('https://b.example'), { t: 'ok', held: undefined });
});

t.test('in slow mode one waits one’s turn, is told how long, and words that were refused take none', async (t) => {
  const { anna, obey } = await roomUnder('slow', { slow: 3_600, noLinks: true });
  t.match(await anna.say('https://a.example'), { code: 'no_links' });
  t.match(await anna.say('처음'), { t: 'ok' });
  const { retryAfter } = (await anna.say('둘째')) as Extract<ServerFrame, { t: 'no' }>;
  t.ok(retryAfter && retryAfter > 3_590_000 && retryAfter <= 3_600_000, `${retryAfter} ms`);
  await obey({});
  t.match(await anna.say('셋째'), { t: 'ok' });
});

t.test('what new people say waits: its author is answered, nobody else sees it until it is approved', async (t) => {
  const { owner, anna } = await roomUnder('held', { hold: true });
  const said = { t: 'say', cid: nanoid(), text: '처음 왔어요' };
  t.match(await does(anna, said), { t: 'ok', held: true, n: undefined });
  t.match(await does(anna, said), { t: 'ok', held: true }, 'the same words again wait once');
  await owner.next('desk');
  const ben = await someone('held');
  const { waiting } = await desk('held');
  t.match(waiting, [{ who: authorOf(anna), cid: said.cid, text: '처음 왔어요' }]);
  t.equal(waiting.length, 1);
  t.match(await does(owner, { t: 'mod', do: 'approve', who: authorOf(anna), what: said.cid }), { t: 'ok' });
  const { rows } = await ben.next('rows', ({ rows }) => rows.length > 0);
  t.match(rows, [{ cid: said.cid, text: '처음 왔어요', author: authorOf(anna), n: 2 }]);
  t.match(await does(owner, { t: 'mod', do: 'approve', who: authorOf(anna), what: said.cid }), { t: 'no', code: 'not_found' });
  t.match(await does(anna, said), { t: 'ok', n: 2 }, 'and answers with its number from then on');

  const other = { t: 'say', cid: nanoid(), text: '이건 안 돼요' };
  await does(anna, other);
  t.match(await does(owner, { t: 'mod', do: 'refuse', who: authorOf(anna), what: other.cid }), { t: 'ok' });
  t.same((await desk('held')).waiting, []);
  t.match(await does(anna, other), { t: 'ok', held: true }, 'what was refused is not taken for new words');
  t.same(textsOf((await ask(server, 'GET', '/api/v1/rooms/held/messages')).body.rows), ['어서 오세요', '처음 왔어요']);
});

t.test('approvals and words in one append have their own numbers', async (t) => {
  const { owner, anna, obey } = await roomUnder('together', { hold: true });
  const cids = Array.from({ length: 15 }, () => nanoid());
  await Promise.all(cids.map((cid, i) => does(anna, { t: 'say', cid, text: `기다린 ${i}` })));
  await obey({});
  const ben = await someone('together');
  await Promise.all([
    ...cids.map((what) => does(owner, { t: 'mod', do: 'approve', who: authorOf(anna), what })),
    ...Array.from({ length: 15 }, (_, i) => ben.say(`곧장 ${i}`)),
  ]);
  const page = (await ask(server, 'GET', '/api/v1/rooms/together/messages?limit=50')).body.rows;
  t.equal(page.length, 31);
  t.equal(new Set(page.map((row) => (row.deleted ? '' : row.text))).size, 31);
  t.same(page.map(({ n }) => n).sort((a, b) => a - b), Array.from({ length: 31 }, (_, i) => i + 1), 'without holes');
  const late = await someone('together');
  const welcome = late.frames[0];
  t.same(welcome && 'rows' in welcome && welcome.rows.map((row) => !row.deleted && [row.n, row.text]), page.toReversed().map((row) => !row.deleted && [row.n, row.text]), 'what is remembered is what is saved');
});

t.test('reports come to the desk, counted by person, and go when they are settled', async (t) => {
  const { owner, anna } = await roomUnder('reports', {});
  const ben = await someone('reports');
  const { n } = (await anna.say('광고')) as { n: number };
  t.match(await does(ben, { t: 'report', n, reason: 'spam' }), { t: 'ok', n });
  t.match(await does(ben, { t: 'report', n, reason: 'abuse' }), { t: 'ok' }, 'again changes nothing');
  t.match(await does(await someone('reports'), { t: 'report', n, reason: 'other' }), { t: 'ok' });
  await owner.next('desk');
  t.match((await desk('reports')).reported, [{ count: 2, reasons: { spam: 1, other: 1 }, row: { n, text: '광고' } }]);
  t.match(await does(owner, { t: 'mod', do: 'dismiss', n }), { t: 'ok' });
  t.same((await desk('reports')).reported, []);
  t.match(await does(ben, { t: 'report', n: 99, reason: 'spam' }), { t: 'no', code: 'not_found' });
});

t.test('a ban of a network makes those wait who come from it with another id, and undoing it ends that', async (t) => {
  const { owner, anna } = await roomUnder('network', {});
  await anna.say('나쁜 말');
  const { act } = (await does(owner, { t: 'mod', do: 'ban', who: authorOf(anna), network: true })) as { act: number };
  const again = await someone('network');
  const answer = async (): Promise<object> => again.say(`다시 ${nanoid(4)}`);
  t.match(await answer(), { t: 'ok', held: true });
  t.equal((await desk('network')).waiting.length, 1);
  t.match(await does(owner, { t: 'mod', do: 'undo', of: act }), { t: 'ok' });
  t.match(await answer(), { t: 'ok', held: undefined });
  const { bans } = { bans: await database.sql`select until - created_at <= interval '1 day' as short, network from bans where network is not null` };
  t.match([...bans], [{ short: true }]);
});

t.test('the same words again within half a minute are refused; the same frame again is not', async (t) => {
  const anna = await someone('again', slower);
  const said = { t: 'say', cid: nanoid(), text: '같은 말을 두 번' };
  t.match(await does(anna, said), { t: 'ok', n: 1 });
  t.match(await does(anna, said), { t: 'ok', n: 1, dup: true });
  t.match(await anna.say('같은 말을 두 번'), { t: 'no', code: 'duplicate' });
  t.match(await anna.say('ㅋㅋㅋ'), { t: 'ok' });
  t.match(await anna.say('ㅋㅋㅋ'), { t: 'ok' }, 'a laugh is not');
  t.match(await anna.say('아'.repeat(300)), { t: 'no', code: 'flood' });
});

t.test('a frame that was saved and comes again has its outcome, whatever the rules are by then', async (t) => {
  const { anna, obey } = await roomUnder('outcome', {});
  const said = { t: 'say', cid: nanoid(), text: '닫히기 전에' };
  t.match(await does(anna, said), { t: 'ok', n: 2 });
  await obey({ closed: true });
  const back = await enter(server, 'outcome', { id: idOf(people) });
  t.match(await does(back, said), { t: 'ok', n: 2, dup: true });
  t.match(await back.say('닫힌 뒤에'), { t: 'no', code: 'closed' });
});

t.test('a site’s own words hold at once on the server that took them, and a second later on the others', async (t) => {
  const there = await someone('words', slower);
  const here = await someone('words');
  const words = (body: object, token = key): Promise<{ status: number }> => ask(server, 'PUT', '/api/v1/words', { token, body });
  t.match(await there.say('우리 동네 맛집'), { t: 'ok' });
  t.equal((await words({ blocked: ['맛집'], allowed: [] })).status, 204);
  t.match(await here.say('여기 맛집 이에요'), { t: 'no', code: 'bad_word' });
  const deadline = performance.now() + 2_000;
  let answer: object = {};
  while (performance.now() < deadline) {
    answer = await there.say(`맛집 ${nanoid(4)}`);
    if ('code' in answer) break;
  }
  t.match(answer, { t: 'no', code: 'bad_word' });
  t.match((await ask(server, 'GET', '/api/v1/words', { token: key })).body, { blocked: ['맛집'], allowed: [], standard: true });
  for (const body of [{}, { blocked: 'x', allowed: [] }, { blocked: [''], allowed: [] }, { blocked: ['a'.repeat(51)], allowed: [] }, { blocked: Array.from({ length: 5_001 }, (_, i) => `${i}`), allowed: [] }]) t.equal((await words(body)).status, 400);
  t.equal((await words({ blocked: [], allowed: [] }, (await moderatorKey(server, { room: 'words' })).key)).status, 403, 'a room’s moderator does not speak for its site');
  t.equal((await words({ blocked: [], allowed: [] })).status, 204);
  t.match(await here.say('맛집 이었다'), { t: 'ok' });
});

t.test('a room for adults asks before anything of it is shown, is not found by search engines, and has no words in its page', async (t) => {
  const { obey } = await roomUnder('adults', {});
  const read = async (path: string): Promise<{ body: string; robots: string | null }> => {
    const answer = await fetch(server.http + path);
    return { body: await answer.text(), robots: answer.headers.get('x-robots-tag') };
  };
  t.match((await read('/room/adults')).body, '어서 오세요');
  await obey({ adults: true });
  const [page, frame] = [await read('/room/adults'), await read('/embed?postId=adults&theme=dark&lang=en')];
  for (const { body, robots } of [page, frame]) {
    t.notMatch(body, /어서 오세요|aside-page/);
    t.match(body, '<meta name="robots" content="noindex">');
    t.equal(robots, 'noindex');
  }
  t.match(frame.body, 'href="/embed?postId=adults&#38;theme=dark&#38;lang=en&#38;adult=1"');
  const inside = await read('/room/adults?adult=1');
  t.match(inside.body, '"snapshot":null');
  t.notMatch(inside.body, '어서 오세요');
  t.match(inside.body, '<meta name="robots" content="noindex">');
});

t.test('our own lists hold where a site has said nothing, unless the operator turns them off', async (t) => {
  const usual = await openServer(database.url, { ADMIN_TOKEN, WORDS: 'standard' });
  t.teardown(() => usual.close());
  const site = 'untouched';
  const say = async (at: TestServer, text: string): Promise<object> => (await enter(at, 'lists', { id: idOf(people += 1), site })).say(text);
  t.match(await say(usual, '시1발'), { t: 'no', code: 'bad_word' });
  t.match(await say(usual, '시발점'), { t: 'ok' });
  t.match(await say(server, '시1발'), { t: 'ok' });
});

t.test('an edit is no way around approval', async (t) => {
  const { owner, anna, obey } = await roomUnder('edited', { hold: true });
  const said = { t: 'say', cid: nanoid(), text: '안녕하세요' };
  await does(anna, said);
  t.match(await does(owner, { t: 'mod', do: 'approve', who: authorOf(anna), what: said.cid }), { t: 'ok' });
  const { n } = (await does(anna, said)) as { n: number };
  t.match(await does(anna, { t: 'edit', n, text: '광고 보세요' }), { t: 'no', code: 'unwanted' });
  await obey({});
  t.match(await does(anna, { t: 'edit', n, text: '안녕히 계세요' }), { t: 'ok' });
});

t.test('what is sent at once takes turns all the same', async (t) => {
  const { anna } = await roomUnder('at-once', { slow: 600 });
  const answers = await Promise.all(Array.from({ length: 5 }, (_, i) => anna.say(`하나씩 ${i}`)));
  t.same(answers.map((answer) => (answer.t === 'no' ? answer.code : answer.t)).sort(), ['ok', 'slow_mode', 'slow_mode', 'slow_mode', 'slow_mode']);
  const ben = await someone('at-once-again', slower);
  const same = await Promise.all(Array.from({ length: 4 }, () => ben.say('같은 말을 한꺼번에')));
  t.equal(same.filter(({ t }) => t === 'ok').length, 1);
});

t.test('a ban that takes what was written takes what waits too, and its undoing brings both back', async (t) => {
  const { owner, anna } = await roomUnder('swept', { hold: true });
  await anna.say('기다리는 광고');
  await does(anna, { t: 'say', cid: nanoid(), text: '또 기다리는 광고' });
  t.equal((await desk('swept')).waiting.length, 2);
  const { act } = (await does(owner, { t: 'mod', do: 'ban', who: authorOf(anna), sweep: true })) as { act: number };
  t.same((await desk('swept')).waiting, []);
  await does(owner, { t: 'mod', do: 'undo', of: act });
  t.same((await desk('swept')).waiting.map(({ text }) => text), ['기다리는 광고', '또 기다리는 광고']);
});

t.test('reports of what is gone do not hide the others', async (t) => {
  const { owner, anna } = await roomUnder('many-reports', {});
  let reporter = await someone('many-reports');
  for (let i = 0; i < 101; i += 1) {
    if (i % 10 === 9) reporter = await someone('many-reports');
    const { n } = (await anna.say(`지운 말 ${i}`)) as { n: number };
    t.match(await does(reporter, { t: 'report', n, reason: 'spam' }), { t: 'ok' });
  }
  t.match(await does(owner, { t: 'mod', do: 'ban', who: authorOf(anna), sweep: true }), { t: 'ok' });
  const { n } = (await owner.say('남은 말')) as { n: number };
  t.match(await does(reporter, { t: 'report', n, reason: 'spam' }), { t: 'ok' });
  t.match((await desk('many-reports')).reported, [{ row: { n } }]);
});
