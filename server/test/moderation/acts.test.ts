import t from 'tap';
import { openSql } from '../../src/log/sql.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { ADMIN_TOKEN, ask, authorOf, does, enter, idOf, moderatorKey, ownerKey, seen, textsOf } from './desk.ts';

const database = await openDatabase();
const server = await openServer(database.url, { ADMIN_TOKEN });
t.teardown(async () => {
  await server.close();
  await database.close();
});
const page = async (room: string): Promise<string[]> => textsOf((await ask(server, 'GET', `/api/v1/rooms/${room}/messages`)).body.rows);

t.test('a moderator takes another’s message away from everybody, and brings it back whole', async (t) => {
  const { key } = await moderatorKey(server);
  const [anna, ben, mod] = await Promise.all([enter(server, 'away', { id: idOf(1) }), enter(server, 'away', { id: idOf(2) }), enter(server, 'away', { key })]);
  const away = await enter(server, 'away', { id: idOf(3) });
  t.match(mod.frames[0], { you: { role: 'moderator' } });
  await anna.say('읽는 사람에게');
  await anna.say('bad words');
  await does(ben, { t: 'react', n: 2, emoji: '👍', on: true });
  await does(anna, { t: 'edit', n: 2, text: 'worse words' });
  await until(() => textsOf(seen(away).values()).includes('worse words'), 5_000);
  const left = { rev: Math.max(...[...seen(away).values()].map(({ rev }) => rev)), epoch: away.frames.flatMap((frame) => ('epoch' in frame && frame.epoch ? [frame.epoch] : [])).at(-1) };
  const whole = seen(away).get(2);
  await away.close();

  const gone = await does(mod, { t: 'delete', n: 2 });
  t.match(gone, { t: 'ok', n: 2, act: Number });
  await ben.next('rows', ({ rows }) => rows.some((row) => row.n === 2 && row.deleted));
  t.same(await page('away'), ['읽는 사람에게']);
  t.match(await does(anna, { t: 'edit', n: 2, text: 'again' }), { t: 'no', code: 'not_found' });
  // Who was away learns of it by the same query as everybody.
  const back = await enter(server, 'away', { id: idOf(3), at: left });
  t.match(back.frames[0], { resumed: true, rows: [{ n: 2, deleted: true }] });

  t.match(await does(mod, { t: 'mod', do: 'undo', of: (gone as { act: number }).act }), { t: 'ok' });
  await until(() => textsOf(seen(back).values()).includes('worse words'), 5_000);
  const { rev: _, ...restored } = seen(back).get(2) as unknown as Record<string, unknown>;
  const { rev: __, ...before } = whole as unknown as Record<string, unknown>;
  t.same(restored, before, 'with its reactions, its times and the mark that it was edited');
  t.same(await page('away'), ['읽는 사람에게', 'worse words']);
  t.match(await does(mod, { t: 'mod', do: 'undo', of: (gone as { act: number }).act }), { t: 'no', code: 'not_found' }, 'once');
});

t.test('a ban from the site takes what was written in all its rooms, and its undoing brings all of it back', async (t) => {
  const { key } = await moderatorKey(server);
  const spammer = await enter(server, 'raid', { id: idOf(4) });
  for (let i = 0; i < 450; i += 1) spammer.send({ t: 'say', cid: `spam-spam-spam-${i}`.padEnd(20, '-'), text: `spam ${i}` });
  const elsewhere = await enter(server, 'raid-too', { id: idOf(4) });
  await elsewhere.say('spam here');
  const [reader, other, mod] = await Promise.all([enter(server, 'raid', { id: idOf(5) }), enter(server, 'raid-too'), enter(server, 'raid', { key })]);
  await reader.say('안녕하세요');
  await until(() => spammer.frames.filter((frame) => frame.t === 'ok').length === 450, 10_000);
  const began = performance.now();
  const banned = await does(mod, { t: 'mod', do: 'ban', who: authorOf(spammer), reason: '도배', sweep: true });
  t.match(banned, { t: 'ok', act: Number });
  await until(() => textsOf(seen(reader).values()).every((text) => !text.startsWith('spam')) && textsOf(seen(other).values()).length === 0, 5_000);
  t.ok(performance.now() - began < 1_000, `gone from every screen after ${Math.round(performance.now() - began)} ms`);
  t.same(await page('raid'), ['안녕하세요']);
  t.same(await page('raid-too'), []);
  t.match(await spammer.say('more'), { t: 'no', code: 'banned' });
  t.match(await elsewhere.say('more'), { t: 'no', code: 'banned' });
  t.match(await does(spammer, { t: 'say', cid: 'spam-spam-spam-0'.padEnd(20, '-'), text: 'spam 0' }), { t: 'ok', dup: true }, 'what was saved is answered as it was');
  t.match(await does(elsewhere, { t: 'delete', n: 1 }), { t: 'ok' }, 'one’s own may always go');

  t.match(await does(mod, { t: 'mod', do: 'undo', of: (banned as { act: number }).act }), { t: 'ok' });
  await until(() => textsOf(seen(reader).values()).length === 451, 5_000);
  t.same(await page('raid-too'), [], 'what its author deleted meanwhile does not come back');
  t.match(await spammer.say('sorry'), { t: 'ok' });
});

