import { keyOf, type Place } from '../protocol/index.ts';

/**
 * How many sockets one person holds on this node: in one room, and in all. The newest always gets a seat and the
 * oldest gives up its own: a connection that died unnoticed must not lock its reader out until it is missed.
 * Readers without an id are not counted here.
 */
export type Seats = { take(author: string | null, place: Place, sitter: Sitter): () => void };
type Sitter = { giveUpSeat(): void };

const PER_ROOM = 4;
const IN_ALL = 32;

export function createSeats(): Seats {
  /** In the order they came. */
  const taken = new Map<string, Set<Sitter>>();

  function sit(key: string, sitter: Sitter, most: number): void {
    const sitters = taken.get(key) ?? new Set();
    taken.set(key, sitters.add(sitter));
    const [oldest] = sitters;
    if (sitters.size > most) oldest?.giveUpSeat();
  }

  function rise(key: string, sitter: Sitter): void {
    const sitters = taken.get(key);
    sitters?.delete(sitter);
    if (sitters?.size === 0) taken.delete(key);
  }

  return {
    take(author, place, sitter) {
      if (author === null) return () => {};
      const here = `${author}\n${keyOf(place)}`;
      sit(here, sitter, PER_ROOM);
      sit(author, sitter, IN_ALL);
      return () => {
        rise(here, sitter);
        rise(author, sitter);
      };
    },
  };
}
