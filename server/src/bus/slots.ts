/** Of a Redis Cluster: every channel has one, and one master serves it. */
export const SLOTS = 16_384;

/** CRC-16/XMODEM of the name, as the specification of Redis Cluster has it. Ours have no braces. */
export function slotOf(name: string): number {
  let crc = 0;
  for (const byte of Buffer.from(name)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc % SLOTS;
}
