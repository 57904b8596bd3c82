import type { RoomFacts, Row } from './frames.ts';

/** Which room: the blog's site ('' where there is one) and the post's id. */
export type Place = { site: string; post: string };

/** One string per place. Neither part may hold a line break. */
export function keyOf(place: Place): string {
  return `${place.site}\n${place.post}`;
}

/** Where a room stands. A room that nobody has written in stands at epoch "0", all numbers 0. */
export type Head = { epoch: string; rev: number; n: number; first: number };
export const UNBORN: Head = { epoch: '0', rev: 0, n: 0, first: 1 };

/** What one append changed in one room: every row in (from, rev], as servers tell each other. */
export type Commit = Head & { place: Place; from: number; rows: Row[]; facts?: RoomFacts };

/** What a server hears of a commit. Without rows it only says that the numbers moved. */
export type Hint = (Commit | (Omit<Commit, 'rows' | 'facts'> & { rows: null })) & { /** Of what is traced, where its publishing stands, as W3C's `traceparent`. */ traces?: string[] };
