import { nanoid } from 'nanoid';
import t from 'tap';
import { ADMIN_TOKEN, authorOf, does, enter, idOf, moderatorKey, ownerKey, seen, textsOf } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { dumpTables } from '../http/tables.ts';
import { download, erase, tellingsOf, ticketOf } from './person.ts';

const database = await openDatabase();
const server = await openServer(database.url, { ADMIN_TOKEN });
t.teardown(async () => {
  await server.close();
  await database.close();
});

const WORD = `planted-${nanoid(8)}`;
const NAME = '심어둔이름';

t.test('what one erases is gone from every screen, page, table and answer', async (t) => {
  const key = await ownerKey(server);
  const anna = await enter(server, 'one', { id: idOf(1), nick: NAME });
  const [bert, mod, there] = await Promise.all([enter(server, 'one', { id: idOf(2) }), enter(server, 'one', { key }), enter(server, 'two', { id: idOf(1), nick: NAME })]);
  const author = authorOf(anna);
  const cids = Array.from({ length: 450 }, (_, i) => `${WORD}-${String(i).padStart(6, '0')}`);
  await bert.say('words of another');
  for (const [i, cid] of cids.entries()) await anna.say(`${WORD} ${i}`, cid);
  await there.say(`${WORD} there`);
  await does(anna, { t: 'edit', n: 2, text: `${WORD} rewritten` });
  await does(anna, { t: 'delete', n: 3 });
  await does(mod, { t: 'delete', n: 4 });
  await does(mod, { t: 'mod', do: 'pin', n: 5, on: true });
  await does(mod, { t: 'mod', do: 'mute', who: author, seconds: 1 });
  await does(mod, { t: 'mod', do: 'unban', who: author });
  const banned = (await does(mod, { t: 'mod', do: 'ban', who: author, reason: `${NAME} says ${WORD}`, network: true })) as { act: number };
  await does(mod, { t: 'mod', do: 'undo', of: banned.act });
  await does(bert, { t: 'react', n: 6, emoji: '👍', on: true });
  await does(bert, { t: 'report', n: 7, reason: 'spam' });
  await does(bert, { t: 'react', n: 1, emoji: '👍', on: true });
  await does(anna, { t: 'react', n: 1, emoji: '👍', on: true });
  await does(anna, { t: 'react', n: 1, emoji: '🦊', on: true });
  await does(anna, { t: 'report', n: 1, reason: 'other' });
  await does(mod, { t: 'mod', do: 'rules', rules: { hold: true } });
  const fresh = await enter(server, 'three', { key });
  await does(fresh, { t: 'mod', do: 'rules', rules: { hold: true } });
  await bert.say('asks', nanoid());
  const ticket = await ticketOf(anna);
  t.match((await download(server, ticket)).text, WORD, 'they were there');
  const before = await tellingsOf(server, 'one', key);
  for (const place of ['ndjson', 'csv', 'markdown', 'atom', 'feed', 'messages', 'page', 'search']) for (const planted of [WORD, NAME]) t.match(before[place], planted, `${planted} was in ${place}`);
  t.match(await dumpTables(database.sql), author);

  const erased = await erase(server, ticket);
  t.match(erased, { rooms: 2, messages: 449, reactions: 2 }, JSON.stringify(erased));
  await until(() => textsOf(seen(bert).values()).every((text) => !text.includes(WORD)) && (seen(bert).get(1) as { reactions?: object })?.reactions !== undefined, 5_000);
  t.same(textsOf(seen(bert).values()).filter((text) => text.includes(WORD)), [], 'everybody live was told');
  t.same((seen(bert).get(1) as { reactions?: object }).reactions, { '👍': 1 }, 'others’ signs stay');
  const late = await enter(server, 'one');
  const places: Record<string, string> = {
    tables: await dumpTables(database.sql),
    welcome: JSON.stringify(late.frames),
    ...(await tellingsOf(server, 'one', key)),
    ...Object.fromEntries(Object.entries(await tellingsOf(server, 'two', key)).map(([place, text]) => [`${place} of the other room`, text])),
    mine: (await download(server, ticket)).text.replace(/^.*\n/, ''),
  };
  for (const [place, text] of Object.entries(places)) for (const planted of [WORD, NAME, author, idOf(1)]) t.equal(text.includes(planted), false, `${planted} in ${place}`);
  for (const place of ['tables', 'welcome', 'page', 'messages', 'ndjson', 'csv', 'markdown', 'atom', 'feed', 'search']) t.match(places[place], 'words of another', `what is another’s stays in ${place}`);
  t.match(places.erasures, /^\{"at":\d+,"site":"","person":"[0-9a-f]{32}"\}$/m);

  await t.test('and asking again finds nothing', async (t) => {
    t.same(await erase(server, ticket), { rooms: 0, messages: 0, reactions: 0, held: 0 });
  });

  await t.test('the same frame again is of somebody new, who may say what they like', async (t) => {
    t.match(await there.say(`again`, cids[0]), { t: 'ok', n: 2 });
    t.same((await download(server, ticket)).lines.filter(({ is }) => is === 'message').map(({ text }) => text), ['again']);
    t.match(await erase(server, ticket), { rooms: 1, messages: 1 });
  });
  for (const one of [anna, bert, mod, there, fresh, late]) await one.close();
});

