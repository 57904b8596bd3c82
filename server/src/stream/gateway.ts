import { lookup as lookupAll } from 'node:dns/promises';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createConnector, type Lookup } from './connector.ts';
import type { Guard } from './guard.ts';
import { StreamError } from './refusal.ts';

/** Where a process without a way outside is connected to what is there, and to nothing inside (ADR 23). */
export type Gateway = {
  /** Of a CONNECT that somebody trusted made. */
  open(request: IncomingMessage, client: Duplex, head: Buffer): void;
  close(): void;
};

const CONNECT_MS = 5_000;
const TUNNELS_MAX = 1_024;

export function createGateway(guard: Guard, lookup: Lookup = (name) => lookupAll(name, { all: true })): Gateway {
  const tunnels = new Set<Duplex>();

  async function reach(asked: string): Promise<Socket> {
    const url = /^[^/?#@\\\s]+:\d{1,5}$/.test(asked) ? URL.parse(`http://${asked}`) : null;
    if (!url) throw new StreamError('bad_url');
    const refused = guard.judgeUrl(url);
    if (refused) throw new StreamError(refused);
    const connect = createConnector(guard, url, { lookup, connectMs: CONNECT_MS });
    return new Promise((resolve, reject) => connect({ hostname: url.hostname, host: url.host, protocol: 'http:', port: url.port || '80' }, (error, socket) => (socket ? resolve(socket) : reject(error))));
  }

  return {
    open({ url = '' }, client, head) {
      const end = (): void => { client.destroy(); };
      client.once('error', end);
      if (tunnels.size >= TUNNELS_MAX) return void client.end(answer('503 Service Unavailable', 'unreachable'));
      tunnels.add(client);
      client.once('close', () => tunnels.delete(client));
      reach(url).then((target) => {
        target.once('error', end).once('close', end);
        client.once('close', () => target.destroy());
        if (client.destroyed) return void target.destroy();
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        if (head.length > 0) target.write(head);
        client.pipe(target).pipe(client);
      }, (error: unknown) => {
        const code = error instanceof StreamError ? error.code : 'unreachable';
        client.end(answer(code === 'unreachable' ? '502 Bad Gateway' : '403 Forbidden', code));
      });
    },
    close: () => { for (const client of tunnels) client.destroy(); },
  };
}

function answer(status: string, code: string): string {
  return `HTTP/1.1 ${status}\r\nAside-Refused: ${code}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
}
