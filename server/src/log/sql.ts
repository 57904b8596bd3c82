import postgres from 'postgres';

export type Sql = postgres.Sql<{ int8: number }>;
/** As {@link Sql}, until its function ends. */
export type Transaction = postgres.TransactionSql<{ int8: number }>;
export type Fragment = postgres.PendingQuery<postgres.Row[]>;

/**
 * A pool on the truth. `fetch_types` stays off: with it, a restart of Postgres can crash the process;
 * so arrays do not pass either way and batches travel as one jsonb parameter.
 */
export function openSql(url: string, { max }: { max: number }): Sql {
  return postgres(url, {
    max,
    fetch_types: false,
    prepare: true,
    connect_timeout: 5,
    idle_timeout: 60,
    backoff: (tries) => Math.min(2, 0.1 * 2 ** tries) * (0.5 + Math.random() / 2),
    onnotice: () => {},
    types: { int8: { to: 20, from: [20], parse: Number, serialize: String } },
    connection: {
      application_name: 'aside',
      synchronous_commit: 'on',
      statement_timeout: 4_000,
      lock_timeout: 2_000,
      idle_in_transaction_session_timeout: 5_000,
      timezone: 'UTC',
    },
  });
}
