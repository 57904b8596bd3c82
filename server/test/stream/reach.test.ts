import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import t from 'tap';
import { createGuard, type Guard } from '../../src/stream/guard.ts';
import { until } from '../support/until.ts';
import { codeOf, read, use } from './ask.ts';
import { live, openHost, openSecureHost } from './hosts.ts';

setDefaultCACertificates([...getCACertificates(), live.cert]);

t.test('a name is refused when any of its addresses is private, and nothing is connected to', async (t) => {
  const trap = await openHost((_, response) => void response.end());
  const answers: Record<string, string[]> = {
    private: ['127.0.0.1'], mixed: ['93.184.216.34', '127.0.0.1'], mapped: ['::ffff:127.0.0.1'], six: ['::1'], zone: ['fe80::1%lo'], nat: ['64:ff9b::7f00:1'], odd: ['127.1'], none: [],
  };
  const lookup = async (name: string) => (answers[name.split('.')[0] ?? ''] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const origin = use(t, trap, { connectMs: 500 }, { lookup }, createGuard([]));
  for (const name of Object.keys(answers)) t.equal(await codeOf(read(origin, `http://${name}.example.com/`)), name === 'none' ? 'unreachable' : 'private_address', name);
  t.equal(trap.reached, 0);
});

t.test('each connection resolves its name once, and goes to what was judged', async (t) => {
  const host = await openHost((_, response) => void response.writeHead(200, { connection: 'close' }).end('host'));
  const guard: Guard = { judgeUrl: () => null, mayReach: (address) => address === '127.0.0.1' };
  const answers = ['127.0.0.1', '127.0.0.2', '127.0.0.1'];
  let asked = 0;
  const origin = use(t, host, {}, { lookup: async () => [{ address: answers[asked++] ?? '127.0.0.2', family: 4 }] }, guard);
  const url = `http://rebind.example.com:${host.port}/`;
  t.equal(await read(origin, url), 'host');
  t.equal(await codeOf(read(origin, url)), 'private_address');
  t.equal(await read(origin, url), 'host');
  t.equal(asked, 3);
  t.equal(host.reached, 2);
});

t.test('a socket that got elsewhere than where it was sent is asked nothing', async (t) => {
  let requests = 0;
  const host = await openHost((_, response) => { requests += 1; response.end(); });
  let looks = 0;
  const guard: Guard = { judgeUrl: () => null, mayReach: () => (looks += 1) === 1 };
  const origin = use(t, host, {}, { lookup: async () => [{ address: '127.0.0.1', family: 4 }] }, guard);
  t.equal(await codeOf(read(origin, `http://cdn.example.com:${host.port}/`)), 'private_address');
  t.equal(looks, 2);
  t.equal(await until(() => host.reached === 1 && host.open.size === 0, 2_000), true, 'its socket is closed');
  t.equal(requests, 0);
});

t.test('an address that is written out is judged when connecting as well', async (t) => {
  const host = await openHost((_, response) => void response.end());
  const origin = use(t, host, {}, {}, { ...createGuard([]), judgeUrl: () => null });
  t.equal(await codeOf(read(origin, host.url)), 'private_address');
  t.equal(host.reached, 0);
});

t.test('TLS is spoken with the name that was asked, and with no other', async (t) => {
  const host = await openSecureHost(({ headers }, response) => void response.end(headers.host));
  const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
  const origin = use(t, host, {}, { lookup }, createGuard(['live.test', 'other.test']));
  t.equal(await read(origin, `https://live.test:${host.port}/`), `live.test:${host.port}`);
  t.equal(await codeOf(read(origin, `https://other.test:${host.port}/`)), 'unreachable');
});
