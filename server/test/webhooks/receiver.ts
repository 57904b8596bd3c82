import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Told = { path: string; headers: IncomingHttpHeaders; text: string; body: Body };
/** As much of what is told as is looked at here. */
type Body = {
  event: string; site: string; room: string; text: string; content: string; approve: string; refuse: string;
  message: { n: number; text: string; nick: string; author: string }; held: { text: string; nick: string }; ban: { nick: string }; count: number;
};
/** A receiver of webhooks on loopback that keeps what it was told. */
export type Receiver = {
  readonly host: string;
  readonly url: string;
  readonly told: Told[];
  /** The status of its next answers; 0: none at all. */
  answers: number;
  close(): Promise<void>;
};

export async function openReceiver(): Promise<Receiver> {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part) => parts.push(part)).on('end', () => {
      const text = Buffer.concat(parts).toString();
      told.push({ path: request.url ?? '', headers: request.headers, text, body: JSON.parse(text) });
      if (receiver.answers > 0) response.writeHead(receiver.answers, { location: `${receiver.url}elsewhere` }).end();
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const receiver: Receiver = {
    host, url: `http://${host}/`, told, answers: 204,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
  return receiver;
}
