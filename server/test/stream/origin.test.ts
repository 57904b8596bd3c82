import type { IncomingMessage } from 'node:http';
import t from 'tap';
import { createGuard } from '../../src/stream/guard.ts';
import { openOrigin } from '../../src/stream/origin.ts';
import { codeOf, MAX, open, read, use } from './ask.ts';
import { openHost, openRawHost } from './hosts.ts';

t.test('a host is told nothing but what is wanted', async (t) => {
  let heard: IncomingMessage | undefined;
  const { host, origin } = await open(t, (request, response) => {
    heard = request;
    response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl', 'set-cookie': 'a=b', 'x-two': ['1', '2'] }).end('#EXTM3U');
  });
  const answer = await origin.ask(`${host.url}/live.m3u8?a=b#part`, { ...MAX, accept: 'audio/mpegurl' });
  t.equal(answer.status, 200);
  t.equal(answer.url, `${host.url}/live.m3u8?a=b#part`);
  t.match(answer.headers, { 'content-type': 'application/vnd.apple.mpegurl', 'x-two': '1,2', 'set-cookie': undefined });
  t.equal(Buffer.concat(await Array.fromAsync(answer.body)).toString(), '#EXTM3U');
  t.equal(heard?.url, '/live.m3u8?a=b');
  t.same(heard?.headers, { host: host.at, connection: 'keep-alive', 'user-agent': 'Aside', accept: 'audio/mpegurl', 'accept-encoding': 'identity' });
  for (let i = 0; i < 5; i += 1) await read(origin, host.url);
  t.ok(host.reached <= 2, 'connections are used again');
});

t.test('a part is asked for as it is wanted, and what is no range not at all', async (t) => {
  const { host, origin } = await open(t, ({ headers }, response) => void response.writeHead(headers.range ? 206 : 200).end(headers.range ?? 'all'));
  for (const range of ['bytes=0-99', 'bytes=5-', 'bytes=-5']) t.equal(await read(origin, host.url, { range }), range);
  for (const range of ['bytes=0-1,3-4', 'lines=1-2', 'bytes=-', 'bytes=0-9\r\nx: y', '']) t.equal(await read(origin, host.url, { range }), 'all', range);
});

t.test('redirects are followed three times, each judged like the first', async (t) => {
  const trap = await openHost((_, response) => void response.end('secret'));
  t.teardown(() => trap.close());
  const { host, origin } = await open(t, ({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://x');
    if (pathname === '/end') return void response.end('here');
    response.writeHead(Number(searchParams.get('status') ?? 302), searchParams.has('to') ? { location: Buffer.from(searchParams.get('to') ?? '').toString('latin1') } : {}).end('moved');
  });
  const to = (target: string, status = 302) => `/go?status=${status}&to=${encodeURIComponent(target)}`;
  for (const status of [301, 302, 303, 307, 308]) t.equal(await read(origin, host.url + to('/end', status)), 'here');
  const { url } = await origin.ask(host.url + to(to(to('end'))), MAX);
  t.equal(url, `${host.url}/end`);
  t.equal((await origin.ask(host.url + to('/end?방송'), MAX)).url, `${host.url}/end?${encodeURIComponent('방송')}`, 'letters are read as they were sent');
  t.equal(await codeOf(read(origin, host.url + to(to(to(to('/end')))))), 'too_many_redirects');
  for (const target of [trap.url, `http://0x7f.1:${trap.port}/`, `http://１２７.0.0.1:${trap.port}/`, `http://localhost:${trap.port}/`, `http://[::ffff:127.0.0.1]:${trap.port}/`, `//127.1:${trap.port}/`, `\\\\127.1:${trap.port}`, 'http://169.254.169.254/']) {
    t.equal(await codeOf(read(origin, host.url + to(to(target)))), 'private_address', target);
  }
  for (const target of ['file:///etc/passwd', 'ftp://cdn.example.com/', `http://${host.at}@cdn.example.com/`, 'http://[fe80::1%25lo]/', 'http://']) t.equal(await codeOf(read(origin, host.url + to(target))), 'bad_url', target);
  t.equal(await codeOf(read(origin, host.url + to('https://cdn.example.com:8443/'))), 'bad_port');
  t.equal(await codeOf(read(origin, `${host.url}/go`)), 'bad_url', 'a redirect to nowhere');
  t.equal(await codeOf(read(origin, `${host.url}/go?status=304`)), 'origin_failed', 'nobody asked whether it changed');
  t.equal(trap.reached, 0);
});

t.test('no address is asked that is none', async (t) => {
  const { host, origin } = await open(t, (_, response) => void response.end());
  for (const url of ['', 'live.m3u8', 'http://', 'http://[::1', 'http://1.2.3.4.5/', `ftp://${host.at}/`]) t.equal(await codeOf(read(origin, url)), 'bad_url', url);
  t.equal(await codeOf(read(origin, 'http://127.0.0.1/')), 'private_address');
  t.equal(host.reached, 0);
});

t.test('what a host says is told in our words', async (t) => {
  const { host, origin } = await open(t, ({ url = '' }, response) => void response.writeHead(Number(url.slice(1))).end('x'.repeat(100_000)));
  for (const [status, code] of [[200, 'answered'], [206, 'answered'], [400, 'not_found'], [403, 'not_found'], [404, 'not_found'], [410, 'not_found'], [500, 'origin_failed'], [300, 'origin_failed'], [503, 'origin_failed']] as const) {
    t.equal(await codeOf(read(origin, `${host.url}/${status}`)), code, `${status}`);
  }
});

t.test('what speaks no HTTP, or stops halfway, is told as well', async (t) => {
  const lines: Record<string, string> = {
    '/short': 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', '/noise': 'SSH-2.0-OpenSSH_9.2\r\n', '/nothing': '', '/head': `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, '/chunks': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  };
  const host = await openRawHost((socket) => void socket.once('data', (data) => void socket.end(lines[data.toString().split(' ')[1] ?? ''] ?? '')));
  const origin = use(t, host);
  for (const [path, code] of [['/short', 'unreachable'], ['/noise', 'origin_failed'], ['/nothing', 'unreachable'], ['/head', 'origin_failed']] as const) t.equal(await codeOf(read(origin, host.url + path)), code, path);
  const other = openOrigin(createGuard([host.at]));
  t.equal(await codeOf(read(other, `${host.url}/chunks`)), 'origin_failed');
  await other.close();
  await host.close();
  const gone = openOrigin(createGuard([host.at]));
  t.equal(await codeOf(read(gone, host.url)), 'unreachable', 'nobody listens');
  await gone.close();
});
