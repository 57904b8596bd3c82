import type { Rules } from '../protocol/index.ts';
import type { Rank } from './saying.ts';

/** What tells a person of the room from a stranger. */
export type Acquaintance = {
  isHouse: boolean;
  /** When this socket came in, by the wall's clock. */
  cameAt: number;
  /** When the earliest of their messages that stand here was said, as far as was looked; null: never. Asked at most once a socket. */
  spokeAt: () => Promise<number | null>;
};

/** Who spoke here that long ago, and whose words still stand, is known. */
const KNOWN_AFTER_MS = 600_000;
/** Who was here that long before the shield rose did not come for the raid. */
const BEFORE_RAID_MS = 60_000;

export async function rankOf({ isHouse, cameAt, spokeAt }: Acquaintance, { hold, shield, calmUntil }: Rules, now: number): Promise<Rank> {
  if (isHouse) return 'house';
  const holds = hold || (calmUntil !== undefined && now < calmUntil);
  if (!holds && !shield) return 'known';
  if (!holds && shield && cameAt < shield.since - BEFORE_RAID_MS) return 'known';
  const spoke = await spokeAt();
  return spoke !== null && (spoke < now - KNOWN_AFTER_MS || (!holds && shield && spoke < shield.since - BEFORE_RAID_MS)) ? 'known' : 'new';
}
