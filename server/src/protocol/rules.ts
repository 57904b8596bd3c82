import { QUIET_MAX_DAYS, SLOW_MAX_S } from './limits.ts';

/**
 * What a room asks of those who speak, as everybody in it is told. Empty: nothing. Times are in ms, of the server's clock.
 * `shield` and `openUntil` are not set by hand: the server climbs, and who lowers it keeps it down for a while.
 */
export type Rules = {
  /** Seconds between two messages of one person. */
  slow?: number;
  emojiOnly?: true;
  noLinks?: true;
  /** What new people say waits for approval. */
  hold?: true;
  readOnly?: true;
  closed?: true;
  closesAt?: number;
  /** It closes by itself so many days after the last word. */
  quietDays?: number;
  /** Nineteen and older: who reads is asked first. */
  adults?: true;
  /** Until then the strict set holds, whatever else is set. */
  calmUntil?: number;
  shield?: { level: ShieldLevel; /** Of this step, and of the first. */ at: number; since: number };
  openUntil?: number;
};
export type ShieldLevel = 1 | 2 | 3 | 4;

/** The ladder, lowest first. Whom a room knew before feels the first step only. */
export const shieldSteps = ['slow', 'stamp', 'hold', 'closed'] as const;

export const CALM: Rules = { slow: 30, noLinks: true, hold: true };
export const SHIELD_SLOW_S = 5;
const DAY_MS = 86_400_000;

/** What holds now. `lastAt`: when the newest message was said, null where there is none. */
export function rulesNow(rules: Rules, lastAt: number | null, now: number): Rules {
  const calm = rules.calmUntil !== undefined && now < rules.calmUntil;
  const { slow = 0, ...rest } = calm ? { ...rules, ...CALM } : rules;
  const held: Rules = { ...rest };
  const slowest = Math.max(slow, rules.slow ?? 0, rules.shield ? SHIELD_SLOW_S : 0);
  if (slowest > 0) held.slow = slowest;
  const quiet = rules.quietDays !== undefined && lastAt !== null && now - lastAt > rules.quietDays * DAY_MS;
  if (quiet || (rules.closesAt !== undefined && now >= rules.closesAt)) held.closed = true;
  return held;
}

/** As somebody sends them; null for what cannot be. What the server sets by itself is left out. */
export function readRules(value: unknown): Rules | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const rules: Record<string, unknown> = {};
  for (const [name, said] of Object.entries(value)) {
    const most = numbers[name];
    if (most !== undefined ? !Number.isSafeInteger(said) || said <= 0 || said > most : !flags.has(name) || said !== true) return null;
    rules[name] = said;
  }
  return rules;
}

const flags = new Set(['emojiOnly', 'noLinks', 'hold', 'readOnly', 'closed', 'adults']);
const numbers: Readonly<Record<string, number>> = { __proto__: null as never, slow: SLOW_MAX_S, quietDays: QUIET_MAX_DAYS, closesAt: Number.MAX_SAFE_INTEGER, calmUntil: Number.MAX_SAFE_INTEGER };
