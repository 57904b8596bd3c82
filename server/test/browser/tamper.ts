import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

/** A fault between the chat and its readers: their answers, headers or pages changed. Everything else goes through as it is. */
export type Tampering = {
  headers?: (headers: Record<string, string>, asked: IncomingMessage) => Record<string, string>;
  page?: (html: string, asked: IncomingMessage) => string;
  /** Run in the room's page, as a script of ours would be. */
  script?: string;
};
export type Tampered = { http: string; close(): Promise<void> };

const SCRIPT = '/assets/planted.js';

export async function openTampered(chat: string, tampering: Tampering): Promise<Tampered> {
  const { hostname, port } = new URL(chat);
  const server = createServer((asked, response) => {
    if (asked.url === SCRIPT) return void response.writeHead(200, { 'content-type': 'text/javascript', 'cross-origin-resource-policy': 'cross-origin', 'access-control-allow-origin': '*' }).end(tampering.script);
    const sent = request({ hostname, port, path: asked.url, method: asked.method, headers: { ...asked.headers, 'accept-encoding': 'identity' }, agent: false }, (answer) => void change(asked, answer, response, tampering));
    sent.on('error', () => response.destroy());
    asked.pipe(sent);
  });
  server.on('upgrade', (asked, socket, head) => {
    const through = connect(Number(port), hostname, () => {
      through.write(`GET ${asked.url} HTTP/1.1\r\n${Array.from({ length: asked.rawHeaders.length / 2 }, (_, i) => `${asked.rawHeaders[2 * i]}: ${asked.rawHeaders[2 * i + 1]}`).join('\r\n')}\r\n\r\n`);
      through.write(head);
      through.pipe(socket).pipe(through);
    });
    for (const [one, other] of [[socket, through], [through, socket]] as const) one.on('error', () => other.destroy());
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  return {
    http: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((settle) => {
      server.close(() => settle());
      server.closeAllConnections();
    }),
  };
}

async function change(asked: IncomingMessage, answer: IncomingMessage, response: ServerResponse, { headers = (all) => all, page = (html) => html, script }: Tampering): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const own = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
  const isPage = own['content-type']?.startsWith('text/html') === true;
  const text = isPage ? page(body.toString(), asked) : '';
  const changed = isPage && script !== undefined ? text.replace('<head>', `<head><script src="${SCRIPT}"></script>`) : text;
  response.writeHead(answer.statusCode ?? 502, { ...headers(own, asked), 'content-length': String(isPage ? Buffer.byteLength(changed) : body.length) });
  response.end(isPage ? changed : body);
}
