import { connect, type Socket } from 'node:net';

/** What came: `body` only where it was asked to be kept. */
export type Answer = { status: number; bytes: number; body: string };
export type Caller = { get(path: string, keep?: boolean): Promise<Answer>; close(): void };

/** One for all: what was read is used up before anybody reads again. */
const INCOMING = Buffer.allocUnsafeSlow(262_144);

/** A connection that is kept, with one request at a time: cheap enough for thousands of them in one process. */
export function openCaller(port: number): Promise<Caller> {
  return new Promise((resolve, reject) => {
    let asked: { settle: (answer: Answer) => void; fail: (error: Error) => void; keep: boolean; body: string } | null = null;
    let status = 0;
    let length = -1;
    let left = 0;
    let head = '';
    const read = (bytes: Buffer): void => {
      let at = 0;
      if (length < 0) {
        const had = head.length;
        head += bytes.toString('latin1', 0, Math.min(bytes.length, 4_096));
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        status = Number(head.slice(9, 12));
        const told = /\r\ncontent-length: (\d+)/i.exec(head);
        if (!told) throw new Error(`An answer without a length: ${head.slice(0, 200)}`);
        length = left = Number(told[1]);
        at = end + 4 - had;
        head = '';
      }
      if (asked?.keep) asked.body += bytes.toString('latin1', at);
      left -= bytes.length - at;
      if (left > 0) return;
      const answer = { status, bytes: length, body: asked?.body ?? '' };
      length = -1;
      const settle = asked?.settle;
      asked = null;
      settle?.(answer);
    };
    const socket: Socket = connect({
      port, host: '127.0.0.1', noDelay: true,
      onread: { buffer: INCOMING, callback: (count, buffer) => { read((buffer as Buffer).subarray(0, count)); return true; } },
    }, () => resolve({
      get: (path, keep = false) => new Promise((settle, fail) => {
        asked = { settle, fail, keep, body: '' };
        socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`, 'latin1');
      }),
      close: () => void socket.destroy(),
    }));
    socket.on('error', (error) => (asked ? asked.fail(error) : reject(error)));
    socket.on('close', () => asked?.fail(new Error('The server closed the connection')));
  });
}