t.test('who is muted is told how long, and speaks again when that is over', async (t) => {
  const { key } = await moderatorKey(server);
  const [loud, mod] = await Promise.all([enter(server, 'mute', { id: idOf(6) }), enter(server, 'mute', { key })]);
  await loud.say('LOUD');
  t.match(await does(mod, { t: 'mod', do: 'mute', who: authorOf(loud), seconds: 1 }), { t: 'ok', act: Number });
  const refused = await loud.say('LOUDER');
  t.match(refused, { t: 'no', code: 'muted' });
  t.ok((refused as { retryAfter: number }).retryAfter > 0 && (refused as { retryAfter: number }).retryAfter <= 1_000);
  t.same(await page('mute'), ['LOUD']);
  const began = performance.now();
  await until(async () => (await loud.say('안녕')).t === 'ok', 5_000);
  t.ok(performance.now() - began > 500);
});

t.test('pins and answers are told to everybody, and a moderator’s words carry a mark that no text can make', async (t) => {
  const { key } = await moderatorKey(server);
  const [asks, mod] = await Promise.all([enter(server, 'pins', { id: idOf(7) }), enter(server, 'pins', { id: idOf(8), key })]);
  await asks.say('언제 하나요?');
  t.match(await does(mod, { t: 'mod', do: 'pin', n: 1, on: true }), { t: 'ok' });
  await asks.next('rows', ({ rows }) => rows.some((row) => row.n === 1 && 'pin' in row));
  t.match(await does(mod, { t: 'mod', do: 'answer', n: 1, on: true }), { t: 'ok' });
  await asks.next('rows', ({ rows }) => rows.some((row) => row.n === 1 && !row.deleted && row.extra?.answered === true));
  const { rev } = (await mod.say('내일 여덟 시에 합니다')) as { rev: number };
  const [row] = (await asks.next('rows', ({ to }) => to >= rev)).rows.filter((one) => one.n === 2);
  t.match(row, { extra: { role: 'moderator' } });
  t.match((await ask(server, 'GET', '/api/v1/rooms/pins/messages')).body.rows[0], { n: 2, extra: { role: 'moderator' } });
  t.match(await does(mod, { t: 'mod', do: 'pin', n: 1, on: false }), { t: 'ok' });
  await asks.next('rows', ({ rows }) => rows.some((one) => one.n === 1 && one.rev > rev && !('pin' in one)));
});

t.test('an act is done once, however often it is sent, and the audit cannot be changed', async (t) => {
  const { key } = await moderatorKey(server);
  const [anna, mod] = await Promise.all([enter(server, 'once', { id: idOf(9) }), enter(server, 'once', { key })]);
  await anna.say('one');
  const ban = { t: 'mod', do: 'ban', who: authorOf(anna), sweep: true, cid: 'the-same-ban-twice' };
  const [first, second] = [await does(mod, ban), await does(mod, ban)] as { act: number }[];
  t.equal(first?.act, second?.act);
  t.match(await does(mod, { ...ban, do: 'undo', of: first?.act }), { t: 'no', code: 'cid_conflict' });
  const sql = openSql(database.url, { max: 1 });
  t.teardown(() => sql.end());
  t.match(await sql`select action, detail from audit where id = ${first?.act ?? 0}`, [{ action: 'ban', detail: { who: authorOf(anna), sweep: true, name: '민지' } }]);
  await t.rejects(sql`update audit set action = 'nothing'`, { message: /append-only/ });
  await t.rejects(sql`delete from audit`, { message: /append-only/ });
  t.match(await sql`select count(*) from bans where author = ${authorOf(anna)}`, [{ count: 1 }]);
});

