import t from 'tap';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { ask } from './raw.ts';

const database = await openDatabase();
const blogs = 'https://blog.example https://*.other.example';
const server = await openServer(database.url, { FRAME_ANCESTORS: blogs, PUBLIC_URL: 'https://chat.example' });
t.teardown(async () => {
  await server.close();
  await database.close();
});

t.test('the page of a room may be framed by the blogs named, and may do next to nothing else', async (t) => {
  for (const path of ['/room/x', '/embed?postId=x']) {
    const { status, headers } = await ask(server.http, { path });
    t.equal(status, 200);
    const policy = Object.fromEntries((headers['content-security-policy'] ?? '').split(';').map((part) => [part.trim().split(' ')[0], part.trim().split(' ').slice(1).join(' ')]));
    t.match(policy, {
      'default-src': "'none'", 'script-src': "'self'", 'style-src': "'self'", 'connect-src': "'self'", 'base-uri': "'none'", 'form-action': "'none'",
      'object-src': "'none'", 'require-trusted-types-for': "'script'", 'frame-ancestors': blogs,
    });
    t.notMatch(headers['content-security-policy'], /unsafe|\*(?!\.other)|http:/);
    t.match(headers, {
      'x-content-type-options': 'nosniff', 'cache-control': 'private, no-store', 'referrer-policy': 'strict-origin',
      'cross-origin-resource-policy': 'cross-origin', 'cross-origin-embedder-policy': 'require-corp', 'permissions-policy': /camera=\(\).*microphone=\(\)/, 'strict-transport-security': /max-age=\d{8}/,
    });
    for (const absent of ['x-frame-options', 'cross-origin-opener-policy', 'set-cookie', 'server', 'x-powered-by']) t.equal(headers[absent], undefined, absent);
  }
});

t.test('every answer, errors too, carries the policy and is not kept by anybody', async (t) => {
  for (const path of ['/room/%00', '/nothing', '/api/v1/rooms/x', '/api/v1/rooms/x/messages', '/api/v1/rooms/x/messages?limit=0']) {
    const { headers } = await ask(server.http, { path });
    t.match(headers, { 'content-security-policy': /default-src 'none'/, 'x-content-type-options': 'nosniff', 'cache-control': /no-store/ }, path);
  }
});

t.test('blogs are taken apart however they were written down', async (t) => {
  const odd = await openServer(database.url, { FRAME_ANCESTORS: ' https://a.example\n  https://b.example\t' });
  t.teardown(() => odd.close());
  t.match((await ask(odd.http, { path: '/room/x' })).headers['content-security-policy'], /frame-ancestors https:\/\/a\.example https:\/\/b\.example(;|$)/);
});

t.test('what readers wrote stands in the page as data that ends no script and starts no markup', async (t) => {
  const words = '</script><script>alert(1)</script><!-- $& $1 \u2028\u2029 "\\';
  const anna = await openClient(server.ws, { room: '</script><b>', ...person('<i>&amp;"너구리') });
  t.match(await anna.say(words), { t: 'ok' });
  await anna.close();
  const { body } = await ask(server.http, { path: `/room/${encodeURIComponent('</script><b>')}?title=${encodeURIComponent('</script><u>$&')}` });
  const json = /<script type="application\/json" id="aside-page">(.*?)<\/script>/.exec(body)?.[1] ?? '';
  t.notMatch(json, /[<\u2028\u2029]/);
  t.match(JSON.parse(json), { room: '</script><b>', title: '</script><u>$&', snapshot: { rows: [{ text: words, nick: '<i>&amp;"너구리' }] } });
  t.equal(body.match(/<script/g)?.length, body.replace(json, '').match(/<script/g)?.length);
  t.notMatch(body, /<b>|<u>|<i>/);
});

t.test('a cookie is gone before anything of ours sees the request', async (t) => {
  const { http } = await createApp(readConfig({ DATABASE_URL: database.url, IDENTITY_SECRET: 'a secret for tests that has enough letters', LOG_LEVEL: 'silent', DRAIN_SECONDS: '0' }));
  t.teardown(() => http.close());
  http.get('/seen', (request) => ({ parsed: request.headers.cookie ?? null, raw: request.raw.headers.cookie ?? null }));
  const answer = await http.inject({ url: '/seen', headers: { cookie: 'aside=secret', 'x-other': 'kept' } });
  t.same(answer.json(), { parsed: null, raw: null });
});

t.test('a frame that is sandboxed has no origin, and may still load the widget and read the room', async (t) => {
  const { body } = await ask(server.http, { path: '/room/x' });
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(body)?.[1] ?? '';
  for (const path of [script, '/api/v1/rooms/x/messages']) {
    t.match(await ask(server.http, { path }), { status: 200, headers: { 'access-control-allow-origin': '*' } }, path);
  }
  t.match((await ask(server.http, { path: script })).headers, { 'cache-control': /immutable/ });
});
