import { nanoid } from 'nanoid';
import t from 'tap';
import { ADMIN_TOKEN, authorOf, does, enter, idOf, moderatorKey, ownerKey, seen, textsOf } from '../moderation/desk.ts';
import { erase, exportedTexts, tellingsOf, ticketOf } from '../privacy/person.ts';
import { openDatabase } from '../support/database.ts';
import { openServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const [database, elsewhere] = await Promise.all([openDatabase(), openDatabase()]);
const [server, other] = await Promise.all([database, elsewhere].map(({ url }) => openServer(url, { ADMIN_TOKEN }))) as [TestServer, TestServer];
t.teardown(async () => {
  await Promise.all([server.close(), other.close()]);
  await Promise.all([database.close(), elsewhere.close()]);
});
const [owner, otherOwner] = await Promise.all([ownerKey(server), ownerKey(other)]);

type Answer = { status: number; body: { imported?: number; skipped?: number; n?: number; code?: string; title?: string } };
type Line = Record<string, unknown> & { n: number };

const keyOf = (at: TestServer): string => (at === server ? owner : otherOwner);

async function bring(room: string, body: string, { at = server, key = keyOf(at), type = 'application/x-ndjson' }: { at?: TestServer; key?: string; type?: string } = {}): Promise<Answer> {
  const answer = await fetch(`${at.http}/api/v1/rooms/${room}/import`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': type }, body });
  return { status: answer.status, body: await answer.json() as Answer['body'] };
}

async function fileOf(room: string, at = server): Promise<string> {
  return (await fetch(`${at.http}/api/v1/rooms/${room}/export`, { headers: { authorization: `Bearer ${keyOf(at)}` } })).text();
}

function rowsOf(file: string): Line[] {
  return file.trim().split('\n').slice(1).map((line) => JSON.parse(line) as Line);
}

/** The same under other numbers: each counted by its place, an answer to what stands nowhere without its mark. */
function renumbered(file: string): Line[] {
  const rows = rowsOf(file);
  const places = new Map(rows.map(({ n }, i) => [n, i + 1]));
  return rows.map(({ n, re, ...row }) => ({ ...row, n: places.get(n) as number, ...(places.has(re as number) && { re: places.get(re as number) }) }));
}

let lines = 0;
/** A line that might be said, `at` so many ms after a day long past. */
function lineOf(n: number, more: Record<string, unknown> = {}): string {
  lines += 1;
  return JSON.stringify({ n, cid: `line-${String(lines).padStart(14, '0')}`, author: 'bcdefghijklmnopq', nick: '여우', avatar: 'fox', text: `말 ${n}`, at: 1_700_000_000_000 + n, ...more });
}

t.test('a room comes back as it was, in another room and in another database', async (t) => {
  const [anna, bert, mod] = await Promise.all([enter(server, 'source', { id: idOf(1), nick: '느긋한 수달' }), enter(server, 'source', { id: idOf(2), nick: '졸린 곰' }), enter(server, 'source', { key: owner, id: idOf(3), nick: '주인장' })]);
  for (const text of ['첫 말이에요 👋', '지워질 말', '여러\n줄의 "말"\t\\ 그리고 \u2028 줄', '=1+1', '고쳐질 말']) await anna.say(text);
  for (const frame of [{ t: 'say', text: '첫 말에 답해요', re: 1 }, { t: 'say', text: '지워질 말에 답해요', re: 2 }, { t: 'react', n: 1, emoji: '👍', on: true }, { t: 'react', n: 1, emoji: '🧑‍🍳', on: true }]) await does(bert, frame);
  await does(anna, { t: 'react', n: 1, emoji: '👍', on: true });
  await does(anna, { t: 'edit', n: 5, text: '고친 말' });
  await does(anna, { t: 'delete', n: 2 });
  await does(mod, { t: 'say', text: '제가 이 글을 썼어요', re: 6 });
  for (const frame of [{ t: 'mod', do: 'pin', n: 8, on: true }, { t: 'mod', do: 'answer', n: 6, on: true }]) await does(mod, frame);
  await database.sql`update messages set picture_at = created_at - interval '1 hour' where seq = 4`;
  const file = await fileOf('source');
  const wanted = renumbered(file);
  t.equal(wanted.length, 7);
  for (const part of ['re', 'edited', 'pin', 'reactions', 'extra', 'pic']) t.ok(wanted.some((row) => part in row), `some have "${part}"`);

  for (const [at, room] of [[server, 'target'], [other, 'source']] as const) {
    t.same(await bring(room, file, { at }), { status: 200, body: { imported: 7, skipped: 0, n: 7 } });
    t.same(renumbered(await fileOf(room, at)), wanted);
    t.same(rowsOf(await fileOf(room, at)).map(({ n }) => n), [1, 2, 3, 4, 5, 6, 7]);
    t.same(await bring(room, file, { at }), { status: 200, body: { imported: 0, skipped: 7, n: 7 } }, 'and twice is once');
    t.same(renumbered(await fileOf(room, at)), wanted);
  }
  t.same(renumbered(await fileOf('source')), wanted, 'where it came from nothing changed');

  await t.test('and the room goes on: what was its author’s is, and signs are counted on', async (t) => {
    const again = await enter(server, 'target', { id: idOf(1), nick: '느긋한 수달' });
    t.match(await again.say('이어서 말해요'), { t: 'ok', n: 8 });
    t.match(await does(again, { t: 'edit', n: 1, text: '고친 첫 말' }), { t: 'ok' });
    t.match(await does(again, { t: 'react', n: 1, emoji: '👍', on: true }), { t: 'ok' });
    await until(async () => (rowsOf(await fileOf('target'))[0]?.reactions as Record<string, number> | undefined)?.['👍'] === 3, 5_000);
    t.match(rowsOf(await fileOf('target'))[0], { text: '고친 첫 말', reactions: { '👍': 3, '🧑‍🍳': 1 } });
    t.match(await does(again, { t: 'delete', n: 1 }), { t: 'ok' });
    t.same(await bring('target', file), { status: 200, body: { imported: 0, skipped: 7, n: 8 } });
    t.notMatch(await fileOf('target'), '첫 말이에요', 'what was deleted there stays so');
    await again.close();
  });
  for (const one of [anna, bert, mod]) await one.close();
});

t.test('readers who are there see it, few lines and many, and go on', async (t) => {
  for (const many of [3, 2_500]) {
    const room = `read-${many}`;
    const [reader, named] = await Promise.all([enter(server, room), enter(server, room, { id: idOf(10) })]);
    t.match(await bring(room, Array.from({ length: many }, (_, i) => lineOf(i + 1)).join('\n')), { status: 200, body: { imported: many, skipped: 0, n: many } });
    t.ok(await until(() => textsOf(seen(reader).values()).at(-1) === `말 ${many}`, 5_000), `${many} lines`);
    t.match(await named.say('이제 저도 말해요'), { t: 'ok', n: many + 1 });
    t.ok(await until(() => textsOf(seen(reader).values()).at(-1) === '이제 저도 말해요', 5_000));
    t.same(await (await fetch(`${server.http}/api/v1/counts?ids=${room}`)).json(), { counts: { [room]: many + 1 } });
    await Promise.all([reader.close(), named.close()]);
  }
});

t.test('a file in pieces is one file, and one that broke off goes on', async (t) => {
  const [one, two, three, four] = [lineOf(1), lineOf(2), lineOf(5, { re: 1 }), lineOf(6, { re: 2 })] as const;
  t.match(await bring('pieces', `${one}\n${two}\n`), { body: { imported: 2, n: 2 } });
  t.match(await bring('pieces', [one, two, three].join('\n')), { body: { imported: 1, skipped: 2, n: 3 } });
  t.match(await bring('pieces', `${two}\n${four}`), { body: { imported: 1, skipped: 1, n: 4 } }, 'a piece brings along what is answered in it');
  t.match(rowsOf(await fileOf('pieces')), [{ n: 1 }, { n: 2 }, { n: 3, re: 1 }, { n: 4, re: 2 }]);
  t.match(await bring('pieces', `${lineOf(9, { re: 3 })}\n{"n":10,"deleted":true}\n`), { body: { imported: 1, skipped: 1, n: 5 } });
  t.notOk('re' in (rowsOf(await fileOf('pieces')).at(-1) ?? {}), 'an answer to what is not in the file is no answer');
  const twice = lineOf(11);
  t.match(await bring('pieces', `${twice}\n${JSON.stringify({ ...JSON.parse(twice), n: 12 })}`), { body: { imported: 1, skipped: 1 } });
  t.match(await bring('pieces', ''), { status: 200, body: { imported: 0, skipped: 0, n: 6 } });
  t.match(await bring('never', '{"aside":1,"room":"x"}\n'), { status: 200, body: { imported: 0, n: 0 } });
  t.same(await database.sql`select from rooms where post_id = 'never'`, [], 'nothing makes no room');
});

t.test('what is older than the room’s last word is refused whole', async (t) => {
  const anna = await enter(server, 'newer', { id: idOf(20) });
  await anna.say('지금 한 말');
  t.match(await bring('newer', `${lineOf(1)}\n${lineOf(2, { at: Date.now() })}`), { status: 409, body: { code: 'room_is_newer' } });
  t.same(exportedTexts(await fileOf('newer')), ['지금 한 말']);
  t.match(await bring('newer', lineOf(2, { at: Date.now() })), { status: 200, body: { imported: 1, n: 2 } });
  t.match(await anna.say('그다음 말'), { t: 'ok', n: 3 });
  await anna.close();
});

t.test('a bad line is named by its number, and nothing of the request is taken', async (t) => {
  const bad: Record<string, string> = {
    'no JSON': '{"n":', 'a list': '[]', 'a deep one': `{"n":1,"x":${'['.repeat(50)}${']'.repeat(50)}}`, 'another version': '{"aside":2}', 'a head in the midst': '{"aside":1}', 'no number': lineOf(0), 'a number again': lineOf(1),
    'an older time': lineOf(2, { at: 5 }), 'a time to come': lineOf(2, { at: Date.now() + 3_600_000 }), 'a rewriting to come': lineOf(2, { edited: Date.now() + 3_600_000 }), 'no time': lineOf(2, { at: '어제' }), 'no cid': lineOf(2, { cid: 'short' }),
    'no author': lineOf(2, { author: '너구리' }), 'nobody': lineOf(2, { author: 'a'.repeat(16) }), 'no name': lineOf(2, { nick: '' }), 'a name of the house': lineOf(2, { nick: '운영자' }), 'no animal': lineOf(2, { avatar: 'dragon' }),
    'no words': lineOf(2, { text: ' \n ' }), 'too many words': lineOf(2, { text: '가'.repeat(2_001) }), 'a NUL': lineOf(2, { text: 'a\u0000b' }), 'half a letter': lineOf(2).replace('말 2', '\\ud800'), 'no picture time': lineOf(2, { pic: -1 }), 'an answer to nothing': lineOf(2, { re: 0 }),
    'a pin that is none': lineOf(2, { pin: 'yes' }), 'signs that are words': lineOf(2, { reactions: { 좋아요: 1 } }), 'signs without number': lineOf(2, { reactions: { '👍': 0 } }), 'too many signs': lineOf(2, { reactions: { '👍': 10_001 } }), 'a role that is none': lineOf(2, { extra: { role: 'king' } }), 'more than is known': lineOf(2, { extra: { html: '<b>' } }),
  };
  for (const [what, line] of Object.entries(bad)) {
    const { status, body } = await bring('bad', `${lineOf(1)}\n\n${line}\n`);
    t.match({ status, code: body.code }, { status: 400, code: 'bad_line' }, what);
    t.match(body.title, /^Line 3: .+\. Nothing was taken\.$/, body.title ?? what);
    t.notMatch(body.title, /[가-힣]/, 'and tells nothing of the words');
  }
  t.same(await database.sql`select from rooms where post_id = 'bad'`, []);
  t.match(await bring('bad', lineOf(1, { nick: '운영자', extra: { role: 'owner' } })), { status: 200, body: { imported: 1 } }, 'who moderates may have such a name');
});

t.test('it is for owners, of lines, and of bounded size', async (t) => {
  for (const key of ['x'.repeat(43), (await moderatorKey(server, { room: 'mine' })).key, (await moderatorKey(server)).key]) t.ok([401, 403].includes((await bring('mine', lineOf(1), { key })).status));
  t.equal((await bring('mine', '{}', { type: 'application/json' })).status, 415);
  t.equal((await bring('mine', 'x'.repeat(8 * 1024 * 1024 + 1))).status, 413);
  const anywhere = await fetch(`${server.http}/api/v1/keys`, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body: lineOf(1) });
  t.equal(anywhere.status, 415, 'no other route takes lines');
  t.same(await database.sql`select from rooms where post_id = 'mine'`, []);
  const { audit } = await (await fetch(`${server.http}/api/v1/audit?room=pieces`, { headers: { authorization: `Bearer ${owner}` } })).json() as { audit: { action: string; detail: object }[] };
  t.match(audit[0], { action: 'import', detail: { messages: 1 } });
});

t.test('what was erased or deleted here does not come back with an older file', async (t) => {
  const planted = { person: `planted-${nanoid(8)}`, own: `planted-${nanoid(8)}`, moderated: `planted-${nanoid(8)}` };
  const [anna, bert, mod] = await Promise.all([enter(server, 'gone', { id: idOf(30), nick: '심어둔이름' }), enter(server, 'gone', { id: idOf(31) }), enter(server, 'gone', { key: owner })]);
  await bert.say('남는 말');
  await anna.say(planted.person);
  await bert.say(planted.own);
  await bert.say(planted.moderated);
  const file = await fileOf('gone');
  await does(bert, { t: 'delete', n: 3 });
  await does(mod, { t: 'delete', n: 4 });
  const ticket = await ticketOf(anna);
  await erase(server, ticket);
  const author = authorOf(anna);

  t.same(await bring('gone', file), { status: 200, body: { imported: 0, skipped: 4, n: 4 } }, 'in its own room');
  t.match(await bring('gone-copy', file), { status: 200, body: { imported: 2, skipped: 2 } }, 'in another: what a moderator took from one room alone may stand there');
  for (const room of ['gone', 'gone-copy']) {
    const told = await tellingsOf(server, room, owner);
    for (const [place, text] of Object.entries(told)) for (const hidden of [planted.person, planted.own, '심어둔이름', author]) t.equal(text.includes(hidden), false, `${hidden} in ${place} of ${room}`);
    t.match(told.ndjson, '남는 말');
  }
  t.match(await anna.say('돌아와서 한 말'), { t: 'ok' });
  const later = await fileOf('gone');
  t.match(await bring('gone-later', later), { status: 200, body: { imported: 2 } });
  t.match(await fileOf('gone-later'), '돌아와서 한 말', 'what was said after it is theirs again');

  t.match(await bring('gone-held', lineOf(1)), { body: { imported: 1 } });
  const waits = lineOf(2);
  const { cid, author: who } = JSON.parse(waits) as { cid: string; author: string };
  await database.sql`insert into held (room_id, anonymous_id, cid, nickname, avatar, content) select id, ${who}, ${cid}, '곰', 'bear', '기다리는 말' from rooms where post_id = 'gone-held'`;
  t.match(await bring('gone-held', waits), { body: { imported: 0, skipped: 1 } }, 'what waits for approval is not brought past it');
  for (const one of [anna, bert, mod]) await one.close();
});

t.test('who erases themselves while a file is read is not brought back by it', async (t) => {
  const anna = await enter(server, 'race', { id: idOf(40) });
  await anna.say(`planted-${nanoid(8)}`);
  const file = await fileOf('race');
  const ticket = await ticketOf(anna);
  // The import is kept between its look at the erasures and its end, until they are noted.
  await database.sql`create function planted_wait() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(77); return null; end $$`;
  await database.sql`create trigger planted_wait after insert on messages for each statement execute function planted_wait()`;
  const reserved = await database.sql.reserve();
  await reserved`select pg_advisory_lock(77)`;
  const importing = bring('race-copy', file);
  await until(async () => (await database.sql`select from pg_locks where locktype = 'advisory' and not granted and objid = 77`).length > 0, 5_000);
  await erase(server, ticket);
  await reserved`select pg_advisory_unlock(77)`;
  reserved.release();
  t.equal((await importing).status, 503, 'it is asked again');
  await database.sql`drop trigger planted_wait on messages`;
  t.match(await bring('race-copy', file), { status: 200, body: { imported: 0, skipped: 1 } });
  await anna.close();
});

t.test('what listens to new messages is told that nothing is new', async (t) => {
  await database.sql`create function only_quiet() returns trigger language plpgsql as $$ begin if current_setting('aside.quiet', true) is distinct from 'on' then raise exception 'loud'; end if; return null; end $$`;
  await database.sql`create trigger only_quiet after insert on messages for each statement execute function only_quiet()`;
  t.match(await bring('quiet', lineOf(1)), { status: 200, body: { imported: 1 } });
  const anna = await enter(server, 'quiet', { id: idOf(50) });
  t.match(await anna.say('이건 새 말'), { t: 'no' }, 'and of what is said it is not');
  await database.sql`drop trigger only_quiet on messages`;
  await anna.close();
});
