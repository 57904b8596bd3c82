import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { Guard } from './guard.ts';
import { StreamError } from './refusal.ts';

export type Lookup = (name: string) => Promise<readonly { address: string; family: number }[]>;
export type Connector = buildConnector.connector;

/** TLS sessions kept of one origin. */
const SESSIONS_MAX = 8;

/**
 * Opens connections to one origin, and to nowhere else whatever its name says. The name is resolved once for each connection,
 * every address must pass, and the socket tries exactly those: between a look and the connection no other answer can come.
 */
export function createConnector(guard: Guard, origin: URL, { lookup, connectMs }: { lookup: Lookup; connectMs: number }): Connector {
  const host = origin.port === '' ? `${origin.hostname}:${origin.protocol === 'https:' ? 443 : 80}` : origin.host;

  async function resolve(name: string): Promise<{ address: string; family: number }[]> {
    const found = await lookup(name);
    if (found.length === 0) throw new StreamError('unreachable');
    if (!found.every(({ address }) => guard.mayReach(address, host))) throw new StreamError('private_address');
    return [...found];
  }

  const answer: LookupFunction = (name, { all }, done) => {
    resolve(name).then(
      (found) => (all ? done(null, found) : done(null, found[0]?.address ?? '', found[0]?.family)),
      (error) => done(error, all ? [] : ''),
    );
  };
  const connect = buildConnector({ allowH2: false, timeout: connectMs, maxCachedSessions: SESSIONS_MAX, lookup: answer });

  return (options, done) => {
    // An address that is written out is never looked up.
    if (isIP(options.hostname) > 0 && !guard.mayReach(options.hostname, host)) {
      queueMicrotask(() => done(new StreamError('private_address'), null));
      return;
    }
    connect(options, (...[error, socket]) => {
      if (error !== null) return done(error, null);
      const { remoteAddress } = socket;
      if (remoteAddress !== undefined && guard.mayReach(remoteAddress, host)) return done(null, socket);
      socket.destroy();
      done(new StreamError(remoteAddress === undefined ? 'unreachable' : 'private_address'), null);
    });
  };
}
