import { request } from 'node:http';
import t from 'tap';
import { chatFor, startBlog } from '../serve.ts';

const blog = await startBlog({ port: 0, host: '127.0.0.1', chatUrl: 'http://127.0.0.1:8080' });
t.teardown(() => blog.close());

type Answer = { status: number; headers: NodeJS.Dict<string | string[]>; text: string };

/** Not by fetch, which tidies up an address before it is sent. */
function get(path: string, host = 'localhost:8081', method = 'GET'): Promise<Answer> {
  return new Promise((settle, fail) => {
    const asked = request({ host: '127.0.0.1', port: new URL(blog.url).port, path, method, headers: { host } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => settle({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asked.on('error', fail).end();
  });
}

t.test('every page frames the chat at another site than its own', async (t) => {
  t.equal(chatFor('localhost:8081', 'http://127.0.0.1:8080'), 'http://127.0.0.1:8080');
  t.equal(chatFor('127.0.0.1:8081', 'http://127.0.0.1:8080'), 'http://localhost:8080');
  t.equal(chatFor('192.168.0.7:8081', 'http://127.0.0.1:8080'), 'http://192.168.0.7:8080');
  t.equal(chatFor('localhost:8081', 'https://chat.example.com'), 'https://chat.example.com');
  t.equal(chatFor('"><script>', 'http://127.0.0.1:8080'), 'http://127.0.0.1:8080');
  t.equal(chatFor(undefined, 'http://127.0.0.1:8080'), 'http://127.0.0.1:8080');
});

t.test('a post holds its room in a bare frame that keeps its height', async (t) => {
  for (const [post, lang] of [['hangul-lines', 'ko'], ['beside-the-text', 'en']]) {
    const { status, text, headers } = await get(`/${post}`);
    t.equal(status, 200);
    t.match(text, `<html lang="${lang}">`);
    t.match(text, `src="http://127.0.0.1:8080/room/${post}?theme=auto&amp;lang=${lang}&amp;title=`);
    t.match(text, 'sandbox="allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox"');
    t.match(headers['content-security-policy'], /frame-src http:\/\/127\.0\.0\.1:8080;/);
    t.notMatch(text, '{{chat}}');
  }
  t.match((await get('/hangul-lines', '127.0.0.1:8081')).text, 'src="http://localhost:8080/room/');
});

t.test('the first page leads to both posts', async (t) => {
  const { text } = await get('/?from=somewhere');
  t.match(text, 'href="/hangul-lines"');
  t.match(text, 'href="/beside-the-text"');
});

t.test('no address leads out of the folder', async (t) => {
  for (const path of ['/../serve.ts', '/..%2fserve.ts', '/pages/../../package.json', '//etc/passwd', '/.%00', '/serve.ts', '/%2e%2e/package.json', '/no-such-post', '/index.html', '/style.css/', '/constructor']) {
    t.equal((await get(path)).status, 404, path);
  }
});

t.test('it answers readers only', async (t) => {
  t.equal((await get('/', 'localhost', 'POST')).status, 405);
  t.same(await get('/style.css', 'localhost', 'HEAD').then(({ status, text }) => [status, text]), [200, '']);
});
