import { deflate } from './deflate.ts';

/** A server's text frame as bytes: unmasked, so the same bytes serve every reader. */
export function encodeFrame(text: string): Buffer {
  const size = Buffer.byteLength(text);
  const bytes = openFrame(0x81, size);
  bytes.write(text, bytes.length - size, 'utf8');
  return bytes;
}

/** The same for those who take it compressed. */
export function encodeDeflated(text: string): Buffer {
  const body = deflate(text);
  const bytes = openFrame(0xc1, body.length);
  bytes.set(body, bytes.length - body.length);
  return bytes;
}

function openFrame(first: number, size: number): Buffer {
  const head = size < 126 ? 2 : size < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafeSlow(head + size);
  bytes[0] = first;
  if (head === 2) bytes[1] = size;
  else if (head === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(size, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(size), 2);
  }
  return bytes;
}
