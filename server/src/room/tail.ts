import { TAIL_CHANGES, TAIL_PAGE_ROWS, type TailRead } from '../log/messages.ts';
import { type Commit, type Head, PAGE_BYTES, PAGE_ROWS, type RoomFacts, type Row } from '../protocol/index.ts';

/** A row and its bytes: serialised once, for everybody and every frame it will stand in. */
export type Kept = { readonly row: Row; readonly json: string; readonly bytes: number };

/**
 * What a node remembers of an open room, all at one number: the newest page and the latest changes.
 * Commits change it and nothing else does, so there is nothing to invalidate.
 */
export type Tail = {
  readonly head: Head;
  readonly facts: RoomFacts;
  readonly factsRev: number;
  /** When the newest message that it holds was said; null where it holds none. */
  readonly lastAt: number | null;
  /** Number at which `first` last moved. */
  readonly firstRev: number;
  /** Takes a commit that fits: `from` at or below its number, `rev` above. */
  take(commit: Commit): void;
  /** Rows changed after `rev`, in order of rev; null when it does not reach back that far. */
  since(rev: number, low?: number): Kept[] | null;
  /** The newest page in order of n; null when it does not hold all of it. */
  page(): { kept: Kept[]; more: boolean } | null;
};

const TAIL_MAX_ROWS = 500;
const TAIL_MAX_BYTES = 512 * 1024;

export function keep(row: Row): Kept {
  const json = JSON.stringify(row);
  return { row, json, bytes: Buffer.byteLength(json) + 1 };
}

export function createTail(read: TailRead): Tail {
  let { rows: _, changes: __, facts, factsRev, ...head }: TailRead = read;
  const byNumber = new Map<number, Kept>();
  /** In order of rev. A replaced row stays until the front reaches it; `byNumber` says which one is current. */
  let order: Kept[] = [];
  let front = 0;
  let bytes = 0;
  let lastAt: number | null = null;
  /** Characters of replaced rows that `order` still holds. */
  let stale = 0;
  /** Unknown at first: told once too often rather than never. */
  let firstRev = head.rev;
  let floorRev = read.changes.length < TAIL_CHANGES ? 0 : (read.changes[0]?.rev ?? 1) - 1;
  let floorN = read.rows.length < TAIL_PAGE_ROWS ? 0 : Math.min(...read.rows.map((row) => row.n));
  let cached: { rev: number; page: ReturnType<Tail['page']> } | null = null;

  const known = new Map([...read.rows, ...read.changes].map((row) => [row.n, row]));
  for (const row of [...known.values()].sort((a, b) => a.rev - b.rev)) put(row);
  trim();

  function put(row: Row): void {
    const kept = keep(row);
    const replaced = byNumber.get(row.n)?.bytes ?? 0;
    bytes += kept.bytes - replaced;
    stale += replaced;
    byNumber.set(row.n, kept);
    if (!row.deleted) lastAt = Math.max(lastAt ?? 0, row.at);
    order.push(kept);
  }

  function take(commit: Commit): void {
    for (const row of commit.rows) {
      const held = byNumber.get(row.n);
      if (!held || held.row.rev < row.rev) put(row);
    }
    if (commit.facts) {
      facts = commit.facts;
      factsRev = commit.rev;
    }
    if (commit.first !== head.first) firstRev = commit.rev;
    head = { epoch: commit.epoch, rev: commit.rev, n: commit.n, first: commit.first };
    trim();
    // What was taken back is not kept beside what says so.
    if (commit.rows.some((row) => row.deleted)) {
      compact();
      cached = null;
    }
  }

  function trim(): void {
    while (byNumber.size > TAIL_MAX_ROWS || bytes > TAIL_MAX_BYTES || isStale(order[front])) {
      const kept = order[front];
      if (!kept) break;
      front += 1;
      if (isStale(kept)) {
        stale -= kept.bytes;
        continue;
      }
      byNumber.delete(kept.row.n);
      bytes -= kept.bytes;
      floorRev = kept.row.rev;
      floorN = Math.max(floorN, kept.row.n + 1);
    }
    // A message changed again and again leaves its old forms in the middle, where the front never comes.
    if (order.length > 2 * TAIL_MAX_ROWS || stale > TAIL_MAX_BYTES) compact();
  }

  function compact(): void {
    order = order.filter((kept, i) => i >= front && !isStale(kept));
    front = 0;
    stale = 0;
  }

  function isStale(kept: Kept | undefined): boolean {
    return kept !== undefined && byNumber.get(kept.row.n) !== kept;
  }

  function since(rev: number, low = 0): Kept[] | null {
    if (rev < floorRev) return null;
    const found: Kept[] = [];
    const lowest = Math.max(low, head.first);
    for (let i = order.length - 1; i >= front; i -= 1) {
      const kept = order[i];
      if (!kept || kept.row.rev <= rev) break;
      if (!isStale(kept) && kept.row.n >= lowest) found.push(kept);
    }
    return found.reverse();
  }

  function page(): { kept: Kept[]; more: boolean } | null {
    if (cached?.rev === head.rev) return cached.page;
    const live = [...byNumber.values()].filter(({ row }) => !row.deleted && row.n >= floorN && row.n >= head.first);
    live.sort((a, b) => b.row.n - a.row.n);
    const whole = floorN <= head.first;
    const made = live.length < PAGE_ROWS && !whole ? null : firstPage(live, !whole);
    cached = { rev: head.rev, page: made };
    return made;
  }

  return {
    get head() { return head; },
    get facts() { return facts; },
    get factsRev() { return factsRev; },
    get lastAt() { return lastAt; },
    get firstRev() { return firstRev; },
    take,
    since,
    page,
  };
}

/** The first page of rows that come newest first, bounded in rows and bytes, in order of n. */
export function firstPage(newestFirst: readonly Kept[], more: boolean, limit: number = PAGE_ROWS): { kept: Kept[]; more: boolean } {
  const kept: Kept[] = [];
  let bytes = 2_048;
  for (const one of newestFirst) {
    bytes += one.bytes;
    if (kept.length === limit || (bytes > PAGE_BYTES && kept.length > 0)) return { kept: kept.reverse(), more: true };
    kept.push(one);
  }
  return { kept: kept.reverse(), more };
}
