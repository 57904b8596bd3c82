import { connect, createServer, type Socket } from 'node:net';

/** What stands between some readers and the world: pages get through, sockets only while `open`. */
export type Gate = { http: string; open: boolean; readonly refused: number; /** Breaks off every connection there is. */ cut(): void; close(): Promise<void> };

export async function openGate(chat: string): Promise<Gate> {
  const there = new Set<Socket>();
  const server = createServer((client) => {
    hold(client);
    client.once('data', (first) => {
      // A browser opens a socket on a connection of its own, so the first bytes say what it is for.
      if (!gate.open && /^GET \/ws\b/.test(first.toString('latin1'))) {
        gate.refused += 1;
        client.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
        return;
      }
      const upstream = hold(connect(Number(new URL(chat).port), '127.0.0.1'));
      upstream.write(first);
      client.pipe(upstream).pipe(client);
      client.on('close', () => upstream.destroy());
      upstream.on('close', () => client.destroy());
    });
  });

  function hold(socket: Socket): Socket {
    there.add(socket);
    return socket.on('close', () => there.delete(socket)).on('error', () => socket.destroy());
  }

  await new Promise<void>((settle, fail) => server.once('error', fail).listen(0, '127.0.0.1', settle));
  const address = server.address();
  const gate = {
    http: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    open: false,
    refused: 0,
    cut() {
      for (const socket of there) socket.destroy();
    },
    close(): Promise<void> {
      gate.cut();
      return new Promise((settle) => { server.close(() => settle()); });
    },
  };
  return gate;
}
