import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import type { Finding } from '../../src/http/doctor.ts';
import { ADMIN_TOKEN, ownerKey } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';

const database = await openDatabase();
let page: { html: string; headers?: Record<string, string> } = { html: '' };
const blog = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html', ...page.headers }).end(page.html));
await new Promise<void>((resolve) => { blog.listen(0, '127.0.0.1', resolve); });
const at = `http://127.0.0.1:${(blog.address() as AddressInfo).port}`;
const server = await openServer(database.url, { ADMIN_TOKEN, STREAM_ALLOW: '127.0.0.1', FRAME_ANCESTORS: at });
t.teardown(async () => {
  await server.close();
  await database.close();
  await new Promise((resolve) => { blog.close(resolve); blog.closeAllConnections(); });
});
const key = await ownerKey(server);

/** What the doctor says is wrong. */
async function wrong(html: string, { url = `${at}/post`, headers = {}, asking = {} }: { url?: string; headers?: Record<string, string>; asking?: Record<string, string> } = {}, chat = server): Promise<Record<string, string | null>> {
  page = { html, headers };
  const answer = await fetch(`${chat.http}/api/v1/doctor`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...asking }, body: JSON.stringify({ url }) });
  const { findings } = (await answer.json()) as { findings: Finding[] };
  return Object.fromEntries(findings.filter(({ ok }) => ok === false).map(({ look, about }) => [look, about ?? null]));
}

t.test('a page that is right is right', async (t) => {
  const { http } = server;
  for (const html of [
    `<script src="${http}/embed.js" data-post-id="my-post" async></script>`,
    `<script async src='${http}/embed.js'></script><aside-chat post-id="한글 글"></aside-chat>`,
    `<iframe title="chat" src="${http}/embed?postId=my-post&amp;theme=dark"></iframe>`,
    `<iframe src=${http}/room/my-post></iframe>`,
    `<script src="${http}/embed.js" data-mapping="pathname"></script>`,
  ]) t.same(await wrong(html), {}, html);
  t.same(await wrong(`<iframe src="${http}/room/a"></iframe>`, { headers: { 'content-security-policy': `default-src 'self'; frame-src ${http}` } }), {});
});

t.test('what is wrong is named', async (t) => {
  const { http } = server;
  const right = `<script src="${http}/embed.js" data-post-id="my-post"></script>`;
  t.hasStrict(await wrong('<p>no chat here</p>'), { snippet: null });
  t.hasStrict(await wrong(`<iframe src="${http}/embed?postId="></iframe>`), { post_id: null });
  t.match(await wrong(`<iframe src="${http}/embed?postId=${'x'.repeat(300)}"></iframe>`), { post_id: /^x+$/ });
  t.hasStrict(await wrong(right, { headers: { 'content-security-policy': "default-src 'self'" } }), { csp: null });
  t.hasStrict(await wrong(`<meta http-equiv="Content-Security-Policy" content="frame-src https://other.example">${right}`), { csp: null });
  t.match(await wrong(right, { url: 'http://10.0.0.1/post' }), { page: 'private_address', ancestors: at });
  t.match(await wrong(right, { asking: { 'x-forwarded-for': '1.2.3.4, 5.6.7.8' } }), { hops: '2 / 0' });
  t.hasStrict(await wrong(right, { url: 'https://127.0.0.1:1/post' }), { page: 'unreachable', mixed: null });
  const elsewhere = await openServer(database.url, { ADMIN_TOKEN, STREAM_ALLOW: '127.0.0.1', PUBLIC_URL: 'http://127.0.0.1:1', FRAME_ANCESTORS: at });
  t.teardown(() => elsewhere.close());
  t.hasStrict(await wrong(right, {}, elsewhere), { snippet: null, reach: null, upgrade: null });
});
