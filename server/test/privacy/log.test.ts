import { once } from 'node:events';
import { connect } from 'node:net';
import { nanoid } from 'nanoid';
import t from 'tap';
import type { TestServer } from '../support/server.ts';
import { openDatabase } from '../support/database.ts';
import { openClient } from '../support/client.ts';
import { until } from '../support/until.ts';
import { openProcess, SECRET } from '../http/process.ts';
import { ADMIN_TOKEN, ask, authorOf, does, idOf, moderatorKey, ownerKey } from '../moderation/desk.ts';
import { download, erase, ticketOf } from './person.ts';

const database = await openDatabase();
const ADDRESS = '203.0.113.77';
const server = await openProcess(database.url, { ADMIN_TOKEN, TRUST_PROXY_HOPS: '1' });
t.teardown(async () => {
  await server.close();
  await database.close();
});

const plant = (): string => `planted-${nanoid(12)}`;
const planted = { word: plant(), reason: plant(), query: plant(), path: plant(), header: plant(), body: plant(), bytes: plant(), room: plant(), site: plant(), cid: plant(), key: plant(), name: '심어둔이름', list: '심어둔말' };
const from = { headers: { 'x-forwarded-for': ADDRESS } };

function enter(who: Record<string, unknown>) {
  return openClient(server.ws, { room: planted.room, site: planted.site, nick: planted.name, avatar: 'fox', ...who }, from);
}

/** Everything that may go wrong over HTTP, with something planted in it. */
async function stumble(): Promise<void> {
  const token = { authorization: `Bearer ${planted.key}`, 'x-planted': planted.header, cookie: planted.header, referer: `https://blog.example/${planted.header}`, 'user-agent': planted.header };
  for (const path of [`/room/${planted.path}?title=${planted.query}`, `/api/v1/rooms/${planted.path}/messages?before=${planted.query}`, `/api/v1/counts?ids=${planted.query}&site=${planted.site}`, `/api/v1/mine?x=${planted.query}`,
    `/api/v1/me?${planted.query}`, `/api/v1/rooms/${planted.path}/export?format=${planted.query}`, `/api/v1/rooms/${planted.path}/feed.atom?${planted.query}`, `/api/v1/rooms/${planted.path}/import?site=${planted.site}`, `/oembed?url=${planted.query}`, `/${planted.path}/%E0%A4%A`, `/api/v1/rooms/${planted.path}%00/desk`, `/badge/${planted.path}.svg`, `/stream/${planted.path}/index.m3u8`, `/room/${planted.path}/card.png`]) {
    for (const method of ['GET', 'DELETE', 'POST', 'PUT']) {
      await fetch(server.http + path, { method, headers: { ...token, ...from.headers, 'content-type': 'application/json' }, ...(method === 'POST' || method === 'PUT' ? { body: `{"${planted.body}` } : {}) }).then((answer) => answer.text());
    }
  }
  const socket = connect(Number(new URL(server.http).port), '127.0.0.1');
  socket.resume().end(`GET /${planted.bytes} HTTP/9.9\r\n${planted.bytes}\r\n\r\n`);
  await once(socket, 'close');
}

/** What people and moderators do, and the frames that are none. */
async function talk(key: string, i: number): Promise<void> {
  const [anna, mod] = await Promise.all([enter({ id: idOf(i) }), enter({ key })]);
  const { n = 0 } = (await anna.say(planted.word, `${planted.cid}-${i}`)) as { n?: number };
  for (const frame of [{ t: 'edit', n, text: `${planted.word} again` }, { t: 'react', n, emoji: '👍', on: true }, { t: 'report', n, reason: 'abuse' }, { t: 'say', text: planted.word, stamp: planted.word }]) await does(anna, frame);
  await does(mod, { t: 'mod', do: 'ban', who: authorOf(anna), seconds: 1, reason: planted.reason, network: true });
  await does(mod, { t: 'mod', do: 'unban', who: authorOf(anna) });
  await does(mod, { t: 'delete', n });
  const noisy = await enter({});
  for (const frame of [planted.word, `{"t":"${planted.word}`, JSON.stringify({ t: planted.word, id: idOf(i) }), JSON.stringify({ t: 'say', cid: planted.cid, text: 5 }), Buffer.from(planted.bytes).toString('latin1'), '{}', '{}']) noisy.send(frame);
  await noisy.closed;
  for (const one of [anna, mod]) await one.close();
}

t.test('at its finest level the log has nobody’s words, names, ids, secrets or addresses', async (t) => {
  const as = server as unknown as TestServer;
  const [key, { key: moderator }] = [await ownerKey(as), await moderatorKey(as)];
  await ask(as, 'PUT', '/api/v1/words', { token: key, body: { blocked: [planted.list], allowed: [] } });
  await talk(key, 1);
  await stumble();
  const anna = await enter({ id: idOf(2) });
  const author = authorOf(anna);
  await anna.say(planted.word);
  const ticket = await ticketOf(anna);
  t.match((await download(server, ticket)).text, planted.word);

  // A database that fails in every way it may: a rule that is broken, a table that is not there, connections that end.
  await database.sql`alter table messages add constraint planted check (content !~ 'poison')`;
  t.match(await anna.say(`${planted.word} poison`), { t: 'no' });
  await database.sql.unsafe(`create function planted() returns trigger language plpgsql as $$ begin raise exception 'not %', new; end $$`);
  await database.sql.unsafe('create trigger planted before insert or update on messages for each row execute function planted()');
  t.match(await anna.say(`${planted.word} triggers`), { t: 'no' });
  t.equal((await fetch(`${server.http}/api/v1/mine`, { method: 'DELETE', headers: { authorization: `Bearer ${ticket}` } })).status, 503);
  await database.sql`drop trigger planted on messages`;
  await database.sql`alter table messages rename to elsewhere`;
  const failing = anna.say(`${planted.word} nowhere`);
  await stumble();
  t.match((await download(server, ticket)).answer.status, 503);
  await failing;
  await database.sql`alter table elsewhere rename to messages`;
  await database.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'aside' and datname = current_database()`;
  await stumble();
  t.match(await until(async () => (await download(server, ticket)).answer.status === 200, 10_000), true, 'it is well again');
  t.match(await erase(server, ticket), { rooms: 1 });
  await anna.close();
  const metrics = await (await fetch(server.metrics)).text();
  await server.close();

  t.ok(server.log.length > 50, server.log.length > 50 ? 'it was written' : server.log);
  for (const [what, text] of Object.entries({ ...planted, address: ADDRESS, secret: SECRET, token: ADMIN_TOKEN, owner: key, moderator, author, ticket, id: idOf(1), other: idOf(2), blog: 'blog.example', password: new URL(database.url).password || 'no password' })) {
    for (const [place, said] of Object.entries({ log: server.log, metrics })) t.equal(said.includes(text), false, `${what} in the ${place}`);
  }
});
