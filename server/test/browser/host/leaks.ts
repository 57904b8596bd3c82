import type { Tampering } from '../tamper.ts';
import type { Keeps } from '../chromium.ts';

/** One leak put between the chat and its reader, and where it has to be found. */
export type Leak = { name: string; keeps: Keeps; found: RegExp; tampering: Tampering };

const own = `const own = () => { try { return localStorage.getItem('aside:me') ?? ''; } catch (denied) { return decodeURIComponent(document.cookie); } };`;
const id = `${own} const id = () => own().match(/[0-9a-f-]{36}/)?.[0];`;
const soon = (act: string): string => `${id} const wait = setInterval(() => { if (!id()) return; clearInterval(wait); ${act} }, 20);`;

export const leaks: readonly Leak[] = [
  { name: 'the widget answers a message of the host with who the reader is', keeps: 'partitioned', found: /^what the host heard/, tampering: { script: `${own} addEventListener('message', ({ source }) => source?.postMessage({ aside: { v: 1, type: 'me', me: own() } }, '*'));` } },
  { name: 'the widget answers on the port it was given', keeps: 'cookies', found: /^what the host heard/, tampering: { script: `${own} addEventListener('message', ({ ports }) => ports[0]?.postMessage(btoa(own().match(/[0-9a-f-]{36}/)?.[0] ?? '')));` } },
  { name: 'the id is left in the name of the window', keeps: 'partitioned', found: /^what the host heard/, tampering: { script: soon('window.name = id();') } },
  { name: 'the id stands in the address', keeps: 'partitioned', found: /^addresses/, tampering: { script: soon("history.replaceState(null, '', location.pathname + '?id=' + id());") } },
  { name: 'the id is a part of a request', keeps: 'partitioned', found: /^addresses/, tampering: { script: soon("void fetch('/api/v1/rooms/' + id().replaceAll('-', ''));") } },
  {
    name: 'an answer tells the cookie to whoever asks', keeps: 'cookies', found: /^what the host heard/,
    tampering: { headers: (headers, { headers: asked }) => ({ ...headers, 'access-control-allow-origin': asked.origin ?? '*', 'access-control-allow-credentials': 'true', 'access-control-expose-headers': 'x-you', 'x-you': asked.cookie ?? '' }) },
  },
  { name: 'an answer sets a cookie', keeps: 'partitioned', found: /^an answer sets a cookie/, tampering: { headers: (headers) => ({ ...headers, 'set-cookie': 'aside=1; Path=/; Secure; SameSite=None; Partitioned' }) } },
];
