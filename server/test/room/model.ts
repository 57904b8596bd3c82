import type { TailRead } from '../../src/log/messages.ts';
import { type Commit, type Head, PAGE_ROWS, type Row } from '../../src/protocol/index.ts';

/** A room told the plainest way: all its rows, and what each of them is now. */
export type Step = { do: 'say' | 'edit' | 'delete' | 'cut' | 'title'; pick: number; size: number; together: number };

export class Model {
  rows = new Map<number, Row>();
  head: Head = { epoch: '0123456789abcdef', rev: 0, n: 0, first: 1 };
  title: string | null = null;
  factsRev = 0;

  /** One append, with as many changes as `together` says. */
  apply(step: Step): Commit {
    const from = this.head.rev;
    for (let i = 0; i < step.together; i += 1) this.#change({ ...step, pick: step.pick + i });
    const rows = this.since(from, 0);
    return { ...this.head, place: { site: '', post: 'room' }, from, rows, ...(this.factsRev > from ? { facts: this.facts } : {}) };
  }

  #change({ do: what, pick, size }: Step): void {
    const rev = this.head.rev + 1;
    const n = what === 'say' || this.head.n === 0 ? this.head.n + 1 : this.head.first + (pick % (this.head.n - this.head.first + 1));
    const row = this.rows.get(n);
    if (what === 'title') {
      this.title = `title ${pick}`;
      this.factsRev = rev;
    } else if (what === 'cut' && n > this.head.first) {
      for (let below = this.head.first; below < n; below += 1) this.rows.delete(below);
      this.head = { ...this.head, first: n };
    } else if (what === 'delete' && row) this.rows.set(n, { n, rev, deleted: true });
    else {
      if (row?.deleted) return;
      this.rows.set(n, { n, rev, cid: `c${n}`, author: 'a', nick: 'n', avatar: 'fox', text: `${rev}`.padEnd(size, '.'), at: rev });
      this.head = { ...this.head, n: Math.max(this.head.n, n) };
    }
    this.head = { ...this.head, rev };
  }

  get facts(): { id: string; title: string | null } {
    return { id: 'room', title: this.title };
  }

  since(rev: number, low: number): Row[] {
    return [...this.rows.values()].filter((row) => row.rev > rev && row.n >= low).sort((a, b) => a.rev - b.rev);
  }

  /** Newest first, deleted ones left out. */
  live(): Row[] {
    return [...this.rows.values()].filter((row) => !row.deleted).sort((a, b) => b.n - a.n);
  }

  page(): { rows: Row[]; more: boolean } {
    const live = this.live();
    return { rows: live.slice(0, PAGE_ROWS).reverse(), more: live.length > PAGE_ROWS };
  }

  /** What a server reads when it opens the room. */
  read(): TailRead {
    return { ...this.head, facts: this.facts, factsRev: this.factsRev, rows: this.live().slice(0, 51), changes: this.since(0, 0).slice(-200) };
  }
}
