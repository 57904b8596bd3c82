import type { Pool } from './pool.ts';
import { READ_WITHIN_MS } from './read.ts';

/** What a site lets nobody say, and what passes though it looks alike. */
export type WordLists = { blocked: string[]; allowed: string[]; /** The lists we bring hold too. */ standard: boolean; version: number };

export const NO_LISTS: WordLists = { blocked: [], allowed: [], standard: true, version: 0 };

/** Null when the site's lists are still those of that version. */
export async function readWords(pool: Pool, site: string, version: number): Promise<WordLists | null> {
  const [found] = await pool.within(READ_WITHIN_MS, (sql) => sql<WordLists[]>`
    select w.blocked, w.allowed, w.standard, w.version from words w where w.site = ${site} and w.version <> ${version}`);
  return found ?? null;
}

export async function writeWords(pool: Pool, site: string, { blocked, allowed, standard }: Omit<WordLists, 'version'>, by: number): Promise<void> {
  await pool.within(READ_WITHIN_MS, (sql) => sql`
    with kept as (
      insert into words (site, blocked, allowed, standard) values (${site}, ${blocked as never}::jsonb, ${allowed as never}::jsonb, ${standard})
      on conflict (site) do update set blocked = excluded.blocked, allowed = excluded.allowed, standard = excluded.standard, version = words.version + 1
      returning version)
    insert into audit (site, actor, action, detail)
    select ${site}, ${String(by)}, 'words', jsonb_build_object('version', kept.version, 'blocked', ${blocked.length}::int, 'allowed', ${allowed.length}::int, 'standard', ${standard}::boolean) from kept`);
}
