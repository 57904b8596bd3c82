import { randomBytes } from 'node:crypto';
import type { Item } from '../log/messages.ts';
import { keyOf, type Place } from '../protocol/index.ts';
import { createRaid, type Raid } from './raid.ts';
import type { Room } from './room.ts';
import type { Shape } from './shape.ts';

/** Watches each open room for a raid, and moves its shield: each step a numbered change of the room that everybody sees. */
export type Shield = {
  joined(place: Place): void;
  tried(place: Place, what: { shape: Shape; author: string; isStranger: boolean }): void;
  /** A stranger brought what was asked. */
  passed(place: Place): void;
  close(): void;
};

type Deps = {
  rooms: () => Iterable<Room>;
  find: (place: Place) => Room | null;
  append: (place: Place, item: Item) => Promise<void>;
  now: () => number;
  clock: () => number;
};

/** What failed is tried again when it is seen again. */
function later(): void {}

const LOOK_EVERY_MS = 1_000;

/** Nothing is watched. What a shield stands on already stays so until it is lowered by hand. */
export const NO_SHIELD: Shield = { joined() {}, tried() {}, passed() {}, close() {} };

export function createShield({ rooms, find, append, now, clock }: Deps): Shield {
  const raids = new Map<string, Raid>();
  const moving = new Set<string>();
  const raidOf = (place: Place): Raid => {
    const key = keyOf(place);
    let raid = raids.get(key);
    if (!raid) raids.set(key, (raid = createRaid()));
    return raid;
  };

  function look(): void {
    for (const { place, tail } of rooms()) {
      const level = tail.facts.rules?.shield?.level ?? 0;
      if (level > 0 || raids.has(keyOf(place))) void move(place, level, clock() - (tail.facts.rules?.shield?.at ?? 0), tail.facts.rules?.openUntil ?? 0);
    }
    for (const key of raids.keys()) {
      const [site = '', post = ''] = key.split('\n');
      if (!find({ site, post })) raids.delete(key);
    }
  }

  async function move(place: Place, was: number, heldMs: number, openUntil: number): Promise<void> {
    const key = keyOf(place);
    if (moving.has(key)) return;
    const { level, why } = raidOf(place).step(was, now(), heldMs);
    if (level === was || (level > was && clock() < openUntil)) return;
    moving.add(key);
    await append(place, { do: 'mod', act: 'shield', by: null, cid: randomBytes(12).toString('base64url'), level, was, why }).catch(later);
    moving.delete(key);
  }

  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    joined: (place) => raidOf(place).joined(now()),
    tried: (place, what) => raidOf(place).tried(what, now()),
    passed: (place) => raidOf(place).passed(now()),
    close: () => clearInterval(timer),
  };
}
