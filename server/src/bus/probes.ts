import type { Channels } from './channels.ts';

/**
 * Whether what we say comes back to us, on every part of a cluster. A connection that stands says nothing: Redis may be
 * paused, or cut off on one side only.
 */
export type Probes = { readonly heard: boolean; close(): void };

const EVERY_MS = 300;
/** A probe that was said longer ago and did not come back means that hints may not come either. */
const WITHIN_MS = 800;
/** After a reconnection the probe may stand before the last of thousands of rooms does. */
const STEADY_MS = 1_000;
const SLOTS = 16_384;

/** `count`: into so many equal parts the slots of a cluster are cut, one probe each. `turned`: at each change of `heard`. */
export function createProbes(channels: Channels, count: number, node: string, turned: () => void): Probes {
  const now = (): number => performance.now();
  const names = pickNames(count, node);
  const saidAt = names.map(() => Number.NEGATIVE_INFINITY);
  let brokenAt = now();
  let heard = false;
  names.forEach((name, i) => {
    void channels.follow(name, (text) => { if (Number(text) <= now()) saidAt[i] = Number(text); });
  });
  const timer = setInterval(() => {
    channels.retry();
    if (saidAt.some((at) => now() - at > WITHIN_MS)) brokenAt = now();
    const well = now() - brokenAt >= STEADY_MS;
    for (const name of names) channels.publish(name, String(now()));
    if (well === heard) return;
    heard = well;
    turned();
  }, EVERY_MS);
  return {
    get heard() { return heard; },
    close: () => clearInterval(timer),
  };
}

/** One name in each part of the slots, found by trying. */
function pickNames(count: number, node: string): string[] {
  const names = new Map<number, string>();
  for (let i = 0; names.size < count; i += 1) {
    const name = `aside\nprobe\n${node}\n${i}`;
    names.set(Math.floor((slotOf(name) * count) / SLOTS), name);
  }
  return [...names.values()];
}

/** CRC-16/XMODEM of the name, as the specification of Redis Cluster has it. Ours have no braces. */
export function slotOf(name: string): number {
  let crc = 0;
  for (const byte of Buffer.from(name)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc % SLOTS;
}