t.test('an invitation is good once, a revoked moderator may nothing any more, and a room’s moderator nothing elsewhere', async (t) => {
  const owner = await ownerKey(server);
  const { body } = await ask(server, 'POST', '/api/v1/moderators', { token: owner, body: { name: '관리자', room: 'mine' } });
  const invitation = new URL(body.invitation).hash.slice('#invite='.length);
  const { body: redeemed } = await ask(server, 'POST', '/api/v1/keys', { body: { invitation } });
  t.match(redeemed, { role: 'moderator', name: '관리자', site: '', room: 'mine' });
  t.match(await ask(server, 'POST', '/api/v1/keys', { body: { invitation } }), { status: 401 });
  const { key } = redeemed;
  const [anna, here, there] = await Promise.all([enter(server, 'mine', { id: idOf(10) }), enter(server, 'mine', { key }), enter(server, 'theirs', { key })]);
  t.match(here.frames[0], { you: { role: 'moderator' } });
  t.match(there.frames[0], { you: { role: 'reader' }, dropped: ['key'] });
  await anna.say('words');
  t.match(await does(there, { t: 'mod', do: 'ban', who: authorOf(anna) }), { t: 'no', code: 'nick_needed' });
  t.match(await ask(server, 'DELETE', `/api/v1/moderators/${body.id}`, { token: key }), { status: 403 });
  t.match(await ask(server, 'DELETE', `/api/v1/moderators/${body.id}`, { token: owner }), { status: 204 });
  t.match(await does(here, { t: 'delete', n: 1 }), { t: 'no', code: 'forbidden' }, 'on a socket that was let in before, too');
  t.match((await enter(server, 'mine', { key })).frames[0], { you: { role: 'reader' }, dropped: ['key'] });
  t.match(await ask(server, 'GET', '/api/v1/me', { token: key }), { status: 401 });
});

t.test('a frame is let in by a code that a moderator types on our own page, and by no other', async (t) => {
  const framed = await openServer(database.url, { ADMIN_TOKEN, FRAME_ANCESTORS: 'https://blog.example https://*.blogs.example:8443' });
  t.teardown(() => framed.close());
  const made = (i: number): string => Buffer.alloc(32, i).toString('base64url');
  const wish = { t: 'pair', key: made(1), blog: 'https://blog.example' };
  const frame = await enter(framed, 'paired', { id: idOf(20) });
  frame.send(wish);
  const { code } = await frame.next('pair');
  const { key } = await moderatorKey(framed, { room: 'paired' });
  const stranger = await moderatorKey(framed, { room: 'not-paired' });
  t.match(await ask(framed, 'GET', `/api/v1/pairings/${code}`), { status: 401 });
  t.match(await ask(framed, 'GET', `/api/v1/pairings/${code}`, { token: stranger.key }), { status: 404 }, 'of another room it gets nothing');
  t.match(await ask(framed, 'POST', `/api/v1/pairings/${code}`, { token: stranger.key }), { status: 404 });
  const { body } = await ask(framed, 'GET', `/api/v1/pairings/${code.toLowerCase()}`, { token: key });
  t.match(body, { room: 'paired', site: '', blog: 'https://blog.example' });
  t.ok(body.now - body.at < 5_000);
  t.match(await ask(framed, 'POST', `/api/v1/pairings/${code}`, { token: key }), { status: 204 });
  t.match(await ask(framed, 'POST', `/api/v1/pairings/${code}`, { token: key }), { status: 404 }, 'twice it gets nothing');
  await until(() => { frame.send(wish); return frame.frames.some((one) => one.t === 'you' && one.role === 'moderator'); }, 5_000);
  t.match((await enter(framed, 'paired', { key: made(1) })).frames[0], { you: { role: 'moderator' } }, 'it is known when it comes again');
  t.match((await enter(framed, 'paired', { key: made(1), site: 'other' })).frames[0], { you: { role: 'reader' } }, 'and on this site only');

  const late = await enter(framed, 'paired', { id: idOf(21) });
  late.send({ ...wish, key: made(2) });
  const { code: old } = await late.next('pair');
  const sql = openSql(database.url, { max: 1 });
  t.teardown(() => sql.end());
  await sql`update pairings set created_at = now() - interval '6 minutes' where code = ${old}`;
  t.match(await ask(framed, 'POST', `/api/v1/pairings/${old}`, { token: key }), { status: 404 }, 'six minutes old it gets nothing');

  for (const [i, [blog, may]] of ([['https://a.blogs.example:8443', true], ['https://evil.example', false], ['https://blog.example.evil', false], ['http://blog.example', false]] as const).entries()) {
    const other = await enter(framed, 'paired', { id: idOf(22) });
    other.send({ ...wish, key: made(10 + i), blog });
    if (may) t.ok((await other.next('pair')).code, blog);
    else t.match(await other.next('no'), { code: 'forbidden' }, blog);
  }
  const anywhere = await enter(server, 'paired', { id: idOf(23) });
  anywhere.send({ ...wish, key: made(30) });
  t.match(await anywhere.next('no'), { code: 'forbidden' }, 'and nowhere where any page may frame us');
});

