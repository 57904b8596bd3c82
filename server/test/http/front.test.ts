import { readdirSync } from 'node:fs';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { startOrigin } from '../../../embed-demo/origin/origin.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { ask } from './raw.ts';

const WITHIN_MS = 10_000;
const ADMIN_TOKEN = 'a-token-for-tests-that-has-enough-letters';
const origin = await startOrigin({ port: 0, host: '127.0.0.1' });
const database = await openDatabase();
const env = { ADMIN_TOKEN, STREAM_ALLOW: new URL(origin.url).host };
const chat = await openServer(database.url, env);
const front = await openServer(database.url, { ...env, ROLES: 'stream' });
t.teardown(async () => {
  await front.close();
  await chat.close();
  await database.close();
  await origin.close();
});

async function attach(room: string, path: string): Promise<string> {
  const answer = await fetch(`${chat.http}/api/v1/rooms/${room}/stream`, { method: 'PUT', headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' }, body: JSON.stringify({ url: origin.url + path }) });
  return ((await answer.json()) as { stream: { id: string } }).stream.id;
}

const addressesOf = (playlist: string): string[] => [...playlist.matchAll(/^(?!#).+|URI="([^"]+)"/gm)].map(([line, uri]) => uri ?? line).filter((one) => one !== '');

/** One of its playlists, and a segment of it. */
async function lead(id: string): Promise<{ playlist: string; segment: string }> {
  const first = await (await fetch(`${front.http}/stream/${id}/index.m3u8`)).text();
  const playlist = addressesOf(first).find((one) => one.includes('/playlist/')) ?? '';
  return { playlist, segment: addressesOf(await (await fetch(front.http + playlist)).text()).find((one) => one.includes('/segment/')) ?? '' };
}

/** A connection that is kept. `read` gives what came until there is so much of it. */
function open(t: Test): Promise<{ socket: Socket; read(bytes: number): Promise<Buffer>; closed: Promise<void> }> {
  return new Promise((resolve, reject) => {
    let got: Buffer = Buffer.alloc(0);
    const socket = connect(Number(new URL(front.http).port), '127.0.0.1');
    const closed = new Promise<void>((settle) => socket.once('close', () => settle()));
    socket.on('data', (chunk: Buffer) => { got = Buffer.concat([got, chunk]); });
    socket.on('error', reject);
    t.teardown(() => socket.destroy());
    socket.on('connect', () => resolve({ socket, closed, async read(bytes) { await until(() => got.length >= bytes, WITHIN_MS); return got; } }));
  });
}

/** On a connection of its own, which stays open: one that asked for something else before has been handed on. */
function fetchAnew(url: string, headers: Record<string, string>): Promise<{ status: number; headers: IncomingHttpHeaders; bytes: Buffer }> {
  const agent = new Agent({ keepAlive: true });
  return new Promise((resolve, reject) => {
    request(url, { agent, headers }, async (answer) => {
      const bytes = Buffer.concat(await answer.toArray());
      agent.destroy();
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes });
    }).on('error', reject).end();
  });
}

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
const filesOpen = (): number => readdirSync('/proc/self/fd').length;

t.test('what it answers is what the server behind it would answer, byte for byte', async (t) => {
  const { playlist, segment } = await lead(await attach('same', '/recording/master.m3u8'));
  for (const path of [playlist, segment]) {
    for (const headers of [{}, { 'accept-encoding': 'gzip' }, { origin: 'null' }] as Record<string, string>[]) {
      const [here, there] = await Promise.all([front, chat].map(async ({ http }) => {
        const { status, headers: { date, connection: _, 'keep-alive': kept, ...told }, bytes } = await fetchAnew(http + path, headers);
        t.equal(kept === undefined, http === front.http, 'it did not come to Node');
        t.ok(Math.abs(Date.parse(date ?? '') - Date.now()) < 2_500, 'it says when it was given');
        return { status, told, bytes: bytes.toString('base64') };
      }));
      t.same(here, there, `${path.split('/')[3]} ${JSON.stringify(headers)}`);
      t.equal(here?.status, 200);
    }
  }
});

t.test('everything else is answered too, by the server behind it', async (t) => {
  const id = await attach('else', '/recording/master.m3u8');
  const { segment } = await lead(id);
  const whole = Buffer.from(await (await fetch(front.http + segment)).arrayBuffer());
  const part = await fetch(front.http + segment, { headers: { range: 'bytes=10-19' } });
  t.same([part.status, Buffer.from(await part.arrayBuffer())], [206, whole.subarray(10, 20)]);
  t.equal((await fetch(front.http + segment, { method: 'HEAD' })).headers.get('content-length'), String(whole.length));
  t.match(await (await fetch(`${front.http}/readyz`)).json(), { ok: true });
  t.equal((await fetch(`${front.http}/room/x`)).status, 404);
  t.equal((await fetch(`${front.http}${segment.slice(0, -3)}abc`)).status, 403);
  t.match(await ask(front.http, { bytes: 'nonsense\r\n\r\n' }), { status: 400 });
  t.match(await ask(front.http, { method: 'POST', path: segment, body: 'x' }), { status: 404 });
  t.match(await ask(front.http, { bytes: `GET ${segment} HTTP/1.0\r\n\r\n` }), { status: 200 });
  for (const line of ['X: a\rContent-Length: 5', 'X: a\nContent-Length: 5', 'X : a', 'X', ' X: a', 'Content-Length : 5']) {
    t.match(await ask(front.http, { bytes: `GET ${segment} HTTP/1.1\r\nHost: x\r\n${line}\r\n\r\n0\r\n\r\n` }), { status: 400 }, `what might be read in two ways is Node’s to refuse: ${JSON.stringify(line)}`);
  }
});

t.test('a connection is kept: requests one after the other, in pieces, and two in a row', async (t) => {
  const { segment } = await lead(await attach('kept', '/recording/master.m3u8'));
  const { socket, read } = await open(t);
  socket.write(get(segment));
  const head = (await read(1_000)).indexOf('\r\n\r\n') + 4;
  const size = head + Number(/content-length: (\d+)/.exec((await read(head)).toString('latin1'))?.[1]);
  const first = (await read(size)).subarray(0, size);
  socket.write(get(segment));
  t.ok((await read(2 * size)).subarray(size).equals(first));
  const [half, rest] = [get(segment).slice(0, 20), get(segment).slice(20)];
  socket.write(half);
  // Read before the rest comes: it has been handed on by then.
  await new Promise((resolve) => setImmediate(resolve));
  socket.write(rest + get(segment));
  const all = await read(4 * size - 2 * head);
  t.equal(all.toString('latin1').split('HTTP/1.1 200').length - 1, 4);
});

t.test('however many ask at once, the origin is asked once, and all of them get all of it', async (t) => {
  const { segment } = await lead(await attach('once', '/live/master.m3u8'));
  origin.requests.clear();
  const all = await Promise.all(Array.from({ length: 300 }, async () => Buffer.from(await (await fetch(front.http + segment)).arrayBuffer())));
  t.ok(all.every((one) => one.length > 1_000 && one.equals(all[0] as Buffer)));
  t.same([...origin.requests.values()], [1]);
});

t.test('who reads slowly or goes away holds nobody up and nothing open', async (t) => {
  const { segment } = await lead(await attach('slow', '/recording/master.m3u8'));
  const before = filesOpen();
  const slow = await Promise.all(Array.from({ length: 20 }, () => open(t)));
  for (const { socket } of slow) {
    socket.pause();
    socket.write(get(segment));
  }
  t.equal((await fetch(front.http + segment)).status, 200);
  for (const { socket } of slow) socket.destroy();
  await until(() => filesOpen() <= before + 2, WITHIN_MS);
  t.ok(filesOpen() <= before + 2, `${filesOpen()} files open, ${before} before`);
});

t.test('an address that ends with its stream ends here too', async (t) => {
  const { segment } = await lead(await attach('ends', '/recording/master.m3u8'));
  t.equal((await fetch(front.http + segment)).status, 200);
  await fetch(`${chat.http}/api/v1/rooms/ends/stream`, { method: 'DELETE', headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  t.ok(await until(async () => (await fetch(front.http + segment)).status === 404, WITHIN_MS));
});

t.test('a server that only chats shows nothing', async (t) => {
  const { segment } = await lead(await attach('apart', '/recording/master.m3u8'));
  const talks = await openServer(database.url, { ...env, ROLES: 'chat' });
  t.teardown(() => talks.close());
  t.equal((await fetch(front.http + segment)).status, 200);
  for (const path of [segment, `/stream/${segment.split('/')[2]}/index.m3u8`]) t.equal((await fetch(talks.http + path)).status, 404);
  t.equal((await fetch(`${talks.http}/room/apart`)).status, 200);
});
