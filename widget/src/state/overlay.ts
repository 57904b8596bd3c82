import type { Delete, Edit, Mine, React, RefusalCode, Row } from '@aside/server/protocol';

/** A change of this reader's to a message that stands. It shows at once, and goes out until it is answered: it sets a state (P5). */
export type Deed = {
  frame: Edit | Delete | React;
  due: number;
  /** The answer: it holds from this change of the room on. */
  rev: number | null;
  /** Words that were refused stay until the reader takes them back. */
  why: RefusalCode | null;
};
export type Deeds = readonly Deed[];

/** The rows as this reader has changed them. */
export function overlay(row: Row, deeds: Deeds): Row | null {
  let shown: Row = row;
  for (const { frame, why } of deeds) {
    if (shown.deleted || frame.n !== row.n || why !== null) continue;
    if (frame.t === 'delete') return null;
    if (frame.t === 'edit') shown = { ...shown, text: frame.text, edited: shown.edited ?? shown.at };
  }
  return shown;
}

/** What stands below a message: each emoji, how many, and whether this reader is among them. */
export type Reaction = { emoji: string; count: number; own: boolean };

const none: readonly Reaction[] = [];

export function reactionsOf({ n, reactions }: { n: number; reactions?: Record<string, number> }, mine: Mine, deeds: Deeds): readonly Reaction[] {
  if (!reactions && !deeds.some(({ frame }) => frame.n === n)) return none;
  const own = new Set(mine[n]);
  const counts = new Map(Object.entries(reactions ?? {}));
  for (const { frame, rev } of deeds) {
    if (frame.t !== 'react' || frame.n !== n || rev !== null || own.has(frame.emoji) === frame.on) continue;
    counts.set(frame.emoji, (counts.get(frame.emoji) ?? 0) + (frame.on ? 1 : -1));
    if (frame.on) own.add(frame.emoji);
    else own.delete(frame.emoji);
  }
  return [...counts].flatMap(([emoji, count]) => (count > 0 ? [{ emoji, count, own: own.has(emoji) }] : []));
}
