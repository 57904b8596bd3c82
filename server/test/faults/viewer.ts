import type { At, Row, ServerFrame } from '../../src/protocol/index.ts';
import type { Took, View } from './history.ts';

/** What a reader shows, by P2, P3, P10, P12 and P13, and nothing cleverer. */
export type Viewer = {
  /** Takes a frame that carries rows; `ask` is the number to send in `since`. */
  apply(frame: RowsFrame): { took: Took; ask: number | null };
  /** A new socket: parts that wait for their last one will not get it. */
  interrupt(): void;
  at(): At | null;
  read(): View;
  readonly rev: number;
};
export type RowsFrame = Extract<ServerFrame, { t: 'welcome' | 'reset' | 'rows' }>;

export function createViewer(): Viewer {
  let epoch = '0';
  let rev = 0;
  let first = 1;
  let low = 1;
  let met = false;
  const held = new Map<number, Row>();
  let parts: { from: number; to: number; rows: Row[] } | null = null;

  function start(frame: Extract<RowsFrame, { t: 'welcome' | 'reset' }>): void {
    held.clear();
    ({ epoch, rev, first } = frame);
    low = frame.more ? (frame.rows[0]?.n ?? frame.n + 1) : first;
    merge(frame.rows);
  }

  function merge(rows: Row[]): void {
    for (const row of rows) {
      const known = held.get(row.n);
      // Below the window a change of a row we do not hold is forgotten (P11).
      if (row.n >= low && (!known || row.rev > known.rev)) held.set(row.n, row);
    }
  }

  function raiseFirst(to: number): void {
    first = Math.max(first, to);
    low = Math.max(low, first);
    for (const n of held.keys()) if (n < first) held.delete(n);
  }

  function step(from: number, to: number, rows: Row[]): { took: Took; ask: number | null } {
    if (to <= rev) return { took: 'ignored', ask: null };
    if (from > rev) return { took: 'asked', ask: rev };
    merge(rows);
    rev = to;
    return { took: 'applied', ask: null };
  }

  function apply(frame: RowsFrame): { took: Took; ask: number | null } {
    met = true;
    if (frame.t === 'rows') return join(frame);
    parts = null;
    if (frame.t === 'reset' || !frame.resumed) {
      start(frame);
      return { took: 'applied', ask: null };
    }
    // A resume too large for one frame stands at the asked number, and its rows follow at once.
    raiseFirst(frame.first);
    epoch = frame.epoch;
    merge(frame.rows);
    rev = Math.max(rev, frame.rev);
    return { took: 'applied', ask: null };
  }

  /** Frames joined by `more` are one, and shown when the last is in (P3, P10). */
  function join(frame: Extract<RowsFrame, { t: 'rows' }>): { took: Took; ask: number | null } {
    if (frame.first !== undefined) raiseFirst(frame.first);
    if (frame.epoch !== undefined) epoch = frame.epoch;
    const from = parts?.from ?? frame.from;
    const to = Math.max(parts?.to ?? 0, frame.to);
    const rows = [...(parts?.rows ?? []), ...frame.rows];
    parts = frame.more ? { from, to, rows } : null;
    return frame.more ? { took: 'kept', ask: null } : step(from, to, rows);
  }

  return {
    apply,
    interrupt() {
      parts = null;
    },
    at: () => (met ? { epoch, rev, low } : null),
    read: () => ({ epoch, rev, first, low, rows: [...held.values()].sort((a, b) => a.n - b.n) }),
    get rev() {
      return rev;
    },
  };
}
