import { nanoid } from 'nanoid';
import t, { type Test } from 'tap';
import { startOrigin } from '../../../embed-demo/origin/origin.ts';
import { type Client, openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';

const ADMIN_TOKEN = 'a-token-for-tests-that-has-enough-letters';
const origin = await startOrigin({ port: 0, host: '127.0.0.1' });
const database = await openDatabase();
const env = { ADMIN_TOKEN, STREAM_ALLOW: new URL(origin.url).host };
const server = await openServer(database.url, { ...env, SHED: 'typing, names,reactions,previews,streams' });
t.teardown(async () => {
  await server.close();
  await database.close();
  await origin.close();
});

async function enter(t: Test, room: string): Promise<Client> {
  const client = await openClient(server.ws, { room, ...person() });
  t.teardown(() => client.close());
  return client;
}

const authorOf = async (client: Client) => (await client.next('welcome')).you.author;

async function attach(room: string): Promise<string> {
  const answer = await fetch(`${server.http}/api/v1/rooms/${room}/stream`, {
    method: 'PUT', body: JSON.stringify({ url: `${origin.url}/recording/master.m3u8` }), headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
  });
  return (await answer.json()).stream.id;
}

t.test('typing: nobody is told who writes until it is on, and words go on', async (t) => {
  const [anna, ben, carol] = [await enter(t, 'typing'), await enter(t, 'typing'), await enter(t, 'typing')];
  anna.send({ t: 'typing' });
  t.match(await anna.say('a word'), { t: 'ok' });
  server.shed.set('typing', false);
  carol.send({ t: 'typing' });
  await ben.next('typing');
  const told = ben.frames.flatMap((frame) => (frame.t === 'typing' ? frame.authors : []));
  t.same(told, [await authorOf(carol)], 'and not of who wrote before');
});

t.test('names: who asks is told how many are here, and who they are when it is on', async (t) => {
  const anna = await enter(t, 'names');
  anna.send({ t: 'who' });
  t.match(await anna.next('here'), { count: 1 });
  server.shed.set('names', false);
  const ben = await enter(t, 'names');
  ben.send({ t: 'who' });
  t.equal((await ben.next('names')).names.length, 2);
  t.notOk(anna.frames.some((frame) => frame.t === 'names'));
});

t.test('reactions: they are to be brought again later, and the same one is taken when it is on', async (t) => {
  const anna = await enter(t, 'reactions');
  await anna.say('a word');
  const react = { t: 'react', cid: nanoid(), n: 1, emoji: '👍', on: true };
  anna.send(react);
  t.match(await anna.next('no'), { cid: react.cid, code: 'overloaded', retryAfter: 30_000 });
  server.shed.set('reactions', false);
  anna.send(react);
  t.match(await anna.next('ok', ({ cid }) => cid === react.cid), { rev: 2 });
  server.shed.set('reactions', true);
  anna.send({ ...react, cid: 'another-reaction-0001', on: false });
  t.match(await anna.next('no', ({ cid }) => cid === 'another-reaction-0001'), { code: 'overloaded' });
});

t.test('previews: no card is drawn, not even one that was (503), until it is on', async (t) => {
  const card = () => fetch(`${server.http}/card/previews.png`);
  const refused = await card();
  t.same([refused.status, refused.headers.get('retry-after'), (await refused.json()).code], [503, '60', 'shed']);
  server.shed.set('previews', false);
  const drawn = await card();
  t.same([drawn.status, drawn.headers.get('content-type')], [200, 'image/png']);
  server.shed.set('previews', true);
  t.equal((await card()).status, 503);
  t.equal((await fetch(`${server.http}/room/previews`)).status, 200);
});

t.test('streams: rooms are as if they had none and nothing of them is sent (503), in a process of streams alone too; words go on', async (t) => {
  const viewing = await openServer(database.url, { ...env, ROLES: 'stream', SHED: 'streams' });
  t.teardown(() => viewing.close());
  const anna = await enter(t, 'streams');
  const heard = anna.next('rows', ({ room }) => room !== undefined);
  const id = await attach('streams');
  t.notOk((await heard).room?.stream);
  t.match(await anna.say('a word'), { t: 'ok' });
  const tell = async () => {
    const [ben, page, api] = [await enter(t, 'streams'), await fetch(`${server.http}/room/streams`), await fetch(`${server.http}/api/v1/rooms/streams`)];
    return [(await ben.next('welcome')).room.stream, /"stream":\{/.test(await page.text()) || undefined, (await api.json()).room.stream].map((one) => one !== undefined);
  };
  const read = (path: string) => Promise.all([server, viewing].map((one) => fetch(one.http + path)));
  t.same(await tell(), [false, false, false]);
  for (const refused of await read(`/stream/${id}/index.m3u8`)) t.same([refused.status, refused.headers.get('retry-after'), (await refused.json()).code], [503, '30', 'shed']);
  for (const one of [server, viewing]) one.shed.set('streams', false);
  t.same(await tell(), [true, true, true]);
  const [playlist] = await read(`/stream/${id}/index.m3u8`);
  const sealed = /^\/stream\/.+/m.exec(await (playlist as Response).text())?.[0] ?? '';
  // Twice: the second answer is at hand.
  for (let i = 0; i < 2; i += 1) t.same((await read(sealed)).map(({ status }) => status), [200, 200]);
  for (const one of [server, viewing]) one.shed.set('streams', true);
  for (const refused of await read(sealed)) t.same([refused.status, refused.headers.get('retry-after'), (await refused.json()).code], [503, '30', 'shed']);
  t.same(await tell(), [false, false, false]);
});
