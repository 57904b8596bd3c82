import type { Sql } from 'postgres';

/** Every table by name, and what is in it: equal before and after means that nothing was written. */
export type Tables = Record<string, { rows: number; print: string }>;

export async function readTables(sql: Sql): Promise<Tables> {
  const names = await sql<{ name: string }[]>`select tablename as name from pg_tables where schemaname = 'public' order by 1`;
  const tables: Tables = {};
  for (const { name } of names) {
    const [found] = await sql<{ rows: number; print: string }[]>`
      select count(*)::int as rows, coalesce(md5(string_agg(t::text, E'\n' order by t::text)), '') as print from ${sql(name)} t`;
    if (found) tables[name] = { ...found };
  }
  return tables;
}

/** All rows of all tables as text, to be searched for what must not be there. */
export async function dumpTables(sql: Sql): Promise<string> {
  const names = await sql<{ name: string }[]>`select tablename as name from pg_tables where schemaname = 'public' order by 1`;
  const parts = [];
  for (const { name } of names) {
    const rows = await sql<{ row: string }[]>`select t::text as row from ${sql(name)} t`;
    parts.push(name, ...rows.map(({ row }) => row));
  }
  return parts.join('\n');
}

/** Rows that stand in `after` and not in `before`, or were changed: 0 when nothing was written. */
export function countWritten(before: Tables, after: Tables): number {
  return Object.entries(after).reduce((sum, [name, { rows, print }]) => {
    const was = before[name] ?? { rows: 0, print: '' };
    return sum + (print === was.print ? 0 : Math.max(1, Math.abs(rows - was.rows)));
  }, 0);
}
