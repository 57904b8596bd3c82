import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { keyOf, type Place, type Rules, type Stamp } from '../protocol/index.ts';

/** Proofs of work, for one message each. Nothing of one that was not brought back is kept. */
export type Stamps = {
  issue(place: Place, author: string, cid: string, shield: NonNullable<Rules['shield']>, now: number): Stamp;
  /** Whether it is one of ours, for this message of this person in this room, solved and fresh. The log takes a message once: so it is good once, on however many servers. */
  redeem(stamp: string | undefined, place: Place, author: string, cid: string, now: number): boolean;
};

/** About 0.1 s of a laptop for the first step, and four times as much for each further one. */
const BITS = { 2: 16, 3: 18, 4: 20 } as const;
const GOOD_FOR_MS = 120_000;

export function createStamps(secret: string): Stamps {
  const seal = (what: string, place: Place, author: string, cid: string): string => createHmac('sha256', secret).update(`stamp\n${what}\n${author}\n${cid}\n${keyOf(place)}`).digest('base64url').slice(0, 22);

  return {
    issue(place, author, cid, { level }, now) {
      const bits = level < 2 ? BITS[2] : BITS[level as 2 | 3 | 4];
      const what = `${now}-${bits}`;
      return { salt: `${what}-${seal(what, place, author, cid)}`, bits };
    },
    redeem(stamp, place, author, cid, now) {
      const [, what = '', at = '', bits = '', sealed = '', answer = ''] = /^((\d{1,15})-(\d{1,2}))-([\w-]{22})\.(\d{1,16})$/.exec(stamp ?? '') ?? [];
      if (!answer || now - Number(at) > GOOD_FOR_MS || Number(at) > now) return false;
      if (!timingSafeEqual(Buffer.from(sealed), Buffer.from(seal(what, place, author, cid)))) return false;
      return zeros(createHash('sha256').update(`${what}-${sealed}.${answer}`).digest()) >= Number(bits);
    },
  };
}

function zeros(hash: Buffer): number {
  return Math.clz32(hash.readUInt32BE(0));
}
