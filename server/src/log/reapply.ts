import { openSql } from './sql.ts';

const LINES_AT_ONCE = 500;

/**
 * Erases again, in a database that came back from an older copy, what was erased since: `log` is what `GET /api/v1/erasures` gave,
 * a line each. Before readers are let in. In bounded steps; broken off, it is done again from the start. Returns the lines done.
 */
export async function reapplyErasures(url: string, log: string): Promise<number> {
  const lines = log.split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as object);
  const sql = openSql(url, { max: 1 });
  try {
    // A step goes through all who wrote in a room, however many they were.
    await sql`set statement_timeout = 0`;
    for (let i = 0; i < lines.length; i += LINES_AT_ONCE) {
      const some = lines.slice(i, i + LINES_AT_ONCE);
      for (let after: number | null = 0; after !== null; ) {
        const rows: { after: number | null }[] = await sql`select reapply_erasures(${some as never}::jsonb, ${after}) as after`;
        after = rows[0]?.after ?? null;
      }
    }
    return lines.length;
  } finally {
    await sql.end({ timeout: 2 });
  }
}
