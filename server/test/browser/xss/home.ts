import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where payloads call home. It answers everybody, and remembers who came for what. */
export type Home = {
  /** `127.0.0.1:4000`, as payloads name it. */
  host: string;
  /** Numbers of the payloads that asked for something. */
  readonly asked: ReadonlySet<number>;
  /** Connections of any kind, those that asked for nothing among them: a browser may connect ahead of time. */
  readonly connections: number;
  close(): Promise<void>;
};

export async function openHome(): Promise<Home> {
  const asked = new Set<number>();
  let connections = 0;
  const note = (url = ''): void => {
    const id = new URL(url, 'http://home').pathname.match(/\d+/)?.[0];
    if (id !== undefined) asked.add(Number(id));
  };
  const server = createServer(({ url }, response) => {
    note(url);
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/plain', 'cache-control': 'no-store', connection: 'close' }).end();
  });
  server.on('connection', () => { connections += 1; });
  server.on('upgrade', ({ url }, socket) => {
    note(url);
    socket.destroy();
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    get connections() { return connections; },
    close: () => new Promise((settle) => {
      server.close(() => settle());
      server.closeAllConnections();
    }),
  };
}
