import type { Row } from '@aside/server/protocol';

/** Messages and tombstones by number. A tombstone is kept, so that a late page cannot bring the words back. */
export type Rows = ReadonlyMap<number, Row>;

/** Rows merge by highest `rev`, whatever order they come in (P2, P11). */
export function merge(held: Rows, news: Iterable<Row>): Rows {
  const rows = new Map(held);
  for (const row of news) {
    if ((rows.get(row.n)?.rev ?? -1) < row.rev) rows.set(row.n, row);
  }
  return rows;
}

export function dropBelow(rows: Rows, first: number): Rows {
  return pick(rows, (row) => row.n >= first);
}

export function pick(rows: Rows, keep: (row: Row) => boolean): Rows {
  return new Map([...rows].filter(([, row]) => keep(row)));
}

export function numbersOf(rows: readonly Row[]): number[] {
  return rows.map(({ n }) => n);
}
