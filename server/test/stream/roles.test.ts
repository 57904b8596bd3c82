import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createWeb } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer as createSecure, getCACertificates, setDefaultCACertificates } from 'node:tls';
import t from 'tap';
import { startOrigin } from '../../../embed-demo/origin/origin.ts';
import { openTrust } from '../../src/app/base.ts';
import { createPeer } from '../../src/http/peer.ts';
import { createGateway } from '../../src/stream/gateway.ts';
import { createGuard } from '../../src/stream/guard.ts';
import { openOutside } from '../../src/stream/egress.ts';
import { openSentry } from '../api/sentry.ts';
import { ask, enter, idOf, ownerKey } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { openReceiver } from '../webhooks/receiver.ts';

const WITHIN_MS = 10_000;
const ADMIN_TOKEN = 'the-operator-of-these-tests-has-this-token';
const [origin, receiver, sentry, database] = [await startOrigin({ port: 0, host: '127.0.0.1' }), await openReceiver(), await openSentry(), await openDatabase()];
/** What stands before each role's inner port: the other needs its address before it is there. */
const [toChat, toStream, front] = [await openRelay(), await openRelay(), await openRelay()];
const allow = { STREAM_ALLOW: `${new URL(origin.url).host} ${new URL(front.url).host}`, WEBHOOK_ALLOW: `${receiver.host} ${new URL(sentry.dsn).host}` };
const chat = await openServer(database.url, { ADMIN_TOKEN, ...allow, ROLES: 'chat', EGRESS_URL: toStream.url, PUBLIC_URL: front.url, ERROR_DSN: sentry.dsn });
const stream = await openServer('', { ...allow, ROLES: 'stream', CHAT_URL: toChat.url });
toChat.lead(await chat.inner());
toStream.lead(await stream.inner());
front.lead(chat.http);
const key = await ownerKey(chat);
t.teardown(async () => {
  await stream.close();
  await chat.close();
  for (const one of [toChat, toStream, front, database, origin, receiver, sentry]) await one.close();
});

t.test('what chats asks outside only through what shows streams, and what shows streams has no database', async (t) => {
  const before = toStream.opened;
  const attached = await attach('apart', '/recording/master.m3u8');
  t.equal(attached.status, 200, 'the stream was looked at');
  t.ok(toStream.opened > before);
  const lead = `/stream/${attached.id}/index.m3u8`;
  const master = await fetch(stream.http + lead);
  t.equal(master.status, 200);
  const playlist = /^(?!#).+/m.exec(await master.text())?.[0] ?? '';
  const segment = /^(?!#).+/m.exec(await (await fetch(stream.http + playlist)).text())?.[0] ?? '';
  t.equal((await fetch(stream.http + segment)).status, 200, 'and is shown');
  await ask(chat, 'DELETE', '/api/v1/rooms/apart/stream', { token: ADMIN_TOKEN });
  t.ok(await until(async () => (await fetch(stream.http + segment)).status === 404, WITHIN_MS), 'until it is detached');
});

t.test('a webhook is told through it too', async (t) => {
  t.match(await ask(chat, 'POST', '/api/v1/webhooks', { token: key, body: { url: receiver.url, events: ['message'] } }), { status: 201 });
  const anna = await enter(chat, 'told', { id: idOf(1) });
  t.teardown(() => anna.close());
  await anna.say('들려?');
  t.ok(await until(() => receiver.told.some(({ body }) => body.message.text === '들려?'), WITHIN_MS));
});

t.test('whether readers reach the chat, and sockets open, is looked at from outside', async (t) => {
  const look = async (): Promise<Record<string, boolean>> => {
    const { findings } = (await ask(chat, 'POST', '/api/v1/doctor', { token: ADMIN_TOKEN, body: { url: origin.url } })).body as unknown as { findings: { look: string; ok: boolean }[] };
    return Object.fromEntries(findings.map(({ look, ok }) => [look, ok]));
  };
  t.match(await look(), { reach: true, upgrade: true });
  toStream.lead(null);
  t.teardown(async () => toStream.lead(await stream.inner()));
  t.match(await look(), { reach: false, upgrade: false, page: false });
});

t.test('an error of what has no database is counted by what has one, and handed on once', async (t) => {
  const told = await fetch(`${toChat.url}/errors`, { method: 'POST', body: '{"code":"type_error","version":"0.1.0"}' });
  t.equal(told.status, 403, 'not for everybody');
  const { token } = openTrust({ IDENTITY_SECRET: ['a secret for tests that has enough letters'] });
  createPeer(toChat.url, token).errors.note({ source: 'server', code: 'type_error', version: '0.1.0', at: 'server/src/http/watch.ts:7' });
  t.ok(await until(async () => ((await ask(chat, 'GET', '/api/v1/errors', { token: key })).body as unknown as { errors: { source: string }[] }).errors.some(({ source }) => source === 'server'), WITHIN_MS));
  t.ok(await until(() => sentry.received.length === 1, WITHIN_MS), 'through the way outside');
});

t.test('while what shows streams is away, nothing is asked outside, and says so', async (t) => {
  toStream.lead(null);
  t.teardown(async () => toStream.lead(await stream.inner()));
  t.match(await attach('away', '/recording/media.m3u8'), { status: 422, code: 'unreachable' });
  const anna = await enter(chat, 'away', { id: idOf(2) });
  t.teardown(() => anna.close());
  t.match(await anna.say('그래도 말은 된다'), { t: 'ok' });
});

t.test('while what chats is away, viewers are told to come back, and no address is taken for gone', async (t) => {
  const { id } = await attach('back', '/recording/master.m3u8');
  toChat.lead(null);
  t.teardown(async () => toChat.lead(await chat.inner()));
  t.equal((await fetch(`${stream.http}/stream/${id}/index.m3u8`)).status, 503);
  toChat.lead(await chat.inner());
  t.ok(await until(async () => (await fetch(`${stream.http}/stream/${id}/index.m3u8`)).status === 200, WITHIN_MS));
});

t.test('strangers get neither addresses nor connections from an inner port', async (t) => {
  const { id } = await attach('mine', '/recording/master.m3u8');
  for (const authorization of ['', 'Bearer ', 'Bearer e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA']) {
    t.equal((await fetch(`${toChat.url}/streams/${id}`, { headers: { authorization } })).status, 403);
    t.match(await tunnel(await stream.inner(), new URL(origin.url).host, { 'proxy-authorization': authorization }), /^HTTP\/1.1 403/);
  }
  t.match(await tunnel(await chat.inner(), new URL(origin.url).host), /^HTTP\/1.1 403/, 'what chats connects nobody');
});

t.test('nothing inside is reached through it, by name or by address', async (t) => {
  const gateway = createGateway(createGuard([]), async (name) => [{ address: name === 'inside.example' ? '10.1.2.3' : '127.0.0.1', family: 4 }]);
  const server = createWeb().on('connect', gateway.open);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => { gateway.close(); server.close(); });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const [asked, code] of [['127.0.0.1:80', 'private_address'], ['169.254.169.254:80', 'private_address'], ['[::1]:443', 'private_address'], ['inside.example:443', 'private_address'], ['redis:6379', 'private_address'], ['blog.example:6379', 'bad_port'], ['nonsense', 'bad_url'], ['a@blog.example:80', 'bad_url']] as const) {
    t.match(await tunnel(url, asked), new RegExp(`^HTTP/1.1 403 Forbidden\\r\\nAside-Refused: ${code}`), asked);
  }
});

