import type { Shape } from './shape.ts';

/** What is going on in one room, as far as it tells a raid from a party. The clock is an argument, so that an hour can be played in a moment. */
export type Raid = {
  joined(now: number): void;
  /** Somebody tried to say something. `passed`: it got by what strangers have to bring. */
  tried(what: { shape: Shape; author: string; isStranger: boolean }, now: number): void;
  passed(now: number): void;
  /** The step the shield should stand on, one up or down from where it stands since `heldMs`, on whichever server that was decided, and why. */
  step(level: number, now: number, heldMs: number): { level: number; why: string };
};

/** Counted in slices of a second. */
const SLICES = 10;
const ALIKE_FOR_MS = 30_000;
const KEYS_MAX = 2_000;
/** So many tries of one person count, in so long. */
const [PERSON_MAX, PERSON_EVERY_MS] = [2, 10_000];
const EMOJI_MANY = 8;
/**
 * Weight of strangers' tries within ten seconds from which each step is taken: a post that suddenly many like brings some tens
 * of newcomers in that time, each with words of their own; a raid brings hundreds that look alike, at once. From the third
 * step on words wait or are refused, so it needs tries that look alike, and some that got by the stamps.
 */
const CLIMB_AT = [
  { rush: 20, suspects: 0, stamped: 0 },
  { rush: 60, suspects: 0, stamped: 0 },
  { rush: 160, suspects: 50, stamped: 40 },
  { rush: 320, suspects: 150, stamped: 120 },
] as const;
const JOINS_AT = 100;
const CLIMB_AFTER_MS = 2_000;
const HOLD_AFTER_MS = 10_000;
const COME_DOWN_AFTER_MS = 60_000;

export function createRaid(): Raid {
  const [joins, tries, weights, suspects, stamped] = [createCount(), createCount(), createCount(), createCount(), createCount()];
  const turns = new Map<string, { at: number; count: number }>();
  const keys = new Map<string, { at: number; author: string; many: boolean }>();
  let changedAt = Number.NEGATIVE_INFINITY;
  let loudAt = Number.NEGATIVE_INFINITY;

  /** Others said the same within half a minute. */
  function isAlike(key: string, author: string, now: number): boolean {
    if (key.length < 6) return false;
    const known = keys.get(key);
    const many = known !== undefined && now - known.at < ALIKE_FOR_MS && (known.many || known.author !== author);
    keys.delete(key);
    keys.set(key, { at: now, author, many });
    if (keys.size > KEYS_MAX) for (const oldest of keys.keys()) { keys.delete(oldest); break; }
    return many;
  }

  /** One person is no crowd, however much they send. */
  function counts(author: string, now: number): boolean {
    const known = turns.get(author);
    const count = known && now - known.at < PERSON_EVERY_MS ? known.count + 1 : 1;
    turns.delete(author);
    turns.set(author, { at: count === 1 ? now : (known?.at ?? now), count });
    if (turns.size > KEYS_MAX) for (const oldest of turns.keys()) { turns.delete(oldest); break; }
    return count <= PERSON_MAX;
  }

  return {
    joined: (now) => joins.add(1, now),
    tried({ shape, author, isStranger }, now) {
      const alike = isAlike(shape.key, author, now);
      if (!isStranger || !counts(author, now)) return;
      tries.add(1, now);
      const odd = Number(alike) + Number(shape.links > 0) + Number(shape.emoji > EMOJI_MANY);
      weights.add(1 + odd, now);
      suspects.add(Math.min(1, odd), now);
    },
    passed: (now) => stamped.add(1, now),
    step(level, now, heldMs) {
      const [weight, came, odd, brought] = [weights.sum(now), joins.sum(now), suspects.sum(now), stamped.sum(now)];
      const rush = weight + (came >= JOINS_AT ? came / 4 : 0);
      if (rush >= CLIMB_AT[0].rush / 2) loudAt = now;
      const next = CLIMB_AT[level];
      const rested = now - changedAt >= (level >= 2 ? HOLD_AFTER_MS : CLIMB_AFTER_MS);
      if (next && rested && rush >= next.rush && odd >= next.suspects && brought >= next.stamped) {
        changedAt = now;
        return { level: level + 1, why: `${tries.sum(now)} tries of strangers in ${SLICES} s, ${odd} of them odd; ${came} came, ${brought} brought stamps` };
      }
      if (level > 0 && heldMs >= COME_DOWN_AFTER_MS && now - Math.max(changedAt, loudAt) >= COME_DOWN_AFTER_MS) {
        changedAt = now;
        return { level: level - 1, why: `calm for ${COME_DOWN_AFTER_MS / 1_000} s` };
      }
      return { level, why: '' };
    },
  };
}

/** A sum over the last seconds. */
function createCount(): { add(weight: number, now: number): void; sum(now: number): number } {
  const slices = new Array<number>(SLICES).fill(0);
  let at = 0;

  function turn(now: number): void {
    const slice = Math.floor(now / 1_000);
    if (slice - at >= SLICES) slices.fill(0);
    else for (let i = at + 1; i <= slice; i += 1) slices[i % SLICES] = 0;
    at = Math.max(at, slice);
  }
  return {
    add(weight, now) {
      turn(now);
      slices[at % SLICES] = (slices[at % SLICES] ?? 0) + weight;
    },
    sum(now) {
      turn(now);
      return slices.reduce((sum, part) => sum + part, 0);
    },
  };
}