t.test('what waits for approval, or was refused, goes too', async (t) => {
  const { key } = await moderatorKey(server, { room: 'wait' });
  const [mod, anna] = await Promise.all([enter(server, 'wait', { key }), enter(server, 'wait', { id: idOf(10), nick: NAME })]);
  await anna.say('words that stand');
  await does(mod, { t: 'mod', do: 'rules', rules: { hold: true } });
  const shy = await enter(server, 'wait', { id: idOf(11), nick: NAME });
  const cids = [nanoid(), nanoid()];
  for (const cid of cids) t.match(await shy.say(`${WORD} waits`, cid), { t: 'ok', held: true });
  await does(mod, { t: 'mod', do: 'refuse', who: authorOf(shy), what: cids[0] });
  t.match(await erase(server, await ticketOf(shy)), { rooms: 1, messages: 0, held: 2 });
  const tables = await dumpTables(database.sql);
  for (const planted of [WORD, authorOf(shy), ...cids]) t.equal(tables.includes(planted), false, planted);
  for (const one of [mod, anna, shy]) await one.close();
});

t.test('a ban that stands does so until its end', async (t) => {
  const [mod, anna] = await Promise.all([enter(server, 'ban', { key: await ownerKey(server) }), enter(server, 'ban', { id: idOf(20) })]);
  await anna.say(WORD);
  await does(mod, { t: 'mod', do: 'ban', who: authorOf(anna), seconds: 3_600 });
  t.match(await erase(server, await ticketOf(anna)), { messages: 1 });
  t.match(await anna.say('once more'), { t: 'no', code: 'banned' });
  const [{ detail } = { detail: {} }] = await database.sql<{ detail: object }[]>`select detail from audit where action = 'ban' order by id desc limit 1`;
  t.strictSame(Object.keys(detail).includes('who'), false);
  await mod.close();
  await anna.close();
});

t.test('what was written under the secret before goes too, in every room of a site of many', async (t) => {
  const [OLD, NEW] = ['an old secret for tests that has enough letters', 'a new secret for tests that has enough letters'];
  const before = await openServer(database.url, { IDENTITY_SECRET: OLD });
  const old = await enter(before, 'rotated', { id: idOf(30), site: 'many' });
  const was = authorOf(old);
  await old.say(`${WORD} under the old`);
  await old.close();
  await before.close();
  await database.sql`insert into rooms (site, post_id) select 'many', 'empty ' || i from generate_series(1, 2500) i`;
  const after = await openServer(database.url, { IDENTITY_SECRET: `${NEW},${OLD}` });
  const [anna, last] = await Promise.all([enter(after, 'rotated', { id: idOf(30), site: 'many' }), enter(after, 'the last', { id: idOf(30), site: 'many' })]);
  await anna.say(`${WORD} under the new`);
  await last.say(`${WORD} in the last`);
  const ticket = await ticketOf(anna);
  t.equal((await download(after, ticket)).lines.filter(({ is }) => is === 'message').length, 3);
  t.match(await erase(after, ticket), { rooms: 2, messages: 3 });
  const tables = await dumpTables(database.sql);
  for (const planted of [WORD, was, authorOf(anna)]) t.equal(tables.includes(planted), false, planted);
  for (const one of [anna, last]) await one.close();
  await after.close();
});

t.test('of what was done nothing else can be changed', async (t) => {
  await t.rejects(database.sql`delete from audit`, /append-only/);
  await t.rejects(database.sql`update audit set actor = '0'`, /append-only/);
  await t.rejects(database.sql`update audit set detail = '{}'`, /append-only/);
  await t.rejects(database.sql`update audit set created_at = created_at - interval '2 years'`, /append-only/);
});
