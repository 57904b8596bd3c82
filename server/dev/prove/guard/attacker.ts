import { once } from 'node:events';
import { createServer } from 'node:http';
import { LISTED, PUBLIC, PUBLIC_SIX } from './places.ts';

/** A stranger's host: it sends on to wherever its address says. */
export async function openAttacker(): Promise<void> {
  for (const [address, port] of [[PUBLIC, 80], [PUBLIC_SIX, 80], [LISTED.address, LISTED.port]] as const) {
    const server = createServer(({ url = '' }, response) => {
      const [, what, status, location] = url.split('/');
      // Each connection resolves its name anew.
      if (what !== 'to') return void response.writeHead(200, { connection: 'close' }).end('stream');
      response.writeHead(Number(status), { connection: 'close', location: Buffer.from(location ?? '', 'base64url').toString('latin1') }).end();
    });
    server.listen(port, address);
    await once(server, 'listening');
  }
}

/** A path on the stranger's host that sends on; whatever letters the address has go over the line as UTF-8. */
export function sendOn(status: number, to: string): string {
  return `/to/${status}/${Buffer.from(to).toString('base64url')}`;
}