t.test('without a token who opens the link of the first start owns the installation', async (t) => {
  const own = await openDatabase();
  t.teardown(() => own.close());
  const fresh = await openServer(own.url);
  t.teardown(() => fresh.close());
  const invitationOf = (link: string | null): string => new URL(link ?? '').hash.slice('#invite='.length);
  const [first, second] = [invitationOf(await fresh.setUp()), invitationOf(await fresh.setUp())];
  t.match(await ask(fresh, 'POST', '/api/v1/keys', { body: { invitation: first } }), { status: 401 }, 'the newest link counts');
  t.match(await ask(fresh, 'POST', '/api/v1/keys', { body: { invitation: second } }), { status: 200, body: { role: 'owner' } });
  t.equal(await fresh.setUp(), null, 'there is an owner now');
});

t.test('who is revoked while they are here is a reader from then on, and says nothing with a mark', async (t) => {
  const { key, id } = await moderatorKey(server, { room: 'revoked' });
  const mod = await enter(server, 'revoked', { id: idOf(801), key });
  t.match(await mod.say('관리자예요'), { t: 'ok' });
  await ask(server, 'DELETE', `/api/v1/moderators/${id}`, { token: await ownerKey(server) });
  t.match(await mod.say('아직도 관리자예요'), { t: 'no', code: 'forbidden' });
  t.match(await mod.next('you'), { role: 'reader' });
  t.match(await mod.say('이제는 아니에요'), { t: 'ok' });
  const row = [...seen(mod).values()].at(-1);
  t.match(row, { text: '이제는 아니에요', extra: undefined });
  await mod.close();
});

t.test('a ban from the whole site is not a room’s moderator’s to undo', async (t) => {
  const { key } = await moderatorKey(server, { room: 'site-ban' });
  const [owner, mod, loud] = await Promise.all([enter(server, 'site-ban', { key: await ownerKey(server) }), enter(server, 'site-ban', { key }), enter(server, 'site-ban', { id: idOf(802) })]);
  await loud.say('말');
  const { act } = (await does(owner, { t: 'mod', do: 'ban', who: authorOf(loud) })) as { act: number };
  t.match(await does(mod, { t: 'mod', do: 'undo', of: act }), { t: 'no', code: 'not_found' });
  t.match(await loud.say('돌아왔다'), { t: 'no', code: 'banned' });
  t.match(await does(owner, { t: 'mod', do: 'undo', of: act }), { t: 'ok' });
  t.match(await loud.say('이제 돼요'), { t: 'ok' });
  await Promise.all([owner, mod, loud].map((one) => one.close()));
});
