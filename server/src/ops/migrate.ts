import { migrate } from '../log/migrate.ts';
import { openSql } from '../log/sql.ts';

/** Brings the database to the newest form and ends; several at once wait for each other. */
export async function migrateOnce(url: string, say: (line: string) => void): Promise<boolean> {
  const sql = openSql(url, { max: 1 });
  try {
    const count = await migrate(sql);
    say(count === 0 ? 'The database has the newest form.' : `${count} migrations were made.`);
    return true;
  } finally {
    await sql.end({ timeout: 2 });
  }
}
