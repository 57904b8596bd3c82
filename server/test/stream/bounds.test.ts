import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { createGuard } from '../../src/stream/guard.ts';
import { openOrigin } from '../../src/stream/origin.ts';
import { until } from '../support/until.ts';
import { codeOf, MAX, open, read } from './ask.ts';
import { openHost } from './hosts.ts';

t.test('a body is bounded as announced, as sent, and as unfolded', async (t) => {
  const zeros = Buffer.alloc(10_000_000);
  const bodies: Record<string, () => [Record<string, string | number>, Buffer]> = {
    '/announced': () => [{ 'content-length': 2_000_001 }, Buffer.alloc(1)],
    '/sent': () => [{}, Buffer.alloc(2_000_001)],
    '/just': () => [{}, Buffer.alloc(2_000_000)],
    '/bomb': () => [{ 'content-encoding': 'gzip' }, gzipSync(zeros)],
    '/empty': () => [{ 'content-encoding': 'gzip' }, Buffer.concat(Array(120_000).fill(gzipSync('')))],
    '/packed': () => [{ 'content-encoding': 'GZIP' }, gzipSync('#EXTM3U')],
    '/broken': () => [{ 'content-encoding': 'gzip' }, Buffer.from('no gzip at all')],
    '/twice': () => [{ 'content-encoding': 'gzip, gzip' }, gzipSync(gzipSync('x'))],
  };
  const { host, origin } = await open(t, ({ url = '' }, response) => {
    const [headers, body] = bodies[url]?.() ?? [{}, Buffer.alloc(0)];
    response.writeHead(200, headers).end(body);
  });
  const take = (path: string, gzip = false) => codeOf(read(origin, host.url + path, { maxBytes: 2_000_000, gzip }));
  t.equal(await codeOf(origin.ask(`${host.url}/announced`, { maxBytes: 2_000_000 })), 'too_large', 'before it is read');
  t.equal(await take('/sent'), 'too_large');
  t.equal(await take('/just'), 'answered');
  t.equal(await take('/bomb', true), 'too_large');
  t.equal(await take('/empty', true), 'too_large');
  t.equal(await take('/broken', true), 'origin_failed');
  t.equal(await take('/twice', true), 'origin_failed');
  t.equal(await take('/packed'), 'origin_failed', 'nobody asked for it compressed');
  const { headers, body } = await origin.ask(`${host.url}/packed`, { maxBytes: 100, gzip: true });
  t.equal(Buffer.concat(await Array.fromAsync(body)).toString(), '#EXTM3U');
  t.notOk('content-encoding' in headers || 'content-length' in headers, 'headers tell of what is handed on');
});

t.test('no host is waited for without end', async (t) => {
  const timers: NodeJS.Timeout[] = [];
  t.teardown(() => timers.forEach(clearInterval));
  const listener: RequestListener = ({ url }, response) => {
    if (url === '/silent') return;
    response.write('a');
    if (url === '/drip') timers.push(setInterval(() => response.write('a'), 20));
  };
  const first = await open(t, listener, { firstByteMs: 150 });
  t.equal(await codeOf(read(first.origin, `${first.host.url}/silent`)), 'too_slow', 'until the first byte');
  const idle = await open(t, listener, { idleMs: 150 });
  t.equal(await codeOf(read(idle.origin, `${idle.host.url}/stalled`)), 'too_slow', 'between two bytes');
  const total = await open(t, listener, { totalMs: 150 });
  for (const path of ['/silent', '/stalled', '/drip']) t.equal(await codeOf(read(total.origin, total.host.url + path)), 'too_slow', 'in all');
  await total.origin.ask(`${total.host.url}/drip`, MAX);
  t.equal(await until(() => total.host.open.size === 0, 5_000), true, 'a body that nobody reads ends, and its socket with it');
});

