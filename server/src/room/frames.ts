import {
  FRAME_OUT_MAX_BYTES, type Head, type HelloPart, type Mine, NICK_MAX_GRAPHEMES, NICK_MIN_GRAPHEMES, PAGE_ROWS, type RoomFacts, type ServerFrame,
  TEXT_MAX_GRAPHEMES, type You,
} from '../protocol/index.ts';
import type { Position } from './position.ts';
import type { Kept } from './tail.ts';

/** A frame that is not rows, as text. */
export function frame(body: ServerFrame): string {
  return JSON.stringify(body);
}

/** What a change frame says besides its rows; members that did not change stay out. */
export type Span = { from: number; to: number; epoch?: string; first?: number; room?: RoomFacts };

/** One moment of a room as one frame, or as several joined by `more` when it is larger than a frame may be (P10). */
export function rowsFrames(span: Span, kept: readonly Kept[]): string[] {
  const parts = split(kept, FRAME_OUT_MAX_BYTES - 1_024);
  const rest = JSON.stringify(span).slice(1, -1);
  return parts.map((part, i) => `{"t":"rows",${rest},"rows":[${join(part)}]${i < parts.length - 1 ? ',"more":true' : ''}}`);
}

/** What a frame that brings a reader to a position says of the reader and the room. */
export type Own = { you: You; mine: Mine; here: number };

/** More than one frame holds: welcomed at the number the reader has (`from`), and the changes follow at once. */
export function welcomeFrames(position: Position, from: number, own: Own, dropped: HelloPart[]): string[] {
  const limits = { text: TEXT_MAX_GRAPHEMES, nick: [NICK_MIN_GRAPHEMES, NICK_MAX_GRAPHEMES], page: PAGE_ROWS };
  const rest = { v: 1, ...own, limits, ...(dropped.length > 0 ? { dropped } : {}) };
  const changes = position.resumed ? rowsFrames({ from, to: position.head.rev }, position.kept) : [];
  if (changes.length < 2) return [bounded(freshFrame('welcome', position.head, position, rest), () => freshFrame('welcome', position.head, position, { ...rest, mine: {} }))];
  return [freshFrame('welcome', { ...position.head, rev: from }, { ...position, kept: [] }, rest), ...changes];
}

export function resetFrame(position: Position, own: Own): string {
  return bounded(freshFrame('reset', position.head, position, own), () => freshFrame('reset', position.head, position, { ...own, mine: {} }));
}

/** Own reactions are not counted into a page; the few frames they make too large go without. */
function bounded(text: string, smaller: () => string): string {
  return Buffer.byteLength(text) <= FRAME_OUT_MAX_BYTES ? text : smaller();
}

function freshFrame(t: 'welcome' | 'reset', { epoch, rev, n, first }: Head, { kept, facts, resumed, more }: Position, rest: object): string {
  return `{"t":"${t}",${JSON.stringify({ epoch, rev, n, first, room: facts, resumed, more, ...rest }).slice(1, -1)},"rows":[${join(kept)}]}`;
}

/** The bytes of rows, as frames count them. */
export function bytesOf(kept: readonly Kept[]): number {
  return kept.reduce((sum, { bytes }) => sum + bytes, 0);
}

function split(kept: readonly Kept[], maxBytes: number): Kept[][] {
  const parts: Kept[][] = [[]];
  let bytes = 0;
  for (const one of kept) {
    if (bytes + one.bytes > maxBytes && bytes > 0) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(one);
    bytes += one.bytes;
  }
  return parts;
}

function join(kept: readonly Kept[]): string {
  return kept.map(({ json }) => json).join(',');
}
