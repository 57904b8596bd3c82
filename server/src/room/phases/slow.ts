import { keyOf, type Place, type Rules, SLOW_MAX_S } from '../../protocol/index.ts';
import type { No, Saying } from '../saying.ts';

/** Slow mode: so many seconds between two messages of one person in a room. Words that were refused take no turn. */
export type Slow = { look(saying: Saying, rules: Rules): No | null; /** They were let through. */ note(saying: Saying): void; forget(place: Place, author: string): void };

const KEPT_MAX = 50_000;

export function createSlow(now: () => number): Slow {
  const last = new Map<string, { at: number; cid: string }>();
  return {
    look(saying, { slow = 0 }) {
      const before = last.get(keyFor(saying));
      if (slow === 0 || !saying.isNew || !before || before.cid === saying.cid) return null;
      const wait = before.at + slow * 1_000 - now();
      return wait > 0 ? { is: 'no', code: 'slow_mode', retryAfter: Math.ceil(wait) } : null;
    },
    note(saying) {
      if (!saying.isNew) return;
      const at = now();
      last.delete(keyFor(saying));
      last.set(keyFor(saying), { at, cid: saying.cid });
      for (const [oldest, { at: then }] of last) {
        if (at - then <= SLOW_MAX_S * 1_000 && last.size <= KEPT_MAX) break;
        last.delete(oldest);
      }
    },
    forget: (place, author) => void last.delete(`${keyOf(place)}\n${author}`),
  };
}

const keyFor = ({ place, author }: Saying): string => `${keyOf(place)}\n${author}`;
