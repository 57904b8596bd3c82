import type { Rules } from '../../protocol/index.ts';
import { PASS, type Ruling, type Saying } from '../saying.ts';
import type { Stamps } from '../stamp.ts';

/** What a stranger has to bring, and whether their words wait for somebody. */
export function standing({ rank, place, author, cid, stamp, isNew }: Saying, { hold, shield }: Rules, stamps: Stamps, now: number): Ruling {
  if (rank !== 'new') return PASS;
  // What was let through as it was would else become anything.
  if (!isNew) return hold || (shield && shield.level >= 2) ? { is: 'no', code: 'unwanted' } : PASS;
  if (shield && shield.level >= 2 && !stamps.redeem(stamp, place, author, cid, now)) return { is: 'no', code: 'stamp', stamp: stamps.issue(place, author, cid, shield, now) };
  return hold || (shield && shield.level >= 3) ? { is: 'hold' } : PASS;
}
