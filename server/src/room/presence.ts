import { frame } from './frames.ts';

/** Who is in a room on this node: distinct authors, and readers who have none. */
export type Presence = {
  enter(author: string | null): void;
  leave(author: string | null): void;
  readonly count: number;
  names(max: number, members: Iterable<Present>): { author: string; nick: string; avatar: string }[];
  /** The count, when it is time to tell it: changed, told at most every 5 s, and in hot rooms only by 1 %. */
  due(now: number): number | null;
};

type Present = { readonly author: string | null; readonly nick: string | null; readonly avatar: string | null };

const TELL_EVERY_MS = 5_000;
const HOT_COUNT = 200;

export function createPresence(): Presence {
  const authors = new Map<string, number>();
  let strangers = 0;
  let told = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    enter(author) {
      if (author === null) strangers += 1;
      else authors.set(author, (authors.get(author) ?? 0) + 1);
    },
    leave(author) {
      if (author === null) strangers -= 1;
      else if ((authors.get(author) ?? 0) > 1) authors.set(author, (authors.get(author) ?? 0) - 1);
      else authors.delete(author);
    },
    get count() {
      return authors.size + strangers;
    },
    names(max, members) {
      const named = new Map<string, { author: string; nick: string; avatar: string }>();
      for (const { author, nick, avatar } of members) {
        if (named.size >= max) break;
        if (author !== null && nick !== null && avatar !== null) named.set(author, { author, nick, avatar });
      }
      return [...named.values()];
    },
    due(now) {
      const count = authors.size + strangers;
      if (count === told || now - toldAt < TELL_EVERY_MS) return null;
      if (count > HOT_COUNT && Math.abs(count - told) < told / 100) return null;
      told = count;
      toldAt = now;
      return count;
    },
  };
}

/** Tells each room its count when that is due. */
export function tellPresence(rooms: Iterable<{ presence: Presence; tell(text: string): void }>, now: number): void {
  for (const { presence, tell } of rooms) {
    const count = presence.due(now);
    if (count !== null) tell(frame({ t: 'here', count }));
  }
}
