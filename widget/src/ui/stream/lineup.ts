import type { Message } from '../items.ts';

/** A message and the picture it stands at. */
export type Standing = { message: Message; pic: number };
/** However far up somebody reads: below zero there is no place. */
const MIDDLE = 1_000_000;

type Placed = { of: Message; place: number; made: Message };

/**
 * Numbers messages in order of their pictures. The first that is known keeps its place, so that what is drawn stays what it is
 * while others come above and below; a list of strangers ends where the last one did.
 */
export function createLineup(): (standing: readonly Standing[]) => Message[] {
  let last = MIDDLE;
  let known = new Map<string, Placed>();
  return (standing) => {
    const anchor = standing.findIndex(({ message }) => known.has(message.key));
    const start = anchor === -1 ? last - standing.length + 1 : (known.get(standing[anchor]?.message.key ?? '')?.place ?? 0) - anchor;
    const placed = standing.map(({ message, pic }, i): Placed => {
      const had = known.get(message.key);
      // The same again while nothing about it changed: what is the same is not drawn anew.
      return had?.of === message && had.place === start + i ? had : { of: message, place: start + i, made: { ...message, place: start + i, day: new Date(pic).toDateString() } };
    });
    known = new Map(placed.map((one) => [one.of.key, one]));
    last = placed.at(-1)?.place ?? last;
    return placed.map(({ made }) => made);
  };
}
