import { type ReaderChange, refusals, type RefusalCode, type Row, type ServerFrame } from '../../src/protocol/index.ts';

/** Words on their way: each is sent again, the same frame, until the server says what became of it (P4, P5). */
export type Outbox = {
  add(frame: ReaderChange): Promise<Settled>;
  /** What is to be sent now; on a socket that was just welcomed, everything unsettled, in order. */
  take(now: number): ReaderChange[];
  /** The socket is gone: whatever was sent on it is unsettled. */
  disconnect(): void;
  answer(frame: Extract<ServerFrame, { t: 'ok' | 'no' | 'wait' }>, now: number): void;
  see(rows: readonly Row[]): void;
  /** When to look again; null when nothing waits. */
  nextDue(): number | null;
  /** Sent on this socket before `since`, and not a word about it. */
  overdue(since: number): boolean;
  readonly size: number;
  /** Sent on this socket and not answered. */
  readonly inFlight: number;
};
export type Settled = { is: 'saved'; n: number | null } | { is: 'refused'; code: RefusalCode };

type Entry = { frame: ReaderChange; sentAt: number | null; due: number; settle: (settled: Settled) => void };

const RETRY_MS = 1_000;

export function createOutbox(): Outbox {
  const entries = new Map<string, Entry>();

  function settle(cid: string, settled: Settled): void {
    entries.get(cid)?.settle(settled);
    entries.delete(cid);
  }

  function retry(cid: string, due: number): void {
    const entry = entries.get(cid);
    if (entry) Object.assign(entry, { sentAt: null, due });
  }

  return {
    add: (frame) => new Promise((settle) => entries.set(frame.cid, { frame, sentAt: null, due: 0, settle })),
    take(now) {
      const ready = [...entries.values()].filter((entry) => entry.sentAt === null && entry.due <= now);
      for (const entry of ready) entry.sentAt = now;
      return ready.map((entry) => entry.frame);
    },
    disconnect() {
      for (const entry of entries.values()) Object.assign(entry, { sentAt: null, due: 0 });
    },
    answer(frame, now) {
      if (frame.cid === undefined) return;
      if (frame.t === 'ok') settle(frame.cid, { is: 'saved', n: frame.n ?? null });
      else if (frame.t === 'wait') retry(frame.cid, now + frame.retryAfter);
      else if (refusals[frame.code] === 'retry') retry(frame.cid, now + (frame.retryAfter ?? RETRY_MS));
      else settle(frame.cid, { is: 'refused', code: frame.code });
    },
    see(rows) {
      for (const row of rows) if (!row.deleted && entries.has(row.cid)) settle(row.cid, { is: 'saved', n: row.n });
    },
    nextDue() {
      const waiting = [...entries.values()].filter((entry) => entry.sentAt === null).map((entry) => entry.due);
      return waiting.length > 0 ? Math.min(...waiting) : null;
    },
    overdue: (since) => [...entries.values()].some((entry) => entry.sentAt !== null && entry.sentAt < since),
    get size() {
      return entries.size;
    },
    get inFlight() {
      let count = 0;
      for (const entry of entries.values()) if (entry.sentAt !== null) count += 1;
      return count;
    },
  };
}
