import type { Log } from '../log/messages.ts';
import { type At, type Head, keyOf, type Mine, type Place, RESUME_BYTES, RESUME_ROWS, type RoomFacts } from '../protocol/index.ts';
import { bytesOf } from './frames.ts';
import type { Room } from './room.ts';
import { type Shed, tellable } from './shed.ts';
import { firstPage, keep, type Kept } from './tail.ts';

/** What a reader is given at one moment: all changes since its own number (`resumed`), or the newest page. */
export type Position = { head: Head; facts: RoomFacts; kept: Kept[]; resumed: boolean; more: boolean };

/** From the tail when it reaches back that far; what is older, once for all who ask at the same time. */
export type Positions = {
  resume(room: Room, at: At | undefined): Promise<Position>;
  newest(room: Room): Promise<Position>;
  /** Of a room that may not be open. */
  page(place: Place): Promise<Position>;
  mine(place: Place, ids: { author: string; was?: string } | null, kept: readonly Kept[]): Promise<Mine>;
};

export function createPositions(log: Log, shed: Shed): Positions {
  const reading = new Map<string, Promise<unknown>>();

  async function resume(room: Room, at: At | undefined): Promise<Position> {
    const { head, facts } = room.tail;
    if (!at || at.rev === 0) return newest(room);
    // Another server may have told this reader more than this one has heard: from our page, what is deleted would show again.
    if (at.rev > head.rev) return (await older(room.place, at)) ?? shared(room.place, `${at.epoch}\n${at.rev}`);
    if (at.epoch !== head.epoch) return newest(room);
    const kept = room.tail.since(at.rev, at.low);
    if (!kept) return (await older(room.place, at)) ?? newest(room);
    return fits(kept) ? { head, facts, kept, resumed: true, more: false } : newest(room);
  }

  /** Readers who left at one moment hold windows of their own: only where the changes are too many is each read apart. */
  async function older(place: Place, at: At): Promise<Position | null> {
    const { epoch, rev, low = 0 } = at;
    const all = await readOlder(place, at, 0);
    const read = all.kept.length <= RESUME_ROWS || low === 0 ? all : await readOlder(place, at, low);
    const kept = read.kept.filter(({ row }) => row.n >= low);
    if (read.head.epoch !== epoch || read.head.rev < rev || !fits(kept)) return null;
    return { head: read.head, facts: read.facts, kept, resumed: true, more: false };
  }

  function readOlder(place: Place, { epoch, rev }: At, low: number): Promise<Pick<Position, 'head' | 'facts' | 'kept'>> {
    return once(`${keyOf(place)}\n${epoch}\n${rev}\n${low}`, async () => {
      const { rows, facts, factsRev: _, ...head } = await log.since(place, rev, low);
      return { head, facts, kept: rows.map(keep) };
    });
  }

  async function newest(room: Room): Promise<Position> {
    const { head, facts } = room.tail;
    const kept = room.tail.page();
    if (kept) return { head, facts, ...kept, resumed: false };
    return shared(room.place, `${head.epoch}\n${head.rev}`);
  }

  /** `known`: what whoever asks knows to be in the log. A read that began before it was there is not theirs. */
  function shared(place: Place, known: string): Promise<Position> {
    return once(`${keyOf(place)}\n${known}\npage`, () => readPage(log, place, Number.MAX_SAFE_INTEGER, undefined));
  }

  /** One read for all who ask the same while it is under way. */
  function once<T>(key: string, read: () => Promise<T>): Promise<T> {
    let known = reading.get(key) as Promise<T> | undefined;
    if (!known) {
      known = read().finally(() => reading.delete(key));
      reading.set(key, known);
    }
    return known;
  }

  async function mine(place: Place, ids: { author: string; was?: string } | null, kept: readonly Kept[]): Promise<Mine> {
    const ns = kept.flatMap(({ row }) => (!row.deleted && row.reactions ? [row.n] : []));
    const own: Mine = {};
    if (!ids || ns.length === 0) return own;
    const authors = ids.was === undefined ? [ids.author] : [ids.author, ids.was];
    for (const { n, emoji } of await log.mine(place, authors, ns)) (own[n] ??= []).push(emoji);
    return own;
  }

  const tell = (position: Position): Position => ({ ...position, facts: tellable(position.facts, shed) });
  return {
    resume: async (room, at) => tell(await resume(room, at)),
    newest: async (room) => tell(await newest(room)),
    page: async (place) => tell(await readPage(log, place, Number.MAX_SAFE_INTEGER, undefined)),
    mine,
  };
}

/** A page of messages below `before`, in order of n. */
export async function readPage(log: Log, place: Place, before: number, limit: number | undefined): Promise<Position> {
  const { rows, facts, factsRev: _, ...head } = await log.before(place, before, limit ?? 50);
  return { head, facts, ...firstPage(rows.map(keep), false, limit), resumed: false };
}

function fits(kept: readonly Kept[]): boolean {
  return kept.length <= RESUME_ROWS && bytesOf(kept) <= RESUME_BYTES;
}
