import { keyOf, type Place } from '../protocol/index.ts';

/** How many sockets one person holds on this node: in one room, and in all. Readers without an id are not counted here. */
export type Seats = { take(author: string | null, place: Place): (() => void) | null };

const PER_ROOM = 4;
const IN_ALL = 32;

export function createSeats(): Seats {
  const held = new Map<string, number>();
  const move = (key: string, by: number): void => {
    const count = (held.get(key) ?? 0) + by;
    if (count > 0) held.set(key, count);
    else held.delete(key);
  };
  return {
    take(author, place) {
      if (author === null) return () => {};
      const here = `${author}\n${keyOf(place)}`;
      if ((held.get(here) ?? 0) >= PER_ROOM || (held.get(author) ?? 0) >= IN_ALL) return null;
      for (const key of [here, author]) move(key, 1);
      let taken = true;
      return () => {
        if (taken) for (const key of [here, author]) move(key, -1);
        taken = false;
      };
    },
  };
}
