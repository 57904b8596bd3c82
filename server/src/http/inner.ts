import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** What one role asks of the other where they are apart (ADR 23). Who asks is known by a token that only this installation makes. */
export type Inner = {
  trusts(token: string): boolean;
  measured(): Promise<string>;
  /** Where a stream that is attached comes from. */
  streamOf?(id: string): Promise<string | null>;
  /** An error of a server that has no database to count it in. */
  tell?(fault: unknown): boolean;
  /** For who has no way outside. */
  connect?(request: IncomingMessage, client: Duplex, head: Buffer): void;
};

const BODY_MAX_BYTES = 1_024;

/** What listens on `METRICS_PORT`, which strangers never reach. */
export function createInner(inner: Inner): Server {
  const server = createServer((request, response) => {
    answer(inner, request).then(({ status, type, body }) => response.writeHead(status, type ? { 'content-type': type, 'cache-control': 'no-store' } : {}).end(body), () => response.writeHead(503).end());
  });
  server.on('connect', (request, client, head) => {
    if (inner.connect && inner.trusts(tokenOf(request.headers['proxy-authorization']))) return inner.connect(request, client, head);
    client.on('error', () => client.destroy()).end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  return server;
}

export function closeInner(server: Server): void {
  server.close();
  server.closeAllConnections();
}

type Said = { status: number; type?: string; body?: string };

async function answer(inner: Inner, request: IncomingMessage): Promise<Said> {
  const { method = '', url = '' } = request;
  if (url === '/metrics') return { status: 200, type: 'text/plain; version=0.0.4', body: await inner.measured() };
  const [, id] = /^GET \/streams\/([\w-]{16})$/.exec(`${method} ${url}`) ?? [];
  const asks = id !== undefined && inner.streamOf !== undefined;
  const tells = `${method} ${url}` === 'POST /errors' && inner.tell !== undefined;
  if (!asks && !tells) return { status: 404 };
  if (!inner.trusts(tokenOf(request.headers.authorization))) return { status: 403 };
  if (tells) return { status: inner.tell?.(await readJson(request)) ? 204 : 400 };
  const stream = await inner.streamOf?.(id ?? '');
  return stream == null ? { status: 404, type: 'application/json', body: '{}' } : { status: 200, type: 'application/json', body: JSON.stringify({ url: stream }) };
}

function tokenOf(header: string | undefined): string {
  return header?.startsWith('Bearer ') ? header.slice(7) : '';
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) {
    text += part;
    if (text.length > BODY_MAX_BYTES) return null;
  }
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
