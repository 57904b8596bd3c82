import { createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { pino } from 'pino';
import type { Config } from '../config.ts';
import { type AttachedStreams, createAttached } from '../http/attached.ts';
import { addHeaders } from '../http/headers.ts';
import { addressKey } from '../http/origin.ts';
import { addProblems, refuseAddress, refuseBytes, reportError } from '../http/problem.ts';
import { createWatch, type Watch } from '../http/watch.ts';
import { createSigner } from '../room/signer.ts';
import type { Shed } from '../room/shed.ts';
import type { Outside } from '../stream/egress.ts';
import { createGuard } from '../stream/guard.ts';
import { type Origin, openOrigin } from '../stream/origin.ts';
import { openProxy, type StreamProxy } from '../stream/proxy.ts';
import { type StreamCode, StreamError } from '../stream/refusal.ts';
import { createSeal } from '../stream/seal.ts';

const REQUEST_MS = 15_000;
/** Longer than proxies before us keep theirs, Google's 600 s among them: whoever closes first loses what is on its way. Strangers' own are kept for less. */
const KEEP_ALIVE_MS = { proxies: 620_000, strangers: 72_000 };

/** What every role's server has: the limits, the headers, the errors. What viewers watch is answered before all of it. */
export async function createHttp(config: Config, logger: FastifyBaseLogger, watch: Watch | null, note: (error: unknown) => void): Promise<FastifyInstance> {
  const http = Fastify({
    loggerInstance: logger,
    serverFactory: (handle) => createServer({ requestTimeout: REQUEST_MS, keepAliveTimeout: config.TRUST_PROXY_HOPS > 0 ? KEEP_ALIVE_MS.proxies : KEEP_ALIVE_MS.strangers }, (request, response) => watch?.answer(request, response) || handle(request, response)),
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.TRUST_PROXY_HOPS > 0 ? (_, hop) => hop < config.TRUST_PROXY_HOPS : false,
    bodyLimit: 64 * 1024,
    routerOptions: { maxParamLength: 255 * 12 },
    forceCloseConnections: true,
    return503OnClosing: false,
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseBytes,
  });
  addProblems(http, note);
  // Before anything sees the request: a host page can make a frame that would ride on a cookie.
  http.addHook('onRequest', async (request) => { delete request.headers.cookie; delete request.raw.headers.cookie; });
  await addHeaders(http, { frameAncestors: config.FRAME_ANCESTORS, https: config.PUBLIC_URL.startsWith('https:') });
  return http;
}

/** For the routes of one scope. */
export async function limitRate(scope: FastifyInstance, { REQUESTS_PER_MINUTE: max }: Config): Promise<void> {
  // It remembers the newest thousands of keys for as long as nobody else comes: an address is none.
  const salt = randomBytes(32);
  await scope.register(rateLimit, {
    max, timeWindow: '1 minute', keyGenerator: (request) => createHmac('sha256', salt).update(addressKey(request.ip)).digest('base64'), allowList: (request) => request.url.startsWith('/assets/'),
  });
}

/** No words, names, addresses or secrets: a request is never logged, and an error only as far as it is ours. */
export function createLogger({ LOG_LEVEL }: Config, mixin?: () => object): FastifyBaseLogger {
  return pino({ level: LOG_LEVEL, base: null, ...(mixin && { mixin }), timestamp: () => `,"time":"${new Date().toISOString()}"`, serializers: { req: () => ({}), err: reportError } });
}

/** All that stands between viewers and the origins of streams. */
export type Viewing = { origin: Origin; proxy: StreamProxy; attached: AttachedStreams; watch: Watch; close(): Promise<void> };

/** `ask`: where an attached stream comes from. */
export function openViewing(config: Config, ask: (id: string) => Promise<string | null>, { egress }: Pick<Outside, 'egress'>, shed: Shed, report: (error: unknown) => void, fetched: (outcome: 'ok' | StreamCode) => void): Viewing {
  const seal = createSeal(config.IDENTITY_SECRET, Date.now);
  const origin = watchOrigin(openOrigin(createGuard(config.STREAM_ALLOW), {}, { egress }), fetched);
  const proxy = openProxy({ origin, seal, storeBytes: config.STREAM_CACHE_MB * 1_000_000, now: Date.now });
  const attached = createAttached(ask);
  return { origin, proxy, attached, watch: createWatch({ attached, proxy, seal, shed, report }), close: () => origin.close() };
}

/** The same, and tells how each answer began. */
function watchOrigin(origin: Origin, fetched: (outcome: 'ok' | StreamCode) => void): Origin {
  return {
    ...origin,
    async ask(url, options) {
      try {
        const answer = await origin.ask(url, options);
        fetched('ok');
        return answer;
      } catch (error) {
        if (error instanceof StreamError) fetched(error.code);
        throw error;
      }
    },
  };
}

const TOKEN_MS = 60_000;

/** What servers of one installation know each other by on their inner ports. */
export function openTrust({ IDENTITY_SECRET }: Pick<Config, 'IDENTITY_SECRET'>): { token(): string; trusts(token: string): boolean } {
  const signer = createSigner<[]>(IDENTITY_SECRET, 'aside inner 1', TOKEN_MS);
  return { token: () => signer.sign([], Date.now()), trusts: (token) => signer.read(token, Date.now()) !== null };
}
