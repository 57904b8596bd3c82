import { nanoid } from 'nanoid';
import t, { type Test } from 'tap';
import { type Client, openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer, type TestServer } from '../support/server.ts';
import { takeClock } from './clock.ts';
import { knock } from './raw.ts';

const database = await openDatabase();
const clock = takeClock();
t.teardown(async () => {
  clock.restore();
  await database.close();
});

async function open(t: Test, caps: Record<string, string> = {}): Promise<TestServer> {
  const server = await openServer(database.url, caps);
  t.teardown(() => server.close());
  return server;
}

async function enter(t: Test, server: TestServer, hello: object = person(), options: { origin?: string } = {}): Promise<Client> {
  const client = await openClient(server.ws, { room: t.name.slice(0, 60), ...hello }, options);
  t.teardown(() => client.close());
  return client;
}

t.test('a refusal for speed says when to come back, and then it works', async (t) => {
  for (const [caps, code, burst] of [
    [{ SENDER_MESSAGES_PER_S: '1' }, 'rate', 5],
    [{ ROOM_MESSAGES_PER_S: '3' }, 'room_busy', 3],
    [{ ROOM_BYTES_PER_S: '1024' }, 'room_busy', 2],
  ] as const) {
    const server = await open(t, caps);
    const anna = await enter(t, server);
    const words = code === 'rate' ? 'hello' : 'a'.repeat(1_000);
    for (let i = 0; i < burst; i += 1) t.match(await anna.say(words), { t: 'ok' });
    const cid = nanoid();
    const no = await anna.say(words, cid);
    t.match(no, { t: 'no', code, retryAfter: Number });
    clock.skip('retryAfter' in no ? (no.retryAfter ?? 0) : 0);
    t.match(await anna.say(words, cid), { t: 'ok' }, `${code} under the same cid, as told`);
  }
});

t.test('gestures have a rate of their own', async (t) => {
  const anna = await enter(t, await open(t));
  await anna.say('one');
  for (let i = 0; i < 30; i += 1) anna.send({ t: 'delete', cid: `delete-${String(i).padStart(16, '0')}`, n: 99 });
  const no = await anna.next('no', ({ code }) => code === 'rate');
  t.ok((no.retryAfter ?? 0) > 0 && (no.retryAfter ?? 0) <= 1_000);
  clock.skip(1_000);
  anna.send({ t: 'delete', cid: 'delete-in-the-end-00', n: 1 });
  await anna.next('ok', ({ cid }) => cid === 'delete-in-the-end-00');
});

t.test('a page that sandboxes us reads at once and speaks after ten seconds', async (t) => {
  const boxed = await enter(t, await open(t), person(), { origin: 'null' });
  const no = await boxed.say('too early');
  t.match(no, { t: 'no', code: 'slow_mode', retryAfter: Number });
  clock.skip('retryAfter' in no ? (no.retryAfter ?? 0) : 0);
  t.match(await boxed.say('in time'), { t: 'ok' });
});

t.test('frames of any kind have a rate; who goes on regardless is sent away to come back (4008)', async (t) => {
  const server = await open(t, { FRAMES_PER_MINUTE: '60' });
  const anna = await enter(t, server);
  for (let i = 0; i < 65; i += 1) anna.send({ t: 'pong' });
  const no = await anna.next('no');
  t.match(no, { code: 'rate', retryAfter: Number });
  clock.skip(60_000);
  t.match(await anna.say('after a rest'), { t: 'ok' });
  const flood = await enter(t, server);
  for (let i = 0; i < 200; i += 1) flood.send({ t: 'pong' });
  t.match(await flood.closed, { code: 4008 });
  t.ok(flood.frames.length < 40, 'and is not answered frame by frame for ever');
});

t.test('five malformed frames within a minute end the socket for good (4500); four do not, nor five over a longer time', async (t) => {
  const server = await open(t);
  const anna = await enter(t, server);
  for (let round = 0; round < 3; round += 1) {
    for (let i = 0; i < 4; i += 1) anna.send('no JSON');
    t.match(await anna.say(`round ${round}`), { t: 'ok' });
    clock.skip(60_000);
  }
  for (let i = 0; i < 5; i += 1) anna.send('no JSON');
  t.match(await anna.closed, { code: 4500 });
});