t.test('a name that nobody answers for is given up with its connection', async (t) => {
  const { origin } = await open(t, () => {}, { connectMs: 100 }, { lookup: () => new Promise(() => {}) });
  t.equal(await codeOf(read(origin, 'http://cdn.example.com/')), 'unreachable');
});

t.test('whoever leaves is not waited for, and takes the connection along', async (t) => {
  const { host, origin } = await open(t, ({ url }, response) => { if (url !== '/silent') response.write('a'); }, { connections: 2 });
  const leaving = new AbortController();
  const asked = [1, 2, 3].map(() => codeOf(origin.ask(`${host.url}/silent`, { ...MAX, signal: leaving.signal })));
  await until(() => host.reached === 2, 2_000);
  leaving.abort();
  t.same(await Promise.all(asked), ['given_up', 'given_up', 'given_up'], 'whoever waits for a connection too');
  t.equal(await codeOf(origin.ask(host.url, { ...MAX, signal: leaving.signal })), 'given_up');
  t.equal(await until(() => host.open.size === 0, 2_000), true);
  const later = new AbortController();
  const reading = codeOf(read(origin, `${host.url}/stalled`, { signal: later.signal }));
  await until(() => host.reached === 3, 2_000);
  later.abort();
  t.equal(await reading, 'given_up');
  for await (const chunk of (await origin.ask(`${host.url}/stalled`, MAX)).body) {
    t.equal(Buffer.from(chunk).toString(), 'a');
    break;
  }
  t.equal(await until(() => host.open.size === 0, 2_000), true);
});

t.test('a host has so many connections and no more', async (t) => {
  const waiting: (() => void)[] = [];
  const { host, origin } = await open(t, (_, response) => void waiting.push(() => response.end('done')), { connections: 3, asks: 6 });
  const asked = Array.from({ length: 6 }, () => read(origin, host.url));
  await until(() => waiting.length === 3, 2_000);
  t.equal(await codeOf(read(origin, host.url)), 'unreachable', 'nor are there ever more under way than may be');
  for (let done = 0; done < 6; done += 1) {
    await until(() => waiting.length > 0, 2_000);
    waiting.shift()?.();
  }
  t.same(await Promise.all(asked), Array(6).fill('done'));
  t.equal(host.reached, 3);
});

t.test('a host that keeps failing is left alone for a while', async (t) => {
  let time = 0;
  let requests = 0;
  let status = 500;
  const { host, origin } = await open(t, (_, response) => { requests += 1; response.writeHead(status).end(); }, {}, { now: () => time });
  const ask = () => codeOf(read(origin, host.url));
  for (let i = 0; i < 5; i += 1) t.equal(await ask(), 'origin_failed');
  t.equal(await ask(), 'unreachable');
  t.equal(requests, 5);
  time = 1_000;
  t.equal(await ask(), 'origin_failed');
  time = 2_999;
  t.equal(await ask(), 'unreachable');
  time = 3_000;
  status = 200;
  t.same([await ask(), await ask()], ['answered', 'answered']);
  status = 404;
  for (let i = 0; i < 9; i += 1) t.equal(await ask(), 'not_found', 'what is not there is no failure of a host');
});

t.test('closing ends all that is under way', async (t) => {
  const host = await openHost(({ url }, response) => { if (url !== '/silent') response.write('a'); });
  t.teardown(() => host.close());
  const origin = openOrigin(createGuard([host.at]));
  const silent = codeOf(read(origin, `${host.url}/silent`));
  const answer = await origin.ask(host.url, MAX);
  const reading = codeOf(Array.fromAsync(answer.body));
  await until(() => host.reached === 2, 2_000);
  await origin.close();
  t.same(await Promise.all([silent, reading]), ['given_up', 'given_up']);
  t.equal(await codeOf(read(origin, host.url)), 'given_up');
  t.equal(await until(() => host.open.size === 0, 2_000), true);
  t.equal(await until(() => !process.getActiveResourcesInfo().includes('Timeout'), 2_000), true, 'no timer is left');
});
