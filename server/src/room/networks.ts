import type { Moderators } from '../log/moderators.ts';
import { keyOf, type Place } from '../protocol/index.ts';

/** From which network somebody spoke: kept in memory only, as a keyed hash, until it is needed or a day has gone by. */
export type Networks = {
  note(place: Place, author: string, net: string): void;
  forget(place: Place, author: string): void;
  /** Here, and on every server where they spoke: what comes from there waits for approval, as long as the act stands. */
  ban(place: Place, author: string, act: number): Promise<void>;
};

const KEPT_FOR_MS = 86_400_000;
const KEPT_MAX = 50_000;

export function createNetworks(moderators: Pick<Moderators, 'banNetwork'>, now: () => number): Networks {
  const seen = new Map<string, { net: string; at: number }>();
  return {
    note(place, author, net) {
      const [key, at] = [`${keyOf(place)}\n${author}`, now()];
      seen.delete(key);
      seen.set(key, { net, at });
      for (const [oldest, { at: then }] of seen) {
        if (at - then <= KEPT_FOR_MS && seen.size <= KEPT_MAX) break;
        seen.delete(oldest);
      }
    },
    forget(place, author) { seen.delete(`${keyOf(place)}\n${author}`); },
    async ban(place, author, act) {
      const found = seen.get(`${keyOf(place)}\n${author}`);
      if (found && now() - found.at <= KEPT_FOR_MS) await moderators.banNetwork(act, found.net);
    },
  };
}
