import { spawn } from 'node:child_process';
import { openSql } from '../log/sql.ts';
import { OpsError } from './refusal.ts';

/** How PostgreSQL's own programs find a database, with its password where `ps` does not show it. */
export function toolsEnv(url: string, database = new URL(url).pathname.slice(1)): NodeJS.ProcessEnv {
  const { hostname, port, username, password, searchParams } = new URL(url);
  const mode = searchParams.get('sslmode');
  return {
    PATH: process.env.PATH, LC_ALL: 'C', PGHOST: hostname.replace(/^\[(.*)\]$/, '$1'), PGPORT: port || '5432', PGUSER: decodeURIComponent(username), PGPASSWORD: decodeURIComponent(password), PGDATABASE: database,
    ...(mode && { PGSSLMODE: mode }),
  };
}

/** Runs one of them to its end. What it says on stderr is the reason of the refusal. */
export async function runTool(name: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(name, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text; });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', () => reject(new OpsError('no_tools', `${name} is not on this machine: install the client of PostgreSQL, or run this where it is.`)));
    child.once('close', resolve);
  });
  if (code !== 0) throw new OpsError('tool_failed', `${name} says: ${said.trim()}`);
  return out;
}

/** PostgreSQL's programs refuse a server that is newer than they are. */
export async function demandTool(name: string, url: string): Promise<void> {
  const [, major] = /(\d+)/.exec(await runTool(name, ['--version'], { PATH: process.env.PATH })) ?? [];
  const sql = openSql(url, { max: 1 });
  try {
    const [row] = await sql<{ version: number }[]>`select current_setting('server_version_num')::int / 10000 as version`;
    if (Number(major) < (row?.version ?? 0)) throw new OpsError('old_tools', `${name} is of PostgreSQL ${major}, the server is ${row?.version}: it takes one that is at least as new.`);
  } finally {
    await sql.end({ timeout: 2 });
  }
}
