export type Flood = { /** Who is to hear it. */ towards: 'room' | 'page'; seed: number; count: number };
export type Heard = { heard: number; /** In our envelope, from the one we listen to: what is left to refuse is the message itself. */ past: number; kinds: number };

/** Runs in the window that hears: counts what came, beside what the product does with it. */
export function checkFlood(): void {
  const flood = { heard: 0, past: 0, kinds: 0 };
  const kinds = new Set<string>();
  Object.assign(window, { flood });
  addEventListener('message', ({ data }) => {
    flood.heard += 1;
    const message = (data as { aside?: { v?: unknown; type?: unknown } } | null)?.aside;
    if (message?.v !== 1) return;
    flood.past += 1;
    kinds.add(typeof message.type === 'string' ? message.type.slice(0, 12) : typeof message.type);
    flood.kinds = kinds.size;
  });
}

/** Runs in the window that speaks: never one of the few messages that are to be heard, and all that come near them. */
export function floodWith({ towards, seed, count }: Flood): void {
  let state = seed >>> 0;
  /** mulberry32 */
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const text = (): string => Array.from({ length: Math.floor(random() * 12) }, () => String.fromCharCode(Math.floor(random() * 0xffff))).join('');
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;

  const odd = (): unknown => pick<() => unknown>([
    () => null, () => undefined, () => true, () => Number.NaN, () => Number.NEGATIVE_INFINITY, () => -0.5, () => random() * 1_000, () => 10n ** 20n, text, () => [], () => ({}), () => [text(), [null]],
    () => new Date(Number.NaN), () => new Map([[text(), 1]]), () => new Set([text()]), () => new Uint8Array(4), () => new ArrayBuffer(2), () => /x/g, () => new Error(text()), () => cyclic,
    () => ({ toString: text() }), () => JSON.parse(`{"__proto__":{"type":"setConfig","theme":"dark"},"constructor":1}`), () => new Boolean(false), () => Array(1_000), () => 'x'.repeat(5_000),
  ])();
  /** Neither text, nor a whole number. */
  const none = (): unknown => {
    const value = odd();
    return typeof value === 'string' || Number.isInteger(value) ? [value] : value;
  };
  /** Text that is no theme and no language. */
  const other = (): unknown => {
    const value = random() < 0.5 ? pick(['Dark', 'LIGHT', ' dark', 'dark ', 'system', 'ko-KR', 'EN', 'e', '', 'auto;', '0', '__proto__', 'constructor', 'toString']) : odd();
    return ['auto', 'light', 'dark', 'ko', 'en'].includes(value as string) ? null : value;
  };
  const members = (): object => (towards === 'room'
    ? { theme: other(), lang: other(), title: none(), ...(random() < 0.3 ? { [text()]: odd() } : {}) }
    : { height: none(), count: none(), code: odd(), ...(random() < 0.3 ? { [text()]: odd() } : {}) });
  const known = towards === 'room' ? ['setConfig'] : ['resize', 'unread', 'error'];
  const unknown = ['say', 'nick', 'rename', 'delete', 'forget', 'identity', 'SetConfig', 'setconfig', 'Ready', 'theme', 'constructor', '__proto__', 'hasOwnProperty', 'valueOf', ''];
  const type = (): unknown => (random() < 0.5 ? pick(known) : random() < 0.6 ? pick(unknown) : none());

  const outside = (): unknown => pick<() => unknown>([
    odd, () => ({ aside: odd() }), () => ({ aside: { ...members(), v: pick([0, 2, '1', [1], true, null, undefined, 1n]), type: pick(known) } }), () => ({ v: 1, type: pick(known), ...members() }),
    () => JSON.stringify({ aside: { v: 1, type: pick(known), theme: 'dark', height: 9 } }), () => [{ aside: { v: 1, type: pick(known) } }], () => ({ ASIDE: { v: 1, type: pick(known), theme: 'dark' } }), () => ({ giscus: { setConfig: { theme: 'dark' } } }),
  ])();
  const target = towards === 'room' ? document.querySelector('iframe')?.contentWindow : parent;
  for (let i = 0; i < count; i += 1) {
    const message = random() < 0.35 ? outside() : { aside: { ...members(), v: 1, type: type() } };
    target?.postMessage(message, '*');
  }
}
