import { lookup as lookupAll } from 'node:dns/promises';
import { Agent, type Dispatcher, Pool } from 'undici';
import { explain, faultOf, outcomeOf, unfold } from './answer.ts';
import { createBreaker, type Pass } from './breaker.ts';
import { createConnector, type Lookup } from './connector.ts';
import { connectorThrough, type Egress } from './egress.ts';
import type { Guard } from './guard.ts';
import { StreamError, type StreamCode } from './refusal.ts';

/** The servers that streams come from. All that is said to one of them goes through here, and nothing else does. */
export type Origin = {
  /** A GET. Whatever goes wrong, before the answer or in its body, is a {@link StreamError}. A body that nobody reads ends when the time is up. */
  ask(url: string, options: Asking): Promise<Answer>;
  close(): Promise<void>;
};
/** `gzip`: the body may come compressed, and is handed on unfolded; `maxBytes` counts what it unfolds to. */
export type Asking = { range?: string | undefined; signal?: AbortSignal | undefined; maxBytes: number; accept?: string | undefined; gzip?: boolean; /** The host answers when there is something new, by agreement. */ waits?: boolean };
/** `url` is where redirects led. */
export type Answer = { status: number; headers: Record<string, string>; url: string; body: AsyncIterable<Uint8Array> };
export type Limits = { connectMs: number; firstByteMs: number; idleMs: number; totalMs: number; redirects: number; /** To one host. */ connections: number; /** Under way at once, to all hosts. */ asks: number };

const usual: Limits = { connectMs: 3_000, firstByteMs: 5_000, idleMs: 10_000, totalMs: 30_000, redirects: 3, connections: 64, asks: 1_024 };
const HOSTS_MAX = 512;
const KEEP_ALIVE_MS = 4_000;
const KEEP_ALIVE_LONGEST_MS = 10_000;
/** Read of the body of a redirect, so that its connection can be used again. */
const LEFTOVER_BYTES = 16_384;
const HEADER_BYTES = 16_384;

type Errand = { signal: AbortSignal; /** The promise, or the reason why nobody waits for it any longer. */ within<T>(promise: Promise<T>): Promise<T>; end(why?: StreamCode): void };
type Visit = { response: Dispatcher.ResponseData; url: URL; pass: Pass };

export function openOrigin(guard: Guard, limits: Partial<Limits> = {}, { lookup = (name) => lookupAll(name, { all: true }), now = () => performance.now(), egress = null }: { lookup?: Lookup; now?: () => number; egress?: Egress | null } = {}): Origin {
  const bounds = { ...usual, ...limits };
  const breaker = createBreaker(now);
  const errands = new Set<Errand>();
  const agent = new Agent({
    connections: bounds.connections, maxOrigins: HOSTS_MAX, headersTimeout: bounds.firstByteMs, bodyTimeout: bounds.idleMs, maxHeaderSize: HEADER_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS, keepAliveMaxTimeout: KEEP_ALIVE_LONGEST_MS,
    factory: (origin, options) => new Pool(origin, { ...options, connect: egress ? connectorThrough(egress, bounds.connectMs) : createConnector(guard, new URL(origin), { lookup, connectMs: bounds.connectMs }) }),
  });
  let closed = false;

  function setOut(left: AbortSignal | undefined): Errand {
    if (closed || left?.aborted) throw new StreamError('given_up', left?.reason);
    if (errands.size >= bounds.asks) throw new StreamError('unreachable');
    const ending = new AbortController();
    const errand: Errand = {
      signal: ending.signal,
      // undici hears of an abort only when the request's turn has come.
      within: (promise) => new Promise((settle, fail) => {
        const stop = () => fail(ending.signal.reason);
        ending.signal.addEventListener('abort', stop, { once: true });
        promise.then(settle, fail).finally(() => ending.signal.removeEventListener('abort', stop));
      }),
      end(why = 'given_up') {
        clearTimeout(timer);
        left?.removeEventListener('abort', leave);
        errands.delete(errand);
        ending.abort(new StreamError(why, left?.reason));
      },
    };
    const leave = () => errand.end();
    const timer = setTimeout(() => errand.end('too_slow'), bounds.totalMs);
    left?.addEventListener('abort', leave, { once: true });
    errands.add(errand);
    return errand;
  }

  /** One request. What the host did wrong is told to the breaker here, up to the headers. */
  async function visit(url: URL, { range, accept, gzip, waits }: Asking, { signal, within }: Errand): Promise<Visit> {
    const refused = guard.judgeUrl(url);
    if (refused) throw new StreamError(refused);
    const pass = breaker.enter(url.host);
    if (!pass) throw new StreamError('unreachable');
    try {
      const headers = { 'user-agent': 'Aside', accept: accept ?? '*/*', 'accept-encoding': gzip ? 'gzip' : 'identity', ...(range !== undefined && RANGE.test(range) ? { range } : {}) };
      const response = await within(agent.request({ origin: url.origin, path: `${url.pathname}${url.search}`, method: 'GET', headers, signal, ...(waits ? { headersTimeout: bounds.totalMs } : {}) }));
      return { response, url, pass };
    } catch (error) {
      const told = explain(error);
      pass(outcomeOf(told.code));
      throw told;
    }
  }

  async function follow(url: URL, options: Asking, errand: Errand): Promise<Visit> {
    for (let left = bounds.redirects; ; left -= 1) {
      const here = await visit(url, options, errand);
      if (!REDIRECTS.has(here.response.statusCode)) return here;
      here.pass('good');
      // Ends with the errand at the latest.
      here.response.body.dump({ limit: LEFTOVER_BYTES }).catch(() => 'nobody waits for it');
      if (left === 0) throw new StreamError('too_many_redirects');
      const { location } = here.response.headers;
      // Header bytes come as Latin-1, and addresses with other letters are sent as UTF-8.
      url = readUrl(typeof location === 'string' ? Buffer.from(location, 'latin1').toString() : location, here.url);
    }
  }

  return {
    async ask(url, options) {
      const errand = setOut(options.signal);
      try {
        const { response, url: end, pass } = await follow(readUrl(url), options, errand);
        const fault = faultOf(response, options);
        if (fault) {
          pass(outcomeOf(fault));
          throw new StreamError(fault);
        }
        const { body, headers } = unfold(response, options.maxBytes, (error) => {
          pass(error ? outcomeOf(explain(error).code) : 'good');
          errand.end();
        });
        return { status: response.statusCode, headers, url: end.href, body };
      } catch (error) {
        errand.end();
        throw explain(error);
      }
    },
    async close() {
      closed = true;
      for (const errand of errands) errand.end();
      await agent.destroy();
    },
  };
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** RFC 9110: a range that is none is as good as not asked for. */
const RANGE = /^bytes=(\d{1,15}-\d{0,15}|-\d{1,15})$/;

function readUrl(text: unknown, base?: URL): URL {
  const url = typeof text === 'string' ? URL.parse(text, base) : null;
  if (!url) throw new StreamError('bad_url');
  return url;
}
