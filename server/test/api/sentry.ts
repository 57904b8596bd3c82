import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Envelope = { path: string; headers: IncomingHttpHeaders; body: string; lines: Record<string, unknown>[] };

/** Takes envelopes as Sentry does, on loopback; a line that is no JSON is refused as Sentry would. */
export async function openSentry(): Promise<{ dsn: string; received: Envelope[]; /** From now on it takes what comes and never answers. */ hang(): void; close(): Promise<void> }> {
  const received: Envelope[] = [];
  let hangs = false;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => { body += text; }).on('end', () => {
      try {
        received.push({ path: request.url ?? '', headers: request.headers, body, lines: body.split('\n').map((line) => JSON.parse(line)) });
      } catch {
        response.writeHead(400).end('invalid envelope');
        return;
      }
      if (!hangs) response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    dsn: `http://0123456789abcdef:old-secret@127.0.0.1:${(server.address() as AddressInfo).port}/under/42`, received,
    hang() { hangs = true; },
    close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}
