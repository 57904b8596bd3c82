import { randomInt } from 'node:crypto';
import type { Moderator, Moderators } from '../log/moderators.ts';
import { covers, type Place } from '../protocol/index.ts';

/** Who comes in as more than a reader. */
export type Doorkeeper = {
  /** The moderator of this room who holds the key; null for keys that open nothing here, and while the log does not answer. */
  find(key: string, place: Place): Promise<Moderator | null>;
  /** Whether they moderate there still; true while the log does not answer: what they do is looked at there again. */
  stands(moderator: Moderator, place: Place): Promise<boolean>;
  /** The code under which a frame on `blog` waits to be let in with the key it made; null where no frame is. */
  pair(key: string, place: Place, blog: string): Promise<string | null>;
};

const TRIES = 3;
/** Nobody confuses them when they read them aloud. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** `frameAncestors`: only a list that says which blogs lets a frame hold a role; elsewhere any page could lay itself over its buttons. */
export function createDoorkeeper(moderators: Pick<Moderators, 'find' | 'ask' | 'stands'>, frameAncestors: string): Doorkeeper {
  const sources = frameAncestors.split(' ');
  return {
    async find(key, place) {
      const moderator = await moderators.find(key, place.site).catch(() => null);
      return moderator && covers(moderator, place) ? moderator : null;
    },
    stands: (moderator, place) => moderators.stands(moderator.id, place).catch(() => true),
    async pair(key, place, blog) {
      if (sources.includes('*') || !sources.some((source) => admits(source, blog))) return null;
      for (let tries = 0; tries < TRIES; tries += 1) {
        const code = await moderators.ask(makeCode(), key, { place, blog }).catch(() => null);
        if (code) return code;
      }
      return null;
    },
  };
}

function makeCode(): string {
  return Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

/** As browsers read `frame-ancestors`: an origin, of which the first label and the port may be `*`. */
export function admits(source: string, origin: string): boolean {
  const pattern = source.split('*').map((part) => part.replace(/[.?+^$()[\]{}|\\/]/g, '\\$&')).join('[^/]+');
  return new RegExp(`^${pattern}$`, 'i').test(origin);
}
