import { nanoid } from 'nanoid';
import t from 'tap';
import { openClient } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openProcess, SECRET } from './process.ts';
import { dumpTables } from './tables.ts';

const database = await openDatabase();
const server = await openProcess(database.url);
t.teardown(async () => {
  await server.close();
  await database.close();
});

t.test('the secret id and a key are in nothing the server says, writes down or keeps (P7)', async (t) => {
  const ids = Array.from({ length: 4 }, () => crypto.randomUUID());
  const key = `key-${nanoid()}`;
  const words = `words-${nanoid()}`;
  const heard: string[] = [];
  const enter = async (id: string | undefined) => {
    const client = await openClient(server.ws);
    client.raw.on('message', (data) => heard.push(String(data)));
    client.raw.on('close', (_, reason) => heard.push(String(reason)));
    client.send({ t: 'hello', v: 1, room: 'secrets', ...(id && { id, nick: '너구리', avatar: 'raccoon' }), key });
    await client.next('welcome');
    return client;
  };
  const anna = await enter(ids[0]);
  const late = await enter(undefined);
  for (const [i, id] of [...ids, (ids[1] ?? '').toUpperCase()].slice(1).entries()) {
    // First taken, then refused; and once in every place where it has no business.
    late.send({ t: 'nick', nick: `이름 ${i}`, avatar: 'fox', id });
    await late.next(i === 0 ? 'you' : 'no');
  }
  for (const [i, id] of ids.entries()) {
    late.send({ t: 'say', cid: `say-${'0'.repeat(16)}${i}`, text: words, id, author: id, key });
    await late.next('ok', ({ n }) => n === i + 1);
    late.send({ t: 'who' });
    // Five frames that are none end a socket: each id gets one of its own.
    const noisy = await enter(undefined);
    for (const frame of [{ t: id }, { t: 'say', cid: id }, { t: 'since', rev: id }, { t: 'react', cid: `re-${'0'.repeat(16)}${i}`, n: 1, emoji: id, on: true }, id, { t: id }, { t: id }]) noisy.send(frame);
    t.match(await noisy.closed, { code: 4500 });
    await fetch(`${server.http}/room/secrets?id=${id}&key=${key}`, { headers: { cookie: `aside=${id}`, authorization: `Bearer ${id}`, referer: `https://blog.example/?${id}` } });
    await fetch(`${server.http}/api/v1/rooms/secrets/messages?before=${id}`);
    await fetch(`${server.http}/${id}`);
  }
  await anna.next('rows', ({ to }) => to === ids.length);
  await late.close();
  await anna.close();
  const places = { frames: heard.join('\n'), log: server.log, tables: await dumpTables(database.sql), metrics: await (await fetch(server.metrics)).text() };
  const secrets = [key, SECRET, ...ids, ...ids.map((id) => id.replaceAll('-', ''))];
  for (const [place, text] of Object.entries(places)) {
    t.ok(text.length > 50, `${place} were looked at`);
    // A cid is the client's own word; only where it was sent as one may an id stand.
    const found = secrets.filter((secret) => text.replaceAll(/"cid":"[^"]*"/g, '').toLowerCase().includes(secret.toLowerCase()));
    t.same(found, [], `in ${place}`);
  }
  t.equal(places.tables.includes(words), true, 'and words do stand where they belong');
  for (const place of [places.log, places.metrics]) t.notMatch(place, new RegExp(`${words}|너구리|이름|secrets\\b`));
});
