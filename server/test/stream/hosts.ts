import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server as TcpServer, type Socket } from 'node:net';

/** A stream's host on this machine. `at` is how an operator lists it; `open` are the sockets that are there now. */
export type Host = { at: string; url: string; port: number; reached: number; open: ReadonlySet<Socket>; close(): Promise<void> };

export const openHost = (listener: RequestListener, address = '127.0.0.1'): Promise<Host> => listen(createServer(listener), 'http', address);

/** Speaks TLS as live.test. */
export const openSecureHost = (listener: RequestListener): Promise<Host> => listen(createSecure(live, listener), 'https', '127.0.0.1');

/** Speaks whatever it likes. */
export const openRawHost = (onSocket: (socket: Socket) => void): Promise<Host> => listen(createTcp(onSocket), 'http', '127.0.0.1');

async function listen(server: Server | TcpServer, scheme: string, address: string): Promise<Host> {
  const open = new Set<Socket>();
  let reached = 0;
  server.on('connection', (socket: Socket) => {
    reached += 1;
    open.add(socket);
    socket.on('error', () => 'its other side may go as it likes').on('close', () => open.delete(socket));
  });
  server.listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const at = `${address.includes(':') ? `[${address}]` : address}:${port}`;
  return {
    at, url: `${scheme}://${at}`, port, open,
    get reached() { return reached; },
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((settle) => server.close(settle));
    },
  };
}

/** Opens nothing but these tests: signed by itself for live.test, from 2000 to 2099. */
export const live = {
  cert: pem('CERTIFICATE', 'MIIBXzCCAQSgAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsaXZlLnRlc3QwIBcNMDAwMTAxMDAwMDAwWhgPMjEwMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMMCWxpdmUudGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABI/5dY5jD+byE+oaHZbPf4HUwo5YHMhaHbNMeuZUJXd/6HwM/OuQzqdjyaXbDr/hixJvhVYWewLEQJbidzwzAz6jRTBDMBQGA1UdEQQNMAuCCWxpdmUudGVzdDAMBgNVHRMEBTADAQH/MB0GA1UdDgQWBBRkMCtCYQThyGE6xed8rYmd3sEfHzAKBggqhkjOPQQDAgNJADBGAiEAqXmCWZUGSiKkyfN1qACGF9uFkZvC/tVbP79mrqNhstQCIQCs0+O3mm3/MISMCRwMkSzi+IZ3R0zTIdEPnk2TvRdBHQ=='),
  key: pem('PRIVATE KEY', 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4U7gxO9+Va+2KIV8TGcrK/A550Rw9A4jgMUINwqLhOChRANCAASP+XWOYw/m8hPqGh2Wz3+B1MKOWBzIWh2zTHrmVCV3f+h8DPzrkM6nY8ml2w6/4YsSb4VWFnsCxECW4nc8MwM+'),
};

function pem(what: string, body: string): string {
  return `-----BEGIN ${what}-----\n${body.replace(/.{64}/g, '$&\n')}\n-----END ${what}-----\n`;
}