t.test('words and names that must be mended end nothing, however often they are tried', async (t) => {
  const anna = await enter(t, await open(t));
  for (const nick of ['admin', 'Admin', '관리자', '운영자', 'a', 'ab\u200b', 'owner']) anna.send({ t: 'nick', nick, avatar: 'owl' });
  for (let i = 0; i < 7; i += 1) t.match(await anna.say(' '), { t: 'no', code: 'empty' });
  t.match(await anna.say('still here'), { t: 'ok' });
});

t.test('who says no hello within ten seconds is sent away to come back (4000)', async (t) => {
  const server = await open(t);
  const [silent, late] = [await openClient(server.ws), await openClient(server.ws)];
  t.teardown(() => late.close());
  clock.skip(9_000);
  late.send({ t: 'hello', v: 1, room: 'late' });
  await late.next('welcome');
  clock.skip(1_000);
  t.match(await silent.closed, { code: 4000 });
  late.send({ t: 'who' });
  await late.next('names');
});

t.test('one person holds four sockets in a room; a fifth is let in, and the oldest told not to come back by itself (4506)', async (t) => {
  const server = await open(t);
  const anna = person();
  const four = [];
  for (let i = 0; i < 4; i += 1) four.push(await enter(t, server, anna));
  await enter(t, server, { ...anna, room: 'another room' });
  await enter(t, server, person());
  await enter(t, server, anna);
  t.match(await four[0]?.closed, { code: 4506 });
  const stranger = await enter(t, server, {});
  stranger.send({ t: 'nick', ...anna });
  await stranger.next('you');
  t.match(await four[1]?.closed, { code: 4506 }, 'by taking the name later too');
  t.match(await four[2]?.say('still here'), { t: 'ok' });
});

t.test('connections of one address, and all of them together, have a bound', async (t) => {
  for (const caps of [{ CONNECTIONS_PER_ADDRESS: '2' }, { CONNECTIONS_MAX: '2' }]) {
    const server = await open(t, caps);
    const [first] = [await enter(t, server), await enter(t, server)];
    t.match(await knock(server.http, '/ws', []), { status: 503, headers: { 'retry-after': '30', 'content-type': /problem/ } });
    await first?.close();
    await enter(t, server);
  }
});

t.test('a session takes an id once: the same again is fine, another is refused', async (t) => {
  const server = await open(t);
  const [anna, ben] = [person(), person()];
  const client = await enter(t, server, {});
  t.match(await client.say('nobody yet'), { t: 'no', code: 'nick_needed' });
  client.send({ t: 'nick', ...anna });
  const { author } = await client.next('you');
  t.match(author, /^[a-z2-7]{16}$/);
  client.send({ t: 'nick', ...anna, id: anna.id.toUpperCase(), nick: '새 이름' });
  t.match(await client.next('you', ({ nick }) => nick === '새 이름'), { author });
  client.send({ t: 'nick', ...ben });
  t.match(await client.next('no', ({ code }) => code === 'identity'), { code: 'identity' });
  t.match(await client.say('still Anna'), { t: 'ok' });
  t.match(await client.next('rows'), { rows: [{ author, nick: '새 이름' }] });
});

t.test('another reader may use the same cid: it is another message, and touches nobody else\'s', async (t) => {
  const server = await open(t);
  const [anna, ben] = [await enter(t, server), await enter(t, server)];
  const cid = nanoid();
  t.match(await anna.say('mine', cid), { t: 'ok', n: 1 });
  t.match(await ben.say('also mine', cid), { t: 'ok', n: 2 });
  for (const frame of [{ t: 'edit', text: 'taken over' }, { t: 'delete' }]) {
    ben.send({ ...frame, cid, n: 1 });
    await ben.next('no', ({ code }) => code === 'forbidden');
  }
  t.match(await database.sql`select content from messages where cid = ${cid} order by seq`, [{ content: 'mine' }, { content: 'also mine' }]);
});
