import type { PicturePage, Row, ServerFrame } from '@aside/server/protocol';
import { merge, pick, type Rows } from './rows.ts';
import type { View } from './view.ts';

/** Around picture `pic`, or what goes on after message `after` of it, or until message `until` of it. */
export type Around = { pic: number; after?: number; until?: number };

/** Messages that lie outside of what is held: what is quoted, and what belongs to pictures long past. */
export type Far = {
  /** Before the room hears it: what it says of these is kept nowhere else. */
  hear(frame: ServerFrame): void;
  /** The lowest that is held anywhere: from there on, hello asks for what was changed. */
  greet(low: number): number;
  /** One at a time; null when it could not be had, or nobody can say whether it is still right. */
  read(around: Around): Promise<PicturePage | null>;
  forget(ns: ReadonlySet<number>): void;
  clear(): void;
  /** Another after every time when all of it had to be forgotten. */
  age(): number;
};

export function openFar({ room, far }: View, fetchAround: (around: Around) => Promise<PicturePage | null>): Far {
  let greeted: Rows | null = null;
  let late: Row[] | null = null;
  let age = 0;

  function clear(): void {
    far.value = new Map();
    late = null;
    age += 1;
  }

  return {
    clear,
    age: () => age,
    hear(frame) {
      const fresh = frame.t === 'welcome' || frame.t === 'reset';
      // What was fetched after the greeting was not in it: of its changes the answer says nothing.
      if (fresh && (frame.t === 'reset' || !frame.resumed || (greeted !== far.value && far.value.size > 0))) return clear();
      if (!fresh && frame.t !== 'rows') return;
      late?.push(...frame.rows);
      const known = frame.rows.filter(({ n }) => far.value.has(n));
      if (known.length > 0) far.value = merge(far.value, known);
    },
    greet(low) {
      greeted = far.value;
      return Math.min(low, ...far.value.keys());
    },
    async read(around) {
      if (late) return null;
      const mine: Row[] = late = [];
      const { rev, epoch } = room.value;
      const page = await fetchAround(around);
      // Emptied meanwhile, it has heard less than it should have.
      const whole = late === mine;
      if (whole) late = null;
      if (!page || !whole || page.epoch !== epoch || epoch !== room.value.epoch || page.rev < rev) return null;
      const there = new Set(page.rows.map(({ n }) => n));
      far.value = merge(merge(far.value, page.rows), mine.filter(({ n }) => there.has(n)));
      return page;
    },
    forget(ns) {
      far.value = pick(far.value, ({ n }) => !ns.has(n));
    },
  };
}
