import { createServer } from 'node:net';

/** A port of loopback that is free at this moment; the system never offers 5432. */
export function findPort(): Promise<number> {
  return new Promise((settle, fail) => {
    const probe = createServer().once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => settle(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Resolves when `port` can be listened on, else rejects with a sentence that names the setting to change. */
export function checkPort(host: string, port: number, setting: string): Promise<void> {
  return new Promise((settle, fail) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => fail(new Error(whyNot(error, host, port, setting))));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => settle()));
  });
}

export function readPort(setting: string, otherwise: number): number {
  const value = process.env[setting] || String(otherwise);
  const port = Number(value);
  if (!/^\d+$/.test(value) || port < 1 || port > 65_535) throw new Error(`${setting} is "${value}", and must be a number from 1 to 65535.`);
  return port;
}

function whyNot({ code, message }: NodeJS.ErrnoException, host: string, port: number, setting: string): string {
  const other = `choose another with ${setting}=${port < 65_000 ? port + 10 : port - 10}`;
  if (code === 'EADDRINUSE') return `Port ${port} is taken by another program: stop that one, or ${other}.`;
  if (code === 'EACCES') return `Port ${port} is reserved for the administrator: ${other}.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST is "${host}", which is no address of this machine: leave it out, or set HOST=0.0.0.0.`;
  return `Port ${port} cannot be used (${message}): ${other}.`;
}
