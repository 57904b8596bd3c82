/** A server's text frame as bytes: unmasked, so the same bytes serve every reader. */
export function encodeFrame(text: string): Buffer {
  const size = Buffer.byteLength(text);
  const head = size < 126 ? 2 : size < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafeSlow(head + size);
  bytes[0] = 0x81;
  if (head === 2) bytes[1] = size;
  else if (head === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(size, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(size), 2);
  }
  bytes.write(text, head, 'utf8');
  return bytes;
}
