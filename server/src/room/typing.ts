import type { Place } from '../protocol/index.ts';
import { frame } from './frames.ts';
import type { Room } from './room.ts';
import type { Shed } from './shed.ts';

/** Who is writing, told to the room: best effort, three names and a number, silent in large rooms. */
export type Typing = {
  note(room: Room, author: string): void;
  /** Somebody who is on another server. */
  overhear(room: Room, author: string): boolean;
  close(): void;
};

const FRESH_MS = 4_000;
const GATHER_MS = 300;
const SILENT_OVER = 200;
const NAMES = 3;

/** `others`: tells the other servers. */
export function createTyping(now: () => number, shed: Shed, others: (place: Place, author: string) => void): Typing {
  const rooms = new Map<Room, { writers: Map<string, number>; timer: NodeJS.Timeout }>();

  function tell(room: Room): void {
    const writers = rooms.get(room)?.writers ?? new Map<string, number>();
    rooms.delete(room);
    const authors = [...writers].filter(([, at]) => now() - at < FRESH_MS).map(([author]) => author);
    room.tell(frame({ t: 'typing', authors: authors.slice(0, NAMES), more: Math.max(0, authors.length - NAMES) }));
  }

  /** False where so many are, or there is so much to do, that nobody is told. */
  function overhear(room: Room, author: string): boolean {
    if (shed.has('typing') || room.presence.count > SILENT_OVER) return false;
    let entry = rooms.get(room);
    if (!entry) rooms.set(room, (entry = { writers: new Map(), timer: setTimeout(() => tell(room), GATHER_MS) }));
    entry.writers.set(author, now());
    return true;
  }

  return {
    note(room, author) {
      if (overhear(room, author)) others(room.place, author);
    },
    overhear,
    close() {
      for (const { timer } of rooms.values()) clearTimeout(timer);
      rooms.clear();
    },
  };
}
