import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { keyOf, type Place, type Rules, type Stamp } from '../protocol/index.ts';

/** Proofs of work, for one message each. Nothing of one that was not brought back is kept. */
export type Stamps = {
  issue(place: Place, author: string, shield: NonNullable<Rules['shield']>, now: number): Stamp;
  /** Whether it is one of ours, of this person in this room, solved, fresh, and brought for one message only. */
  redeem(stamp: string | undefined, place: Place, author: string, cid: string, now: number): boolean;
};

/** About 0.1 s of a laptop for the first step, and four times as much for each further one. */
const BITS = { 2: 16, 3: 18, 4: 20 } as const;
const GOOD_FOR_MS = 120_000;
const SPENT_MAX = 100_000;

export function createStamps(secret: string): Stamps {
  const spent = new Map<string, { at: number; cid: string }>();
  const seal = (what: string, place: Place, author: string): string => createHmac('sha256', secret).update(`stamp\n${what}\n${author}\n${keyOf(place)}`).digest('base64url').slice(0, 22);

  return {
    issue(place, author, { level }, now) {
      const bits = level < 2 ? BITS[2] : BITS[level as 2 | 3 | 4];
      const what = `${now}-${bits}`;
      return { salt: `${what}-${seal(what, place, author)}`, bits };
    },
    redeem(stamp, place, author, cid, now) {
      const [, what = '', at = '', bits = '', sealed = '', answer = ''] = /^((\d{1,15})-(\d{1,2}))-([\w-]{22})\.(\d{1,16})$/.exec(stamp ?? '') ?? [];
      if (!answer || now - Number(at) > GOOD_FOR_MS || Number(at) > now || (spent.get(sealed)?.cid ?? cid) !== cid) return false;
      if (!timingSafeEqual(Buffer.from(sealed), Buffer.from(seal(what, place, author)))) return false;
      if (zeros(createHash('sha256').update(`${what}-${sealed}.${answer}`).digest()) < Number(bits)) return false;
      spent.set(sealed, { at: now, cid });
      for (const [oldest, { at: then }] of spent) {
        if (now - then <= GOOD_FOR_MS && spent.size <= SPENT_MAX) break;
        spent.delete(oldest);
      }
      return true;
    },
  };
}

function zeros(hash: Buffer): number {
  return Math.clz32(hash.readUInt32BE(0));
}
