import { parseArgs } from 'node:util';
import { migrate } from '../log/migrate.ts';
import { reapplyErasures } from '../log/reapply.ts';
import { openSql, type Sql } from '../log/sql.ts';
import { readErasures, readLog } from './erasures.ts';
import { OpsError } from './refusal.ts';
import { demandTool, runTool, toolsEnv } from './tools.ts';

/**
 * `restore FILE [--erasures LOG] [--force]`: puts a backup in the database's place. It is restored beside it first, brought to the newest form, told
 * what was erased since (what the database of now knows of that, and LOG) and given new epochs, so that no reader takes its numbers for those they
 * know. Then the two change names; the old one stays, under the name that is told.
 */
export async function restore(url: string, args: string[], say: (line: string) => void): Promise<boolean> {
  const { file, log, force } = await readArgs(args);
  await demandTool('pg_restore', url);
  await runTool('pg_restore', ['--list', file], { PATH: process.env.PATH }).catch(() => { throw new OpsError('bad_backup', `${file} is no backup that can be read. Nothing was changed.`); });
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const admin = openSql(withDatabase(url, 'postgres'), { max: 1 });
  try {
    await admin`set statement_timeout = 0`;
    const [{ others } = { others: 0 }] = await admin<{ others: number }[]>`select count(*)::int as others from pg_stat_activity where datname = ${name} and pid <> pg_backend_pid()`;
    if (others > 0 && !force) throw new OpsError('in_use', `${others} connections are on ${name}: stop the servers first, or say --force. Nothing was changed.`);
    const [{ there } = { there: false }] = await admin<{ there: boolean }[]>`select exists (select from pg_database where datname = ${name}) as there`;
    const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '').toLowerCase();
    const [coming, gone] = [`${name}_restored_${stamp}`, `${name}_before_${stamp}`];
    // Nothing where it is too old or too broken to say.
    const known = there ? await readErasures(url).catch(() => []) : [];
    const erased = `${known.join('\n')}\n${log}`;
    await admin`create database ${admin(coming)}`;
    try {
      const told = await fill(withDatabase(url, coming), file, erased);
      say(`${file} is restored and was told of ${told} erasures.`);
    } catch (error) {
      await admin`drop database ${admin(coming)} with (force)`;
      throw error;
    }
    await swap(admin, { name, coming, gone: there ? gone : null });
    say(there ? `It is in the place of ${name}, which stays as ${gone} until you drop it.` : `It is ${name}.`);
    return true;
  } finally {
    await admin.end({ timeout: 2 });
  }
}

async function readArgs(args: string[]): Promise<{ file: string; log: string; force: boolean }> {
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { erasures: { type: 'string' }, force: { type: 'boolean', default: false } } });
    const [file, ...more] = positionals;
    if (!file || more.length > 0) throw new Error('one file');
    return { file, log: values.erasures === undefined ? '' : await readLog(values.erasures), force: values.force };
  } catch (error) {
    if (error instanceof OpsError) throw error;
    throw new OpsError('usage', `Say what from: restore FILE [--erasures LOG] [--force] (${(error as Error).message})`);
  }
}

/** Returns how many erasures it was told of. */
async function fill(url: string, file: string, erased: string): Promise<number> {
  await runTool('pg_restore', ['--exit-on-error', '--single-transaction', '--no-owner', `--dbname=${decodeURIComponent(new URL(url).pathname.slice(1))}`, file], toolsEnv(url));
  const sql = openSql(url, { max: 1 });
  try {
    await sql`set statement_timeout = 0`;
    await sql`update rooms set epoch = default`;
    await migrate(sql);
  } finally {
    await sql.end({ timeout: 2 });
  }
  return reapplyErasures(url, erased);
}

/** Servers may come back between any two statements: nobody is let in until both names stand. */
async function swap(admin: Sql, { name, coming, gone }: { name: string; coming: string; gone: string | null }): Promise<void> {
  if (gone !== null) {
    await admin`alter database ${admin(name)} with allow_connections false`;
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
    await admin`alter database ${admin(name)} rename to ${admin(gone)}`;
  }
  await admin`alter database ${admin(coming)} rename to ${admin(name)}`;
}

function withDatabase(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${encodeURIComponent(database)}` }).href;
}
