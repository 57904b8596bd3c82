import { nanoid } from 'nanoid';
import postgres from 'postgres';
import t from 'tap';
import { reapplyErasures } from '../../src/log/reapply.ts';
import { ADMIN_TOKEN, authorOf, does, enter, idOf, ownerKey } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { dumpTables } from '../http/tables.ts';
import { download, erase, exportedTexts, tellingsOf, ticketOf } from './person.ts';

const database = await openDatabase();
t.teardown(async () => {
  await administer(`drop database if exists ${COPY} with (force)`);
  await database.close();
});

async function administer(...statements: string[]): Promise<void> {
  const admin = postgres(Object.assign(new URL(database.url), { pathname: '/postgres' }).href, { max: 1, onnotice: () => {} });
  for (const statement of statements) await admin.unsafe(statement);
  await admin.end({ timeout: 1 });
}

const NAME = new URL(database.url).pathname.slice(1);
const COPY = `${NAME}_copy`;
const copied = Object.assign(new URL(database.url), { pathname: `/${COPY}` }).href;
const word = (): string => `planted-${nanoid(10)}`;

t.test('what was erased or deleted since a copy was made does not come back with it', async (t) => {
  const planted = { anna: word(), own: word(), moderated: word(), undone: word(), held: word(), kept: word(), later: word() };
  const server = await openServer(database.url, { ADMIN_TOKEN, UNDO_HOURS: '1' });
  const key = await ownerKey(server);
  const [anna, bert, mod] = await Promise.all([enter(server, 'one', { id: idOf(1) }), enter(server, 'one', { id: idOf(2) }), enter(server, 'one', { key })]);
  const there = await enter(server, 'two', { id: idOf(1) });
  const author = authorOf(anna);
  for (let i = 0; i < 250; i += 1) await anna.say(`${planted.anna} ${i}`);
  await there.say(`${planted.anna} there`);
  await does(there, { t: 'edit', n: 1, text: `${planted.anna} rewritten` });
  for (const text of [planted.own, planted.moderated, planted.undone, planted.kept]) await bert.say(text);
  await does(anna, { t: 'react', n: 254, emoji: '👍', on: true });
  await does(mod, { t: 'mod', do: 'mute', who: author, seconds: 1 });
  await does(mod, { t: 'mod', do: 'unban', who: author });
  for (const one of [anna, there, bert, mod]) await one.close();
  await server.close();
  // As a backup would be. Nobody may be in a database that is copied so.
  await administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${NAME}'`, `create database ${COPY} template ${NAME}`);

  const after = await openServer(database.url, { ADMIN_TOKEN });
  const again = await enter(after, 'one', { id: idOf(1) });
  const [owner, its] = await Promise.all([enter(after, 'one', { key }), enter(after, 'one', { id: idOf(2) })]);
  await does(its, { t: 'delete', n: 251 });
  await does(owner, { t: 'delete', n: 252 });
  const { act } = (await does(owner, { t: 'delete', n: 253 })) as { act: number };
  await does(owner, { t: 'mod', do: 'undo', of: act });
  await database.sql`update removed set removed_at = removed_at - interval '2 days'`;
  await database.sql`delete from removed where removed_at < now() - interval '1 day'`;
  await erase(after, await ticketOf(again));
  const { text: log } = await download(after, key, '/api/v1/erasures');
  t.equal(log.trim().split('\n').length, 3, 'a person, an author’s deletion and a moderator’s');
  for (const hidden of [...Object.values(planted), author, idOf(1), '너구리']) t.notOk(log.includes(hidden), 'the log itself names nobody');
  for (const one of [again, owner, its]) await one.close();
  await after.close();

  const restored = await openServer(copied, { ADMIN_TOKEN });
  const since = await enter(restored, 'one', { id: idOf(3) });
  t.match(await since.say(planted.later), { t: 'ok', n: 255 }, 'said before it was told');
  await since.close();
  await restored.close();
  const sql = postgres(copied, { max: 1, onnotice: () => {} });
  t.teardown(() => sql.end({ timeout: 1 }));
  t.match(await dumpTables(sql), planted.anna, 'the copy had it all');
  t.equal(await reapplyErasures(copied, log), 3);
  const tables = await dumpTables(sql);
  for (const [what, hidden] of Object.entries({ ...planted, author })) t.equal(tables.includes(hidden), ['undone', 'kept', 'later'].includes(what), what);
  t.same(await sql`select reactions from messages where seq = 254 and reactions is not null`, [], 'their signs neither');
  const open = await openServer(copied, { ADMIN_TOKEN });
  for (const room of ['one', 'two']) {
    const told = await tellingsOf(open, room, key);
    for (const [place, text] of Object.entries(told)) for (const hidden of [planted.anna, planted.own, planted.moderated, author]) t.equal(text.includes(hidden), false, `${hidden} in ${place} of ${room}`);
    const stands = room === 'one' ? [planted.undone, planted.kept, planted.later] : [];
    t.same(exportedTexts(told.ndjson), stands, `what stands in ${room} is in its export`);
    t.same(JSON.parse(told.counts ?? ''), { counts: { [room]: stands.length } }, `and is counted in ${room}`);
  }
  await open.close();
  await reapplyErasures(copied, log);
  t.equal(await dumpTables(sql).then((text) => text.length), tables.length, 'twice is once');
  t.same((await sql`select count(*)::int as n from erasures`)[0], { n: 3 }, 'and the next copy is told it too');
});

t.test('a number that is another message’s by now is left alone', async (t) => {
  const server = await openServer(database.url, { ADMIN_TOKEN });
  const anna = await enter(server, 'numbers', { id: idOf(1) });
  const kept = word();
  await anna.say(kept);
  const [{ at } = { at: 0 }] = await database.sql<{ at: number }[]>`select ms(m.created_at)::float8 as at from messages m join rooms r on r.id = m.room_id where r.post_id = 'numbers'`;
  await anna.close();
  await server.close();
  await reapplyErasures(database.url, JSON.stringify({ at: Date.now(), site: '', room: 'numbers', n: 1, said: at - 60_000 }));
  t.match(await dumpTables(database.sql), kept);
  await reapplyErasures(database.url, JSON.stringify({ at: Date.now(), site: '', room: 'numbers', n: 1, said: at }));
  t.notMatch(await dumpTables(database.sql), kept);
});
