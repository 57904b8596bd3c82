import type { FastifyRequest } from 'fastify';
import { type Rate, spend } from '../room/quota.ts';
import type { Load } from './load.ts';
import { addressKey, whoAsks } from './origin.ts';

/** Who may open a socket. A refusal is said over HTTP: after the upgrade it would cost a handshake. */
export type Door = {
  knock(request: FastifyRequest): Refusal | null;
  /** Somebody is in. Returns their leaving. */
  enter(address: string): () => void;
};
export type Refusal = { status: number; code: 'upgrade' | 'origin' | 'overloaded' | 'rush' | 'too_many'; retryAfterS?: number; detail: string };
export type DoorOptions = { publicUrl: string; perAddress: number; inAll: number; load: Pick<Load, 'overloaded'>; now: () => number };

/**
 * A process lets in 2,000 to 3,000 a second where it does nothing else; what is above would only make all of them late.
 * To let the others wait their turn was tried: it costs more than to refuse them, and a storm took twice as long.
 */
const UPGRADES: Rate = { perSecond: 2_000, burst: 1_000 };
/** Drawn, so that those who read it do not come back together. */
const RETRY_AFTER_S: readonly [number, number] = [2, 10];

export function createDoor({ publicUrl, perAddress, inAll, load, now }: DoorOptions): Door {
  const addresses = new Map<string, number>();
  const bucket = { level: UPGRADES.burst, at: now() };
  let size = 0;

  return {
    knock({ ws, headers: { origin, host }, ip }) {
      if (!ws) return { status: 426, code: 'upgrade', detail: 'This address takes WebSockets only.' };
      if (whoAsks(origin, host, publicUrl) === 'foreign') return { status: 403, code: 'origin', detail: 'This origin may not open a socket here.' };
      if (load.overloaded) return { status: 503, code: 'overloaded', retryAfterS: draw(RETRY_AFTER_S), detail: 'This server has too much to do.' };
      if (size >= inAll || (addresses.get(addressKey(ip)) ?? 0) >= perAddress) return { status: 503, code: 'too_many', retryAfterS: 30, detail: 'Too many connections.' };
      if (spend(bucket, UPGRADES, now()) > 0) return { status: 503, code: 'rush', retryAfterS: draw(RETRY_AFTER_S), detail: 'Too many come at once.' };
      return null;
    },
    enter(address) {
      size += 1;
      addresses.set(address, (addresses.get(address) ?? 0) + 1);
      return () => {
        size -= 1;
        const left = (addresses.get(address) ?? 1) - 1;
        if (left > 0) addresses.set(address, left);
        else addresses.delete(address);
      };
    },
  };
}

function draw([least, most]: readonly [number, number]): number {
  return least + Math.floor(Math.random() * (most - least + 1));
}
