import { keyOf, type Place } from '../../protocol/index.ts';
import type { No, Saying } from '../saying.ts';

/** Words that were said just now, by the same person or by many, and words that only fill the screen. */
export type Flood = { look(saying: Saying): No | null; /** They were let through. */ note(saying: Saying): void; /** What one person said here is remembered no more. */ forget(place: Place, author: string): void };

const ALIKE_FOR_MS = 30_000;
/** Everybody says ㅋㅋㅋ, and says it again. */
const OWN_KEY_CHARS = 4;
const OTHERS_KEY_CHARS = 10;
/** So many people may say the same; a chorus is a joy. */
const CHORUS = 5;
/** Long laughs are long. */
const [RUN_MAX, LINES_MAX, MARKS_MAX] = [200, 40, 6];
const KEPT_MAX = 20_000;

/** `repeatMs`: one may say the same again after so long; 0: anything may be said, as often as one likes. */
export function createFlood(now: () => number, repeatMs: number): Flood {
  const own = new Map<string, { at: number; cid: string }>();
  const chorus = new Map<string, { at: number; authors: Set<string> }>();

  return {
    look(saying) {
      const { shape, rank, author } = saying;
      if (repeatMs === 0) return null;
      if (shape.run > RUN_MAX || shape.lines > LINES_MAX || shape.marks > MARKS_MAX) return { is: 'no', code: 'flood' };
      if (!saying.isNew) return null;
      const since = now() - ALIKE_FOR_MS;
      const before = own.get(ownKey(saying));
      const again = shape.key.length >= OWN_KEY_CHARS && before !== undefined && before.cid !== saying.cid && now() - before.at < repeatMs;
      const choir = shape.key.length >= OTHERS_KEY_CHARS ? chorus.get(chorusKey(saying)) : undefined;
      const joins = rank === 'new' && choir !== undefined && choir.at > since && choir.authors.size >= CHORUS && !choir.authors.has(author);
      return again || joins ? { is: 'no', code: 'duplicate' } : null;
    },
    note(saying) {
      if (!saying.isNew) return;
      const at = now();
      put(own, ownKey(saying), { at, cid: saying.cid });
      const known = chorus.get(chorusKey(saying));
      const authors = known && known.at > at - ALIKE_FOR_MS ? known.authors : new Set<string>();
      if (authors.size < CHORUS) authors.add(saying.author);
      put(chorus, chorusKey(saying), { at, authors });
    },
    forget(place, author) {
      const [theirs, here] = [`${keyOf(place)}\n${author}\n`, `${keyOf(place)}\n`];
      for (const key of own.keys()) if (key.startsWith(theirs)) own.delete(key);
      for (const [key, { authors }] of chorus) if (key.startsWith(here) && authors.has(author)) chorus.delete(key);
    },
  };
}

/** The newest last; the oldest are forgotten. */
function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > KEPT_MAX) for (const oldest of map.keys()) return void map.delete(oldest);
}

const ownKey = ({ place, author, text }: Saying): string => `${keyOf(place)}\n${author}\n${text}`;
const chorusKey = ({ place, shape }: Saying): string => `${keyOf(place)}\n${shape.key}`;
