import type { RoomFacts } from '../protocol/index.ts';

/** What may be turned off while there is too much to do: words go on without it. */
export type Sheddable = 'typing' | 'names' | 'reactions' | 'previews' | 'streams';
/** Asked anew each time, so that a switch is felt at once. */
export type Shed = { has(what: Sheddable): boolean; set(what: Sheddable, on: boolean): void; all(): Sheddable[] };

export function createShed(given: readonly Sheddable[]): Shed {
  const shed = new Set(given);
  return {
    has: (what) => shed.has(what),
    all: () => [...shed],
    set(what, on) {
      if (on) shed.add(what);
      else shed.delete(what);
    },
  };
}

/** What readers are told of a room. */
export function tellable(facts: RoomFacts, shed: Shed): RoomFacts {
  const { stream: _, ...rest } = facts;
  return shed.has('streams') ? rest : facts;
}
