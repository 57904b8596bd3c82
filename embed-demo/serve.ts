import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';

export type BlogOptions = { port: number; host: string; /** Where the chat is, such as `http://127.0.0.1:8080`. */ chatUrl: string };
export type Blog = { url: string; close(): Promise<void> };

/** Serves the demo blog: the files of `pages/`, with the chat's address written into them. */
export async function startBlog({ port, host, chatUrl }: BlogOptions): Promise<Blog> {
  const server = createServer((request, response) => {
    void answer(request, response, chatUrl);
  });
  await new Promise<void>((settle, fail) => server.once('error', fail).listen({ port, host }, settle));
  const address = server.address();
  const chosen = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${LOOPBACK.has(host) || EVERYWHERE.has(host) ? 'localhost' : host}:${chosen}`,
    close: () =>
      new Promise((settle) => {
        server.close(() => settle());
        server.closeAllConnections();
      }),
  };
}

const LOOPBACK = new Set(['localhost', '127.0.0.1']);
const EVERYWHERE = new Set(['0.0.0.0', '::']);

/**
 * The chat must be another *site* than the blog, or the browser treats it as a part of it and nothing that
 * happens to third parties is seen: `localhost` frames `127.0.0.1` and the other way round. A phone on the
 * network reaches both at the address it typed.
 */
export function chatFor(hostHeader: string | undefined, chatUrl: string): string {
  const chat = new URL(chatUrl);
  const blogHost = hostHeader?.match(/^([a-z\d.-]+|\[[\da-f:]+\])(?::\d+)?$/i)?.[1] ?? 'localhost';
  if (!LOOPBACK.has(chat.hostname)) return chat.origin;
  chat.hostname = blogHost === 'localhost' ? '127.0.0.1' : blogHost === '127.0.0.1' ? 'localhost' : blogHost;
  return chat.origin;
}

async function answer(request: IncomingMessage, response: ServerResponse, chatUrl: string): Promise<void> {
  const chat = chatFor(request.headers.host, chatUrl);
  const headers = { 'cache-control': 'no-cache', 'content-security-policy': `default-src 'self'; script-src 'self' ${chat}; connect-src ${chat}; img-src 'self' data: ${chat}; frame-src ${chat}; style-src 'self' 'unsafe-inline'`, 'x-content-type-options': 'nosniff' };
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405, { ...headers, allow: 'GET, HEAD' }).end();
  const page = await findPage(request.url ?? '/');
  const { status, name, text } = page ?? { status: 404, name: 'not-found.html', text: await readPage('not-found.html') };
  const body = (text ?? '').replaceAll('{{chat}}', chat);
  response.writeHead(status, { ...headers, 'content-type': TYPES[path.extname(name)] });
  response.end(request.method === 'HEAD' ? undefined : body);
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const FOOT = { ko: '글꼴도 쿠키도 없이, 시스템 글꼴로 짰습니다. 이야기 자리는 Aside입니다. <a href="/ways">대화방을 붙이는 방법</a>', en: 'Set in the fonts you already have, without cookies. The room beside each post is Aside. <a href="/ways" hreflang="ko">How to put one into a blog</a>' };
const TOGGLE = { ko: '어두운 테마', en: 'Dark theme' };

/** A page says in its first line what the frame around it needs: `<!-- language | title | description -->`. */
async function frame(page: string): Promise<string> {
  const [first = '', lang = '', title = '', description = ''] = page.match(/^<!-- (ko|en) \| (.+?) \| (.+?) -->\n/) ?? [];
  const own = lang === 'en' ? 'en' : 'ko';
  const parts: Record<string, string> = { lang: own, title, description, toggle: TOGGLE[own], foot: FOOT[own], main: page.slice(first.length).trimEnd() };
  const layout = await readFile(path.join(import.meta.dirname, 'layout.html'), 'utf8');
  return layout.replace(/\{\{(\w+)\}\}/g, (mark, name: string) => parts[name] ?? mark);
}

/** Only plain names are pages, so no address leads out of the folder. */
async function findPage(address: string): Promise<{ status: number; name: string; text: string } | null> {
  const asked = address.replace(/[?#].*$/s, '').slice(1) || 'index';
  if (!/^[a-z\d-]+(\.(css|js|svg))?$/.test(asked)) return null;
  const name = asked.includes('.') ? asked : `${asked}.html`;
  const text = await readPage(name);
  return text === null ? null : { status: 200, name, text };
}

async function readPage(name: string): Promise<string | null> {
  const text = await readFile(path.join(import.meta.dirname, 'pages', name), 'utf8').catch(() => null);
  return text !== null && name.endsWith('.html') ? frame(text) : text;
}
