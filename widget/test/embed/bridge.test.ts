import { isPreset as isOurs, THEMES } from '@aside/server/protocol';
import t from 'tap';
import { type FromHost, isPreset, openBridge, readFromHost } from '../../src/embed/bridge.ts';

type Listener = (event: { source: unknown; origin: string; data: unknown }) => void;
const aside = (message: object) => ({ aside: { v: 1, ...message } });

function frame(options: { ancestor?: string; referrer?: string; top?: boolean } = {}) {
  const posted: { message: unknown; origin: string }[] = [];
  const listeners = new Set<Listener>();
  const host = { postMessage: (message: unknown, origin: string) => posted.push({ message, origin }) };
  const own = {
    location: { origin: 'https://chat.kr', ...(options.ancestor === undefined ? {} : { ancestorOrigins: [options.ancestor] }) },
    document: { referrer: options.referrer ?? '' },
    addEventListener: (_: string, listener: Listener) => listeners.add(listener),
    removeEventListener: (_: string, listener: Listener) => listeners.delete(listener),
  };
  const page = Object.assign(own, { parent: options.top ? own : host }) as unknown as Window;
  const heard: FromHost[] = [];
  const bridge = openBridge(page, (message) => heard.push(message));
  const say = (data: unknown, origin = 'https://blog.kr', source: unknown = host) => { for (const listener of listeners) listener({ source, origin, data }); };
  return { bridge, posted, heard, say, listeners };
}

t.test('a host may set theme, language and title, and give the focus; nothing else', async (t) => {
  t.same(readFromHost(aside({ type: 'setConfig', theme: 'dark', lang: 'en', title: ' A ' })), { type: 'setConfig', theme: 'dark', lang: 'en', title: 'A' });
  t.same(readFromHost(aside({ type: 'setConfig', theme: 'pink', lang: 7, nick: 'x' })), { type: 'setConfig' });
  t.same(readFromHost(aside({ type: 'focus' })), { type: 'focus' });
  t.equal(readFromHost(aside({ type: 'setConfig', title: 'x'.repeat(999) }))?.type, 'setConfig');
  for (const data of [null, 'x', 7, [], {}, { aside: null }, { aside: { v: 2, type: 'focus' } }, aside({ type: 'say', text: 'x' }), aside({ type: 'readIdentity' })]) {
    t.equal(readFromHost(data), null, JSON.stringify(data));
  }
});

// The host page's side imports nothing, so the names stand twice.
t.test('every theme of the contract may be set, and its presets are presets here too', async (t) => {
  for (const theme of THEMES) {
    t.same(readFromHost(aside({ type: 'setConfig', theme })), { type: 'setConfig', theme });
    t.equal(isPreset(theme), isOurs(theme), theme);
  }
});

t.test('only the framing window is heard, and only from the origin it first had', async (t) => {
  const { say, heard } = frame();
  say(aside({ type: 'focus' }), 'https://evil.kr', {});
  t.same(heard, []);
  say({ hello: 1 }, 'https://other.kr');
  say(aside({ type: 'focus' }));
  say(aside({ type: 'focus' }), 'https://evil.kr');
  t.equal(heard.length, 1);
});

t.test('the browser knows who frames us: its word goes first', async (t) => {
  const { say, heard, bridge, posted } = frame({ ancestor: 'https://blog.kr', referrer: 'https://other.kr/post' });
  say(aside({ type: 'focus' }), 'https://other.kr');
  t.same(heard, []);
  bridge.post({ type: 'unread', count: 3, mentions: 1 });
  t.same(posted, [{ message: aside({ type: 'unread', count: 3, mentions: 1 }), origin: 'https://blog.kr' }]);
});

t.test('a host that hides itself learns that we are ready, and no more until it speaks', async (t) => {
  const { say, bridge, posted } = frame({ referrer: 'https://chat.kr/room/x' });
  bridge.post({ type: 'ready' });
  bridge.post({ type: 'resize', height: 400 });
  t.same(posted, [{ message: aside({ type: 'ready' }), origin: '*' }]);
  say(aside({ type: 'focus' }));
  bridge.post({ type: 'resize', height: 400 });
  t.equal(posted[1]?.origin, 'https://blog.kr');
});

t.test('in a sandboxed host there is no origin to name', async (t) => {
  const { bridge, posted } = frame({ ancestor: 'null' });
  bridge.post({ type: 'error', code: '4504' });
  t.equal(posted[0]?.origin, '*');
});

t.test('on its own page it leads nowhere, and closed it is deaf', async (t) => {
  const alone = frame({ top: true });
  alone.bridge.post({ type: 'ready' });
  t.equal(alone.listeners.size, 0);
  const framed = frame();
  framed.bridge.close();
  t.equal(framed.listeners.size, 0);
});
