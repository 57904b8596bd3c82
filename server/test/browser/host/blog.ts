import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the blog frames the room. Sandboxed without its origin, a room keeps nothing beyond its page. */
export const framings = {
  plain: (room: string): string => frame(room, ''),
  sandboxed: (room: string): string => frame(room, 'sandbox="allow-scripts allow-same-origin allow-popups"'),
  opaque: (room: string): string => frame(room, 'sandbox="allow-scripts"'),
  inside: (room: string): string => inner(room, ''),
  'inside sandboxed': (room: string): string => inner(room, 'sandbox="allow-scripts allow-same-origin"'),
  'inside opaque': (room: string): string => inner(room, 'sandbox="allow-scripts"'),
} as const;
export type Framing = keyof typeof framings;

export type Blog = {
  url: string;
  /** Everything that browsers sent here: addresses, headers, bodies. */
  readonly got: string;
  close(): Promise<void>;
};

/** A blog that wants to know who its readers are in the chat. It is another site than the chat. */
export async function openCuriousBlog(): Promise<Blog> {
  let got = '';
  const server = createServer(async (asked, response) => {
    got += `${asked.method} ${asked.url} ${asked.rawHeaders.join(' ')}\n`;
    for await (const chunk of asked) got += String(chunk);
    const { pathname, searchParams } = new URL(asked.url ?? '/', 'http://blog');
    const page = pathname === '/worker.js' ? WORKER : pathname === '/mirror' ? MIRROR : pathname === '/' ? pageOf(searchParams) : null;
    response.writeHead(page === null ? 204 : 200, { 'content-type': pathname.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8', 'service-worker-allowed': '/' }).end(page ?? undefined);
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    get got() { return got; },
    close: () => new Promise((settle) => {
      server.close(() => settle());
      server.closeAllConnections();
    }),
  };
}

/** Everything the host ever hears is kept as text, from before the room is there. */
const LISTEN = `
window.heard = [];
window.hear = (where, what) => { try { heard.push(where + ': ' + (typeof what === 'string' ? what : JSON.stringify(what) ?? String(what))); } catch (error) { heard.push(where + ': ' + error); } };
addEventListener('message', ({ data, origin, ports, lastEventId }) => { hear('message from ' + origin, data); hear('message id', lastEventId); for (const port of ports) port.onmessage = ({ data }) => hear('port', data); });
addEventListener('messageerror', ({ data }) => hear('message error', data));
addEventListener('storage', ({ key, newValue, url }) => hear('storage', [key, newValue, url]));
addEventListener('error', ({ message }) => hear('error', message), true);
for (const name of ['aside', 'aside:me', 'me']) new BroadcastChannel(name).onmessage = ({ data }) => hear('broadcast', data);
new PerformanceObserver((list) => hear('performance', list.getEntries())).observe({ entryTypes: ['resource', 'navigation', 'mark', 'measure', 'element', 'longtask'] });
`;

function pageOf(asked: URLSearchParams): string {
  const framing = framings[(asked.get('framing') ?? 'plain') as Framing];
  return `<!doctype html><html lang="ko"><meta charset="utf-8"><title>curious</title><script>${LISTEN}</script><body><section class="room">${framing(asked.get('room') ?? '')}</section>`;
}

function frame(room: string, sandbox: string): string {
  return `<iframe name="room" width="400" height="600" src="${asAttribute(room)}" ${sandbox}></iframe>`;
}

/** The room in a page that has no address of its own. What that page hears it tells the blog. */
function inner(room: string, sandbox: string): string {
  const page = `<!doctype html><script>addEventListener('message', ({ data, source }) => source === parent ? frames[0].postMessage(data, '*') : parent.postMessage({ passed: data }, '*'))</script><iframe name="room" width="380" height="560" src="${asAttribute(room)}"></iframe>`;
  return `<iframe width="400" height="600" srcdoc="${asAttribute(page)}" ${sandbox}></iframe>`;
}

/** What a frame of the blog's own finds where the room was. */
const MIRROR = `<!doctype html><script>
const say = (where, what) => (opener ?? parent).postMessage({ mirror: where, what: String(what) }, '*');
say('name', window.name); say('referrer', document.referrer); say('history', history.length + ' ' + JSON.stringify(history.state));
say('cookie', document.cookie); say('performance', JSON.stringify(performance.getEntries()));
for (const store of ['localStorage', 'sessionStorage']) try { say(store, JSON.stringify(window[store])); } catch (error) { say(store, error); }
try { say('entries', JSON.stringify(navigation.entries().map(({ url }) => url)) + JSON.stringify(navigation.activation?.from?.url)); } catch (error) { say('entries', error); }
</script>`;

/** Between the blog's pages and the net: whatever passes is told. */
const WORKER = `
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
const tell = async (what) => { for (const client of await self.clients.matchAll({ includeUncontrolled: true })) client.postMessage({ worker: what, url: client.url }); };
self.addEventListener('fetch', (event) => { event.respondWith((async () => {
  await tell([event.request.url, event.request.referrer, [...event.request.headers]]);
  const answer = await fetch(event.request);
  await tell([answer.url, answer.type, answer.status, [...answer.headers], await answer.clone().text().catch(String)]);
  await (await caches.open('all')).put(event.request, answer.clone()).catch((error) => tell(String(error)));
  return answer;
})()); });
`;

function asAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
