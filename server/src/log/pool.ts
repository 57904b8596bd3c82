import { openSql, type Sql } from './sql.ts';

/** Connections that are replaced when the database hangs: a stopped Postgres would hold every query for ever. */
export type Pool = {
  readonly sql: Sql;
  /** Runs a read, and rejects with {@link DeadlineError} when it takes longer. */
  within<T>(ms: number, query: (sql: Sql) => PromiseLike<T>): Promise<T>;
  /** Reads under way, with those that wait for a connection. */
  readonly asked: number;
  /** Of how many connections it is. */
  readonly max: number;
  /** Deadlines missed so far. */
  readonly missed: number;
  /** Counts a missed deadline; the second in a row opens new connections and drops the hung ones. */
  late(): void;
  close(): Promise<void>;
};

export class DeadlineError extends Error {
  constructor(ms: number) {
    super(`The database did not answer within ${ms} ms`);
  }
}

const LATE_BEFORE_REPLACED = 2;

export function createPool(url: string, max: number): Pool {
  let sql = openSql(url, { max });
  let lateInARow = 0;
  let asked = 0;
  let missed = 0;
  const pool: Pool = {
    get sql() {
      return sql;
    },
    max,
    get asked() { return asked; },
    get missed() { return missed; },
    async within(ms, query) {
      asked += 1;
      try {
        const answer = await deadline(ms, query(sql));
        lateInARow = 0;
        return answer;
      } catch (error) {
        if (error instanceof DeadlineError) pool.late();
        throw error;
      } finally {
        asked -= 1;
      }
    },
    late() {
      lateInARow += 1;
      missed += 1;
      if (lateInARow < LATE_BEFORE_REPLACED) return;
      lateInARow = 0;
      const hung = sql;
      sql = openSql(url, { max });
      void hung.end({ timeout: 0 }).catch(() => 'its queries have been answered as unknown');
    },
    close: () => sql.end({ timeout: 2 }),
  };
  return pool;
}

/** The promise, or a {@link DeadlineError} when it takes longer than `ms`. */
export function deadline<T>(ms: number, promise: PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DeadlineError(ms)), ms);
    promise.then(
      (value) => { clearTimeout(timer); resolve(value); },
      (error) => { clearTimeout(timer); reject(error); },
    );
  });
}
