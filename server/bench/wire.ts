import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** The thinnest WebSocket client there is, so that ten thousand of them cost the benchmark little. */
export type Wire = { socket: Socket; send(text: string): void };

/** One for all sockets of the process: a buffer for each read would cost more than the rest of it. */
const SHARED = Buffer.allocUnsafe(64 * 1_024);

/**
 * Connects and upgrades. `onBytes` gets everything after the upgrade, frames and all; what it keeps of them it must copy.
 * `from`: the address to come from, since one has 28,000 ports at most. `offers`: extensions.
 */
export function openWire(url: string, onBytes: (bytes: Buffer, wire: Wire) => void, from?: string, offers?: string): Promise<Wire> {
  const { hostname, port, pathname, search, host } = new URL(url);
  return new Promise((resolve, reject) => {
    /** What came of the answer; null once it is whole. */
    let head: Buffer | null = Buffer.alloc(0);
    const socket = connect({ port: Number(port), host: hostname, ...(from && { localAddress: from }), noDelay: true, onread: { buffer: SHARED, callback: (count, bytes) => take(bytes.subarray(0, count) as Buffer) } });
    const wire: Wire = { socket, send: (text) => void socket.write(maskedFrame(text)) };
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed: ${head?.toString().slice(0, 60) ?? 'after the upgrade'}`)));
    socket.on('connect', () => {
      socket.write(`GET ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\nsec-websocket-version: 13\r\n${offers ? `sec-websocket-extensions: ${offers}\r\n` : ''}\r\n`);
    });

    function take(bytes: Buffer): boolean {
      if (head) upgrade(Buffer.concat([head, bytes]));
      else onBytes(bytes, wire);
      return true;
    }

    function upgrade(answer: Buffer): void {
      head = answer;
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return;
      if (!head.subarray(0, 12).equals(SWITCHING)) return void socket.destroy();
      const rest = head.subarray(end + 4);
      head = null;
      resolve(wire);
      if (rest.length > 0) onBytes(rest, wire);
    }
  });
}

const SWITCHING = Buffer.from('HTTP/1.1 101');

/** A client's text frame. The mask is zero: it hides nothing here, and the server pays for it all the same. */
function maskedFrame(text: string): Buffer {
  const body = Buffer.from(text);
  const head = body.length < 126 ? Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]) : Buffer.from([0x81, 0x80 | 126, body.length >> 8, body.length & 255, 0, 0, 0, 0]);
  return Buffer.concat([head, body]);
}

/** Cuts what one socket receives into the bodies of its frames. Those that begin with `skipped` are passed by unread: who speaks in a hot room receives little else. */
export function createFrames(skipped: Buffer | null, onBody: (body: Buffer, deflated: boolean) => void): (bytes: Buffer) => void {
  let rest: Buffer | null = null;
  let skip = 0;
  return (bytes) => {
    const all = rest ? Buffer.concat([rest, bytes]) : bytes;
    rest = null;
    let at = 0;
    while (at < all.length) {
      const passed = Math.min(skip, all.length - at);
      at += passed;
      skip -= passed;
      if (all.length - at < 2) break;
      const short = (all[at + 1] as number) & 127;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (all.length - at < head) break;
      const body = at + head;
      const length = short < 126 ? short : short === 126 ? all.readUInt16BE(at + 2) : Number(all.readBigUInt64BE(at + 2));
      if (skipped && length >= skipped.length && all.length - body >= skipped.length && all.compare(skipped, 0, skipped.length, body, body + skipped.length) === 0) {
        skip = head + length;
        continue;
      }
      if (all.length - body < length) break;
      onBody(all.subarray(body, body + length), ((all[at] as number) & 0x40) !== 0);
      at = body + length;
    }
    // What comes is in a buffer that all sockets share.
    if (at < all.length) rest = Buffer.from(all.subarray(at));
  };
}
