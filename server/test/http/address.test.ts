import t from 'tap';
import { WebSocket } from 'ws';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { ask } from './raw.ts';

const database = await openDatabase();
t.teardown(() => database.close());

/** 101, or the status of the refusal; the socket stays open until the test ends. */
function dial(t: { teardown(end: () => void): void }, url: string, forwarded: string): Promise<number> {
  const socket = new WebSocket(url, { headers: { 'x-forwarded-for': forwarded } });
  t.teardown(() => socket.terminate());
  return new Promise((resolve) => {
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => {});
  });
}

t.test('without a proxy of ours, what a caller says of its address counts nothing', async (t) => {
  const server = await openServer(database.url, { CONNECTIONS_PER_ADDRESS: '1' });
  t.teardown(() => server.close());
  t.equal(await dial(t, server.ws, '192.0.2.1'), 101);
  t.equal(await dial(t, server.ws, '192.0.2.2'), 503);
});

t.test('behind one proxy, the address is the one our proxy saw, whatever stands before it', async (t) => {
  const server = await openServer(database.url, { CONNECTIONS_PER_ADDRESS: '1', TRUST_PROXY_HOPS: '1' });
  t.teardown(() => server.close());
  t.equal(await dial(t, server.ws, '192.0.2.1'), 101);
  for (const forged of ['198.51.100.7, 192.0.2.1', '127.0.0.1, 192.0.2.1', 'unknown, 192.0.2.1', '::1,192.0.2.1', '192.0.2.1']) t.equal(await dial(t, server.ws, forged), 503, forged);
  t.equal(await dial(t, server.ws, '192.0.2.1, 198.51.100.7'), 101, 'another address');
  t.equal(await dial(t, server.ws, '2001:db8:1:2::1'), 101);
  t.equal(await dial(t, server.ws, '2001:db8:1:2:ffff::9'), 503, 'one household');
  t.equal(await dial(t, server.ws, '2001:db8:1:3::1'), 101);
});

t.test('pages and the API are asked so many times a minute by one address; then they say when to come back', async (t) => {
  const server = await openServer(database.url, { REQUESTS_PER_MINUTE: '20' });
  t.teardown(() => server.close());
  for (let i = 0; i < 10; i += 1) for (const path of ['/api/v1/rooms/x', '/room/x']) await (await fetch(`${server.http}${path}`)).arrayBuffer();
  for (const path of ['/api/v1/rooms/x', '/room/x']) {
    const { status, headers, body } = await ask(server.http, { path });
    t.match({ status, headers, body: JSON.parse(body) }, { status: 429, headers: { 'retry-after': /^\d+$/, 'content-type': /problem/ }, body: { code: 'rate' } });
  }
  t.equal((await ask(server.http, { path: '/healthz' })).status, 200);
});
