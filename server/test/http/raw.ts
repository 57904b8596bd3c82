import { connect } from 'node:net';

export type Answer = { status: number; headers: Record<string, string>; body: string };
export type Request = { method?: string; path?: string; headers?: readonly [name: string, value: string][]; body?: string; /** Instead of all else. */ bytes?: string };

const WITHIN_MS = 10_000;

/** One request as it stands, byte for byte: clients that mean well would mend it. Ends when the server closes. */
export function ask(address: string, { method = 'GET', path = '/', headers = [], body = '', bytes }: Request): Promise<Answer> {
  const { hostname, port, host } = new URL(address);
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...headers.map(([name, value]) => `${name}: ${value}`)];
  const sent = bytes ?? `${lines.join('\r\n')}\r\n${body === '' ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`}\r\n${body}`;
  return talk(Number(port), hostname, sent, false);
}

/** An upgrade to a WebSocket: 101 when let in. */
export function knock(address: string, path: string, headers: readonly [name: string, value: string][]): Promise<Answer> {
  const { hostname, port, host } = new URL(address);
  const hosts = headers.some(([name]) => name === 'Host') ? [] : [`Host: ${host}`];
  const lines = [`GET ${path} HTTP/1.1`, ...hosts, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
  return talk(Number(port), hostname, `${[...lines, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`, true);
}

/** Latin-1 on the way out, so that a table can hold any byte. */
function talk(port: number, host: string, sent: string, upgrade: boolean): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host).setEncoding('utf8');
    let got = '';
    const timer = setTimeout(() => socket.destroy(new Error(`The server kept the connection after: ${got.slice(0, 60)}`)), WITHIN_MS);
    socket.on('connect', () => socket.write(sent, 'latin1'));
    socket.on('data', (chunk) => {
      got += chunk;
      if (upgrade && got.includes(' 101 ') && got.includes('\r\n\r\n')) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(read(got));
    });
  });
}

function read(text: string): Answer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  return { status: Number(first.split(' ')[1] ?? 0), headers, body: rest.join('\r\n\r\n') };
}
