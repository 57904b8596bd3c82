import { readFile } from 'node:fs/promises';
import { createPool } from '../log/pool.ts';
import { openPrivacy } from '../log/privacy.ts';
import { reapplyErasures } from '../log/reapply.ts';
import { OpsError } from './refusal.ts';

/** What a database remembers of what was erased, a line each, as `GET /api/v1/erasures` gives it. */
export async function readErasures(url: string): Promise<string[]> {
  const pool = createPool(url, 1);
  const lines: string[] = [];
  try {
    for (let after = 0; ; ) {
      const some = await openPrivacy(pool).erasures(after);
      if (some.length === 0) return lines;
      lines.push(...some.map((one) => JSON.stringify(one)));
      after = some.at(-1)?.id ?? after;
    }
  } finally {
    await pool.close();
  }
}

/** `erasures`: to keep beside copies, as often as one is made or more. */
export async function tellErasures(url: string, say: (line: string) => void): Promise<boolean> {
  for (const line of await readErasures(url)) say(line);
  return true;
}

/** `erase-again LOG`: in a database that went back in time. Told twice, it does nothing more. */
export async function eraseAgain(url: string, [file, ...more]: string[], say: (line: string) => void): Promise<boolean> {
  if (!file || more.length > 0) throw new OpsError('usage', 'Say which: erase-again LOG');
  say(`${await reapplyErasures(url, await readLog(file))} erasures were told to the database.`);
  return true;
}

export async function readLog(file: string): Promise<string> {
  const log = await readFile(file, 'utf8').catch(() => { throw new OpsError('no_log', `${file} cannot be read.`); });
  try {
    for (const line of log.split('\n')) if (line.trim() !== '') JSON.parse(line);
  } catch {
    throw new OpsError('bad_log', `${file} is no log of erasures: a line of it is no JSON. Nothing was changed.`);
  }
  return log;
}