t.test('what is asked through it is as secret as if it were asked directly', async (t) => {
  const dir = mkdtempSync(path.join(tmpdir(), 'aside-tls-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const [keyFile, certFile] = [path.join(dir, 'key.pem'), path.join(dir, 'cert.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' });
  const secure = createSecure({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, (socket) => { socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok')); });
  await once(secure.listen(0, '127.0.0.1'), 'listening');
  const { port } = secure.address() as AddressInfo;
  const gateway = createGateway(createGuard([`localhost:${port}`]), async () => [{ address: '127.0.0.1', family: 4 }]);
  const server = createWeb().on('connect', gateway.open);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const outside = openOutside(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => '');
  t.teardown(async () => { await outside.close(); gateway.close(); server.close(); secure.close(); });
  await t.rejects(outside.fetch(`https://localhost:${port}/`), 'a certificate that nobody vouches for');
  const known = getCACertificates();
  setDefaultCACertificates([...known, readFileSync(certFile, 'utf8')]);
  t.teardown(() => setDefaultCACertificates(known));
  t.equal(await (await outside.fetch(`https://localhost:${port}/`)).text(), 'ok');
});

async function attach(room: string, at: string): Promise<{ status: number; id: string; code?: string | undefined }> {
  const { status, body } = await ask(chat, 'PUT', `/api/v1/rooms/${room}/stream`, { token: ADMIN_TOKEN, body: { url: origin.url + at } });
  const { stream: made, code } = body as unknown as { stream?: { id: string }; code?: string };
  return { status, id: made?.id ?? '', code };
}

/** The first bytes of what a CONNECT is answered. */
async function tunnel(url: string, asked: string, headers: Record<string, string> = {}): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(`CONNECT ${asked} HTTP/1.1\r\nHost: ${asked}\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return bytes.toString();
}

/** Passes connections on to where it is led, and refuses them while it leads nowhere. */
async function openRelay(): Promise<{ readonly url: string; readonly opened: number; lead(url: string | null): void; close(): void }> {
  let to = 0;
  let opened = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((from) => {
    if (to === 0) return void from.destroy();
    opened += 1;
    const onward = connect(to, '127.0.0.1');
    for (const [one, other] of [[from, onward], [onward, from]] as const) {
      sockets.add(one);
      one.once('error', () => other.destroy()).once('close', () => { sockets.delete(one); other.destroy(); }).pipe(other);
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get opened() { return opened; },
    lead(url) {
      to = url === null ? 0 : Number(new URL(url).port);
      for (const one of sockets) one.destroy();
    },
    close() {
      server.close();
      for (const one of sockets) one.destroy();
    },
  };
}
