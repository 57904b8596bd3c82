import type { Pool } from './pool.ts';
import { READ_WITHIN_MS } from './read.ts';

/** All that is kept of an error: never what it says. `at`: file and line of our own code, empty where nobody can say. */
export type Fault = { source: 'server' | 'widget'; code: string; version: string; at: string };
/** Times are in ms. */
export type ErrorGroup = Fault & { count: number; firstAt: number; lastAt: number };

/** What went wrong, counted. */
export type Errors = {
  /** Costs nothing: it is written with what else comes in the same second. */
  note(fault: Fault): void;
  /** Noted by this process so far. */
  readonly noted: Readonly<Record<Fault['source'], number>>;
  /** What was last seen first. */
  list(): Promise<ErrorGroup[]>;
  /** Writes now what waits, and hands it on. */
  flush(): Promise<void>;
  /** Writes what waits, and no more after it. */
  close(): Promise<void>;
};

const EVERY_MS = 1_000;
const WAITING_MAX = 100;
const GROUPS_MAX = 500;
const LISTED_MAX = 200;

/** `told` of every new group, and of others at most once a minute, however many servers there are. */
export function openErrors(pool: Pool, told: (fault: Fault) => Promise<void>): Errors {
  const waiting = new Map<string, Fault & { count: number }>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let closed = false;
  const noted = { server: 0, widget: 0 };

  function count({ source, code, version, at }: Fault, times: number): void {
    const key = [source, code, version, at].join('\n');
    const known = waiting.get(key);
    if (known) known.count += times;
    // What strangers report leaves room for our own.
    else if (waiting.size < WAITING_MAX * (source === 'server' ? 2 : 1)) waiting.set(key, { source, code, version, at, count: times });
    later();
  }

  function later(): void {
    if (!closed) timer ??= setTimeout(() => void write(), EVERY_MS).unref();
  }

  /** What it gives back is handed on when `done` is. */
  async function write(): Promise<{ done: Promise<unknown> }> {
    const batch = [...waiting.values()];
    waiting.clear();
    const due = batch.length === 0 ? [] : await pool.within(READ_WITHIN_MS, (sql) => sql<Fault[]>`
      select e.source, e.code, e.version, e.at from note_errors(${batch as never}::jsonb, ${GROUPS_MAX}) e`).catch(() => null);
    timer = null;
    // Where the database wrote them and only answered too late, they are counted twice.
    if (due === null) for (const one of batch) count(one, one.count);
    const done = Promise.all((due ?? []).map(told));
    if (waiting.size > 0) later();
    return { done };
  }

  return {
    noted,
    note(fault) {
      noted[fault.source] += 1;
      count(fault, 1);
    },
    async list() {
      const rows = await pool.within(READ_WITHIN_MS, (sql) => sql<ErrorGroup[]>`
        select e.source, e.code, e.version, e.at, e.count, ms(e.first_at) as "firstAt", ms(e.last_at) as "lastAt"
        from errors e order by e.last_at desc, e.id desc limit ${LISTED_MAX}`);
      return [...rows];
    },
    flush: async () => void (await (await write()).done),
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await write();
    },
  };
}
