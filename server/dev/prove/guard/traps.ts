import { once } from 'node:events';
import { createServer } from 'node:net';
import { TRAP_PORTS, TRAPS_FOUR, TRAPS_SIX } from './places.ts';

/** Whoever is connected to here got where no stream is. */
export type Traps = { /** Since the last time it was asked. */ hits(): string[] };

export async function setTraps(): Promise<Traps> {
  let hits: string[] = [];
  for (const address of [...TRAPS_FOUR, ...TRAPS_SIX]) {
    for (const port of TRAP_PORTS) {
      const server = createServer((socket) => {
        hits.push(`${address} port ${port}`);
        socket.on('error', () => 'its other side may go as it likes').resume().end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 6\r\n\r\nsecret');
      });
      server.listen(port, address);
      await once(server, 'listening');
    }
  }
  return {
    hits() {
      const seen = hits;
      hits = [];
      return seen;
    },
  };
}
