import type { Log } from '../log/messages.ts';
import { type At, type Head, keyOf, type Mine, type Place, RESUME_BYTES, RESUME_ROWS, type RoomFacts } from '../protocol/index.ts';
import { bytesOf } from './frames.ts';
import type { Room } from './room.ts';
import { firstPage, keep, type Kept } from './tail.ts';

/** What a reader is given at one moment: all changes since its own number (`resumed`), or the newest page. */
export type Position = { head: Head; facts: RoomFacts; kept: Kept[]; resumed: boolean; more: boolean };

/** From the tail when it reaches back that far; what is older, once for all who ask at the same time. */
export type Positions = {
  resume(room: Room, at: At | undefined): Promise<Position>;
  newest(room: Room): Promise<Position>;
  mine(place: Place, ids: { author: string; was?: string } | null, kept: readonly Kept[]): Promise<Mine>;
};

export function createPositions(log: Log): Positions {
  const reading = new Map<string, Promise<Position | null>>();

  async function resume(room: Room, at: At | undefined): Promise<Position> {
    const { head, facts } = room.tail;
    if (!at || at.rev === 0) return newest(room);
    // Another server may have told this reader more than this one has heard: from our page, what is deleted would show again.
    if (at.rev > head.rev) return (await older(room.place, at)) ?? readPage(log, room.place, Number.MAX_SAFE_INTEGER, undefined);
    if (at.epoch !== head.epoch) return newest(room);
    const kept = room.tail.since(at.rev, at.low);
    if (!kept) return (await older(room.place, at)) ?? newest(room);
    return fits(kept) ? { head, facts, kept, resumed: true, more: false } : newest(room);
  }

  function older(place: Place, at: At): Promise<Position | null> {
    const key = `${keyOf(place)}\n${at.epoch}\n${at.rev}\n${at.low ?? 0}`;
    let read = reading.get(key);
    if (!read) {
      read = readOlder(place, at).finally(() => reading.delete(key));
      reading.set(key, read);
    }
    return read;
  }

  async function readOlder(place: Place, at: At): Promise<Position | null> {
    const { rows, facts, factsRev: _, ...head } = await log.since(place, at.rev, at.low ?? 0);
    const kept = rows.map(keep);
    if (head.epoch !== at.epoch || head.rev < at.rev || !fits(kept)) return null;
    return { head, facts, kept, resumed: true, more: false };
  }

  async function newest(room: Room): Promise<Position> {
    const page = room.tail.page();
    if (page) return { head: room.tail.head, facts: room.tail.facts, ...page, resumed: false };
    return readPage(log, room.place, Number.MAX_SAFE_INTEGER, undefined);
  }

  async function mine(place: Place, ids: { author: string; was?: string } | null, kept: readonly Kept[]): Promise<Mine> {
    const ns = kept.flatMap(({ row }) => (!row.deleted && row.reactions ? [row.n] : []));
    const own: Mine = {};
    if (!ids || ns.length === 0) return own;
    const authors = ids.was === undefined ? [ids.author] : [ids.author, ids.was];
    for (const { n, emoji } of await log.mine(place, authors, ns)) (own[n] ??= []).push(emoji);
    return own;
  }

  return { resume, newest, mine };
}

/** A page of messages below `before`, in order of n. */
export async function readPage(log: Log, place: Place, before: number, limit: number | undefined): Promise<Position> {
  const { rows, facts, factsRev: _, ...head } = await log.before(place, before, limit ?? 50);
  return { head, facts, ...firstPage(rows.map(keep), false, limit), resumed: false };
}

function fits(kept: readonly Kept[]): boolean {
  return kept.length <= RESUME_ROWS && bytesOf(kept) <= RESUME_BYTES;
}
