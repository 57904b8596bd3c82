import type { Place } from '../protocol/index.ts';
import { createElsewhere, type Crowd, type Named } from './elsewhere.ts';
import { frame } from './frames.ts';

/** Who is in a room: distinct authors, and readers who have none; here, and on the other servers as they tell. */
export type Presence = {
  enter(author: string | null): void;
  leave(author: string | null): void;
  hear(node: string, crowd: Crowd, now: number): void;
  readonly count: number;
  names(max: number, members: Iterable<Present>): Named[];
  /** The count, when it is time to tell it: changed, told at most every 5 s, and in hot rooms only by 1 %. */
  due(now: number): number | null;
  /** Who is here, when it is time that other servers hear of it. */
  news(now: number, members: Iterable<Present>): Crowd | null;
  /** A server that has just opened the room wants to know at once. */
  asked(): void;
};

type Present = { readonly author: string | null; readonly nick: string | null; readonly avatar: string | null };

const TELL_EVERY_MS = 5_000;
/** Others forget what is not said again. */
const REPEAT_EVERY_MS = 20_000;
const HOT_COUNT = 200;
const NAMES_ELSEWHERE = 50;

export function createPresence(): Presence {
  const authors = new Map<string, number>();
  const elsewhere = createElsewhere();
  let strangers = 0;
  /** Authors who are here and elsewhere too. */
  let shared = 0;
  let told = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  let changed = false;
  let newsAt = Number.NEGATIVE_INFINITY;

  const compare = (): void => { shared = [...elsewhere.authors].filter((author) => authors.has(author)).length; };
  const countAll = (): number => authors.size + strangers + elsewhere.size + elsewhere.more - shared;

  return {
    enter(author) {
      changed = true;
      if (author === null) strangers += 1;
      else {
        const times = authors.get(author) ?? 0;
        if (times === 0 && elsewhere.has(author)) shared += 1;
        authors.set(author, times + 1);
      }
    },
    leave(author) {
      changed = true;
      if (author === null) strangers -= 1;
      else if ((authors.get(author) ?? 0) > 1) authors.set(author, (authors.get(author) ?? 0) - 1);
      else if (authors.delete(author) && elsewhere.has(author)) shared -= 1;
    },
    hear(node, crowd, now) {
      elsewhere.hear(node, crowd, now);
      compare();
    },
    get count() {
      return countAll();
    },
    names(max, members) {
      const named = nameAll(members, max);
      for (const one of elsewhere.names) if (named.size < max && !named.has(one.author)) named.set(one.author, one);
      return [...named.values()];
    },
    due(now) {
      if (elsewhere.expire(now)) compare();
      const count = countAll();
      if (count === told || now - toldAt < TELL_EVERY_MS) return null;
      if (count > HOT_COUNT && Math.abs(count - told) < told / 100) return null;
      told = count;
      toldAt = now;
      return count;
    },
    news(now, members) {
      const here = authors.size + strangers;
      if (now - newsAt < (changed ? TELL_EVERY_MS : REPEAT_EVERY_MS) || (here === 0 && !changed)) return null;
      changed = false;
      newsAt = now;
      const hot = authors.size > HOT_COUNT;
      return { authors: hot ? null : [...authors.keys()], more: hot ? here : strangers, names: [...nameAll(members, NAMES_ELSEWHERE).values()] };
    },
    asked() {
      newsAt = Number.NEGATIVE_INFINITY;
    },
  };
}

function nameAll(members: Iterable<Present>, max: number): Map<string, Named> {
  const named = new Map<string, Named>();
  for (const { author, nick, avatar } of members) {
    if (named.size >= max) break;
    if (author !== null && nick !== null && avatar !== null) named.set(author, { author, nick, avatar });
  }
  return named;
}

type Counted = { place: Place; presence: Presence; members: Iterable<Present>; tell(text: string): void };

/** What Redis is given at once must leave room for hints; who was not told of is the next second. */
const NEWS_A_TICK = 1_000;

/** Tells each room its count when that is due, and the other servers, where there are any, who is in it. */
export function tellPresence(rooms: Iterable<Counted>, now: number, others: ((place: Place, crowd: Crowd) => void) | null): void {
  let left = NEWS_A_TICK;
  for (const { place, presence, members, tell } of rooms) {
    const count = presence.due(now);
    if (count !== null) tell(frame({ t: 'here', count }));
    const crowd = others && left > 0 ? presence.news(now, members) : null;
    if (!crowd) continue;
    others?.(place, crowd);
    left -= 1;
  }
}
