import { FRAME_OUT_MAX_BYTES, type Head, type RoomFacts, type ServerFrame } from '../protocol/index.ts';
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

/** `welcome` and `reset` share this part; `rest` is what is the reader's own. */
export function freshFrame(t: 'welcome' | 'reset', head: Head, kept: readonly Kept[], rest: object): string {
  const { epoch, rev, n, first } = head;
  return `{"t":"${t}",${JSON.stringify({ epoch, rev, n, first, ...rest }).slice(1, -1)},"rows":[${join(kept)}]}`;
}

/** The bytes of rows, as frames count them. */
export function bytesOf(kept: readonly Kept[]): number {
  return kept.reduce((sum, { json }) => sum + Buffer.byteLength(json) + 1, 0);
}

function split(kept: readonly Kept[], maxBytes: number): Kept[][] {
  const parts: Kept[][] = [[]];
  let bytes = 0;
  for (const one of kept) {
    const size = Buffer.byteLength(one.json) + 1;
    if (bytes + size > maxBytes && bytes > 0) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(one);
    bytes += size;
  }
  return parts;
}

function join(kept: readonly Kept[]): string {
  return kept.map(({ json }) => json).join(',');
}
