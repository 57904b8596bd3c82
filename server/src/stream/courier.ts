import { lookup as lookupAll } from 'node:dns/promises';
import { Agent, Pool } from 'undici';
import { createConnector, type Lookup } from './connector.ts';
import { connectorThrough, type Egress } from './egress.ts';
import type { Guard } from './guard.ts';
import { StreamError } from './refusal.ts';

/** Brings what happened to addresses that operators gave: only to those that the guard lets be asked, and without following anybody elsewhere. */
export type Courier = {
  /** The status and how long it asks to wait, or why there is none. Nothing of the answer's body is read. */
  bring(url: string, headers: Record<string, string>, body: string): Promise<{ status: number; retryAfterMs: number } | { error: string }>;
  close(): Promise<void>;
};

const WITHIN_MS = 5_000;
const CONNECT_MS = 3_000;
const HOSTS_MAX = 256;

export function openCourier(guard: Guard, { lookup = (name) => lookupAll(name, { all: true }), egress = null }: { lookup?: Lookup; egress?: Egress | null } = {}): Courier {
  const agent = new Agent({
    maxOrigins: HOSTS_MAX, headersTimeout: WITHIN_MS, bodyTimeout: WITHIN_MS,
    factory: (origin, options) => new Pool(origin, { ...options, connections: null, connect: egress ? connectorThrough(egress, CONNECT_MS) : createConnector(guard, new URL(origin), { lookup, connectMs: CONNECT_MS }) }),
  });
  return {
    async bring(url, headers, body) {
      const to = new URL(url);
      const refused = guard.judgeUrl(to);
      if (refused) return { error: refused };
      try {
        const { statusCode, headers: told, body: answer } = await agent.request({ origin: to.origin, path: `${to.pathname}${to.search}`, method: 'POST', headers: { 'user-agent': 'Aside', 'content-type': 'application/json', ...headers }, body, signal: AbortSignal.timeout(WITHIN_MS) });
        answer.on('error', () => 'what it says is not read').destroy();
        return { status: statusCode, retryAfterMs: 1_000 * (Number(told['retry-after']) || 0) };
      } catch (error) {
        return { error: error instanceof StreamError ? error.code : (error as Error).name === 'TimeoutError' ? 'too_slow' : 'unreachable' };
      }
    },
    close: () => agent.destroy(),
  };
}
