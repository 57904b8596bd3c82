import { PAIR_EVERY_MS, type RefusalCode, refusals, SINCE_EVERY_MS, TICKET_EVERY_MS, TYPING_EVERY_MS, WHO_EVERY_MS } from '../protocol/index.ts';
import { type Bucket, owe, type Rate, spend } from './quota.ts';
import type { Line } from './house.ts';

/** How long a connection is borne with: too many frames, frames no program of ours sends, bytes nobody takes. */
export class Patience {
  #frames: Bucket;
  #askedAt: { [A in Asked]?: number } = {};
  #badAt: number[] = [];
  #stuckSince = 0;
  #stuckTaken = 0;

  constructor(rate: Rate, now: number) {
    this.#frames = { level: rate.burst, at: now };
  }

  /** 0, or the ms owed. Who never rests owes more with each frame, and is sent away above {@link FLOOD_OWES_MS}. */
  owes(rate: Rate, now: number): number {
    const wait = spend(this.#frames, rate, now);
    return wait === 0 ? 0 : wait + owe(this.#frames, rate);
  }

  /** Whether this may be asked again; asked too soon, it is not answered. */
  allows(asked: Asked, now: number): boolean {
    if (now - (this.#askedAt[asked] ?? Number.NEGATIVE_INFINITY) < ASKED_EVERY_MS[asked]) return false;
    this.#askedAt[asked] = now;
    return true;
  }

  /** Whether this bad frame was one too many. Words and names that can be mended are a person's, and not counted. */
  endsWith(code: RefusalCode, now: number): boolean {
    if (refusals[code] !== 'stop') return false;
    this.#badAt = [...this.#badAt.filter((at) => now - at < BAD_FRAMES_WITHIN_MS), now];
    return this.#badAt.length >= BAD_FRAMES;
  }

  /** Whether a full socket took nothing for too long. A slow reader that still reads is never cut. */
  isStuck({ full, taken }: Line, now: number): boolean {
    if (!full || this.#stuckSince === 0 || taken !== this.#stuckTaken) {
      this.#stuckSince = full ? now : 0;
      this.#stuckTaken = taken;
      return false;
    }
    return now - this.#stuckSince >= STUCK_MS;
  }
}

export const FLOOD_OWES_MS = 10_000;
const ASKED_EVERY_MS = { since: SINCE_EVERY_MS, typing: TYPING_EVERY_MS, who: WHO_EVERY_MS, pair: PAIR_EVERY_MS, ticket: TICKET_EVERY_MS };
type Asked = keyof typeof ASKED_EVERY_MS;
const BAD_FRAMES = 5;
const BAD_FRAMES_WITHIN_MS = 60_000;
const STUCK_MS = 30_000;
