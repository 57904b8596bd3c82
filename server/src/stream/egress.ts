import { request } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { Agent, type buildConnector, fetch as ask } from 'undici';
import { StreamError } from './refusal.ts';

/** How this process asks what is outside: by itself, or through one that may while it may not (ADR 23). */
export type Outside = {
  /** Null where it asks by itself. */
  egress: Egress | null;
  fetch: typeof fetch;
  close(): Promise<void>;
};
export type Egress = {
  /** A connection to where an address leads, with TLS where its scheme says so. What refuses or fails is a {@link StreamError}. */
  dial(url: URL, withinMs: number): Promise<Socket>;
};

const CONNECT_MS = 5_000;
const SECURE = new Set(['https:', 'wss:']);

/** `gateway`: the inner port of a server that shows streams; empty where there is none. `token`: what it knows us by, made anew for each connection. */
export function openOutside(gateway: string, token: () => string): Outside {
  if (gateway === '') return { egress: null, fetch, close: async () => {} };
  const egress: Egress = {
    async dial(url, withinMs) {
      const signal = AbortSignal.timeout(withinMs);
      const socket = await tunnel(gateway, token(), url, signal);
      return SECURE.has(url.protocol) ? secure(socket, url.hostname, signal) : socket;
    },
  };
  const agent = new Agent({ connect: connectorThrough(egress, CONNECT_MS) });
  return { egress, fetch: ((to: string, init?: object) => ask(to, { ...init, dispatcher: agent })) as unknown as typeof fetch, close: () => agent.destroy() };
}

/** For undici. */
export function connectorThrough(egress: Egress, connectMs: number): buildConnector.connector {
  return ({ protocol, host, hostname, port }, done) => {
    egress.dial(new URL(`${protocol}//${host ?? hostname}${host === undefined && port ? `:${port}` : ''}`), connectMs).then((socket) => done(null, socket), (error: Error) => done(error, null));
  };
}

function tunnel(gateway: string, token: string, url: URL, signal: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const path = `${url.hostname}:${url.port || (SECURE.has(url.protocol) ? 443 : 80)}`;
  const asked = request(gateway, { method: 'CONNECT', path, agent: false, signal, headers: { host: path, 'proxy-authorization': `Bearer ${token}` } });
  asked.once('connect', ({ statusCode, headers }, socket) => {
    if (statusCode === 200) return resolve(socket as Socket);
    socket.destroy();
    reject(new StreamError(headers['aside-refused'] === 'private_address' ? 'private_address' : 'unreachable'));
  });
  asked.once('response', (answer) => { answer.destroy(); reject(new StreamError('unreachable')); });
  asked.once('error', (error) => reject(new StreamError('unreachable', error)));
  asked.end();
  return promise;
}

function secure(socket: Socket, host: string, signal: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const name = host.replace(/^\[(.*)\]$/, '$1');
  const inside = connect({ socket, ALPNProtocols: ['http/1.1'], host: name, ...(isIP(name) === 0 && { servername: name }) });
  const stop = (): void => { inside.destroy(new StreamError('too_slow')); };
  signal.addEventListener('abort', stop, { once: true });
  inside.once('secureConnect', () => { signal.removeEventListener('abort', stop); resolve(inside); });
  inside.once('error', (error) => { signal.removeEventListener('abort', stop); reject(error); });
  inside.once('close', () => reject(new StreamError('unreachable')));
  return promise;
}
