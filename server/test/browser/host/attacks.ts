/** What the curious blog tries. Each runs in its page, and tells all it gets by \`hear\`; none needs the reader's help. */
type Own = Window & { hear(where: string, what: unknown): void };
export type Asked = { chat: string; room: string; routes: readonly string[] };

export const attacks: Record<string, (asked: Asked) => Promise<void> | void> = {
  /** Every route, in every way a page can ask. */
  async fetches({ chat, routes }) {
    const { hear } = window as unknown as Own;
    const tell = async (where: string, answer: Response): Promise<void> => hear(where, [answer.url, answer.type, answer.status, [...answer.headers], await answer.text()]);
    for (const route of routes) {
      for (const init of [{ credentials: 'include' }, { credentials: 'include', mode: 'no-cors' }, { credentials: 'omit' }, { credentials: 'include', method: 'POST', body: 'x' }, { credentials: 'include', method: 'PUT' }, { credentials: 'include', cache: 'force-cache' }, { credentials: 'include', redirect: 'manual', headers: { 'x-aside': '1' } }] as RequestInit[]) {
        await fetch(chat + route, init).then((answer) => tell(`fetch ${route}`, answer), (error) => hear(`fetch ${route}`, String(error)));
      }
      await new Promise((settle) => {
        const script = Object.assign(document.createElement('script'), { src: chat + route, onload: settle, onerror: settle });
        document.head.append(script);
      });
    }
  },

  /** A page of no origin asks too: it might ride on a cookie. */
  async sandboxedFetches({ chat, routes }) {
    const { hear } = window as unknown as Own;
    for (const sandbox of ['allow-scripts', 'allow-scripts allow-same-origin']) {
      const frame = document.createElement('iframe');
      frame.setAttribute('sandbox', sandbox);
      const code = `(async () => { for (const url of ${JSON.stringify(routes.map((route) => chat + route))}) for (const credentials of ['include', 'same-origin']) await fetch(url, { credentials }).then(async (answer) => parent.postMessage({ inner: [url, answer.status, [...answer.headers], await answer.text()] }, '*'), (error) => parent.postMessage({ inner: String(error) }, '*')); parent.postMessage('inner is done', '*'); })()`;
      const done = new Promise<void>((settle) => addEventListener('message', ({ data }) => { if (data === 'inner is done') settle(); }));
      frame.srcdoc = `<script>${code.replaceAll('<', '\\u003c')}</script>`;
      document.body.append(frame);
      await done;
      frame.remove();
    }
    hear('sandboxed', 'done');
  },

  /** Every message that could be meant, and many that are not. */
  async messages() {
    const { hear } = window as unknown as Own;
    const room = (window.frames as unknown as Record<string, Window>)['room'] ?? window.frames[0];
    const words = ['ready', 'setConfig', 'focus', 'resize', 'unread', 'error', 'id', 'getId', 'me', 'getMe', 'identity', 'read', 'dump', 'export', 'storage', 'cookie', 'login', 'token', 'key', 'nick', 'say', 'hello', 'who', 'history', 'debug', 'eval', 'init', 'sync', 'handshake', '__proto__', 'constructor', 'toString', ''];
    const extras = [{}, { id: '*' }, { code: 'localStorage["aside:me"]' }, { origin: '*' }, { title: { toString: 1 } }, { title: 'x'.repeat(5_000), theme: 'dark', lang: 'en', nick: 'x', id: null }, { reply: true, target: '*' }, { theme: ['dark'], lang: null }];
    for (const type of words) for (const extra of extras) {
      for (const version of [1, '1', 2]) room?.postMessage({ aside: { v: version, type, ...extra } }, '*');
      const channel = new MessageChannel();
      channel.port1.onmessage = ({ data }) => hear('port', data);
      room?.postMessage({ aside: { v: 1, type, ...extra } }, '*', [channel.port2]);
      room?.postMessage(JSON.stringify({ aside: { v: 1, type, ...extra } }), '*');
      room?.postMessage({ type, ...extra }, '*');
    }
    for (const odd of [null, 1, 'aside', [], { aside: null }, { aside: [] }, { aside: { v: 1 } }, new Error('x'), new Map([['aside', 1]]), new ArrayBuffer(8)]) room?.postMessage(odd, '*');
    for (const frame of document.querySelectorAll('iframe')) for (const size of ['1px', '700px', '400px']) {
      frame.style.width = size;
      frame.style.height = size;
      await new Promise((settle) => requestAnimationFrame(settle));
      frame.focus();
      frame.blur();
    }
  },

  /** Everything of the frame that has a name. */
  reach() {
    const { hear } = window as unknown as Own;
    const look = (where: string, get: () => unknown): void => {
      try {
        const got = get();
        hear(where, typeof got === 'object' && got !== null ? `${Object.prototype.toString.call(got)} ${JSON.stringify(Object.getOwnPropertyNames(got))}` : String(got));
      } catch (error) {
        hear(where, String(error));
      }
    };
    const below = (outer: Window | null): Window | null => {
      try {
        return outer?.frames[0] ?? null;
      } catch (error) {
        hear('frames below', String(error));
        return null;
      }
    };
    const windows = [...document.querySelectorAll('iframe')].flatMap(({ contentWindow }) => [contentWindow, below(contentWindow)]).filter((one) => one !== null) as unknown as Record<string, unknown>[];
    for (const inside of windows) {
      for (const name of ['document', 'localStorage', 'sessionStorage', 'name', 'length', 'origin', 'opener', 'parent', 'closed', 'history', 'navigation', 'caches', 'indexedDB', 'performance', 'frameElement', 'cookieStore', 'navigator', 'self', 'onmessage', 'page', 'store', 'speaker', 'eval', 'fetch']) look(`frame.${name}`, () => inside[name]);
      look('frame.location', () => (inside['location'] as Location).href);
      look('frame.hash', () => (inside['location'] as Location).hash);
      look('frame.document.cookie', () => (inside['document'] as Document).cookie);
      look('frame.storage', () => JSON.stringify(inside['localStorage']));
      look('frame.eval', () => (inside['eval'] as typeof eval)('localStorage["aside:me"]'));
      look('frame keys', () => Reflect.ownKeys(inside).map(String).join());
      look('frame write', () => { (inside as { name: string }).name = 'x'; });
    }
    for (const frame of document.querySelectorAll('iframe')) {
      look('contentDocument', () => frame.contentDocument?.documentElement.outerHTML);
      look('svg document', () => frame.getSVGDocument());
    }
    look('cookie', () => document.cookie);
    look('storage', () => JSON.stringify([localStorage, sessionStorage]));
    look('performance', () => JSON.stringify(performance.getEntries()));
  },

  async stores() {
    const { hear } = window as unknown as Own;
    const own = window as unknown as { cookieStore: { getAll(): Promise<unknown> } };
    const stores: Record<string, () => Promise<unknown>> = {
      databases: () => indexedDB.databases(), caches: () => caches.keys(), cookies: () => own.cookieStore.getAll(), locks: () => navigator.locks.query(), estimate: () => navigator.storage.estimate(),
      access: async () => [await document.requestStorageAccess(), document.cookie],
    };
    for (const [name, read] of Object.entries(stores)) await read().then((got) => hear(name, got), (error) => hear(name, String(error)));
  },

  /** The room in a window that this page opened, and may speak to. */
  async opens({ room }) {
    const { hear } = window as unknown as Own;
    const opened = window.open(room, 'opened');
    hear('opened', opened === null ? 'nothing' : 'a window');
    for (const name of ['document', 'localStorage', 'name', 'location', 'origin', 'opener', 'length'] as const) {
      try {
        hear(`opened.${name}`, String((opened as unknown as Record<string, unknown>)?.[name]));
      } catch (error) {
        hear(`opened.${name}`, String(error));
      }
    }
    for (let i = 0; i < 20; i += 1) {
      opened?.postMessage({ aside: { v: 1, type: ['setConfig', 'focus', 'ready', 'id'][i % 4], title: 'x' } }, '*');
      await new Promise((settle) => requestAnimationFrame(settle));
    }
    await new Promise<void>((settle) => {
      const stop = setTimeout(settle, 3_000);
      addEventListener('message', ({ data }) => {
        if (data?.mirror !== 'entries') return;
        clearTimeout(stop);
        settle();
      });
      if (opened) opened.location.href = '/mirror';
      else settle();
    });
    opened?.close();
  },

  /** A worker between this page and the net, and the room's own scripts as workers of ours. */
  async workers({ chat, room, routes }) {
    const { hear } = window as unknown as Own;
    navigator.serviceWorker?.addEventListener('message', ({ data }) => hear('service worker', data));
    const own = await navigator.serviceWorker?.register('/worker.js', { scope: '/' }).catch((error) => hear('register', String(error)));
    if (!own) return;
    await navigator.serviceWorker.ready;
    for (const url of [`${chat}/assets/x.js`, room]) await navigator.serviceWorker.register(url).then(() => hear('register', 'taken'), (error) => hear('register', String(error)));
    for (const route of routes) await fetch(chat + route, { credentials: 'include' }).then(async (answer) => hear('through the worker', [[...answer.headers], await answer.text()]), (error) => hear('through the worker', String(error)));
    for (const name of await caches.keys()) for (const kept of await (await caches.open(name)).keys()) hear('cached', [kept.url, [...kept.headers], await (await (await caches.open(name)).match(kept))?.text()]);
    for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
  },

  async sockets({ chat, room }) {
    const { hear } = window as unknown as Own;
    const post = decodeURIComponent(new URL(room).pathname.split('/')[2] ?? '');
    await new Promise<void>((settle) => {
      const socket = new WebSocket(`${chat.replace('http', 'ws')}/ws`);
      socket.onopen = () => socket.send(JSON.stringify({ t: 'hello', v: 1, room: post, site: '' }));
      socket.onmessage = ({ data }) => { hear('socket', data); socket.close(); };
      socket.onclose = ({ code, reason }) => { hear('socket', [code, reason]); settle(); };
    });
  },

  /** The frame sent to other places of ours, to code, and at last home, where what was left behind is read. */
  async navigates({ chat, room, routes }) {
    const { hear } = window as unknown as Own;
    const code = 'try{parent.postMessage({ran:[document.cookie,JSON.stringify(localStorage),window.name,document.referrer]},"*")}catch(error){parent.postMessage({ran:String(error)},"*")}';
    const page = `<script>${code}</script>`;
    const places = [`javascript:${code}`, `data:text/html,${page}`, URL.createObjectURL(new Blob([page], { type: 'text/html' })), 'about:blank', 'about:srcdoc', ...routes.map((route) => chat + route), `${room}&id=x#me`, `${chat}/room/x?title=%3Cscript%3E`, room, '/mirror'];
    const frames = [...document.querySelectorAll('iframe')];
    for (const place of places) for (const frame of frames) {
      const loaded = new Promise<void>((settle) => {
        const stop = setTimeout(settle, place.startsWith('javascript:') ? 100 : 2_000);
        frame.addEventListener('load', () => { clearTimeout(stop); settle(); }, { once: true });
      });
      try {
        if (frame.contentWindow) frame.contentWindow.location.href = place;
      } catch (error) {
        hear('navigate', String(error));
        frame.src = place;
      }
      await loaded;
      try {
        hear('was at', frame.contentWindow?.location.href);
      } catch (error) {
        hear('was at', String(error));
      }
    }
    for (const target of ['room', '_self']) {
      try {
        if (target === 'room') window.open(`javascript:${code}`, target);
      } catch (error) {
        hear('open', String(error));
      }
    }
    hear('performance', performance.getEntries());
  },
};
