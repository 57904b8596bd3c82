import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import postgres from 'postgres';
import { findAccount } from '../../dev/account.ts';
import { run } from '../../dev/run.ts';

/** A data directory of Debian's PostgreSQL, with what it takes to lose it and to bring it back. */
export type Machine = {
  readonly dir: string;
  readonly data: string;
  readonly url: string;
  start(settings?: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
  /** Every process of it at once by SIGKILL, then its data directory: nothing of it is left. */
  lose(): Promise<void>;
  /** A program as the account whose the data is. */
  as(program: string, args: readonly string[]): Promise<string>;
};

/** `tools`: where its programs lie. `own`: what its programs, and the server with what it runs itself, find in their environment. */
export async function openMachine(dir: string, port: number, tools: string, own: Record<string, string> = {}): Promise<Machine> {
  const account = await findAccount();
  await mkdir(dir, { recursive: true, mode: 0o755 });
  if (account) await chown(dir, account.uid, account.gid);
  const data = path.join(dir, 'data');
  const url = `postgres://aside@127.0.0.1:${port}/aside`;

  async function as(program: string, args: readonly string[]): Promise<string> {
    const file = program.includes('/') ? program : path.join(tools, program);
    const { code, output, error } = await run(file, [...args], { cwd: dir, env: { PATH: `${tools}:${process.env.PATH}`, LC_ALL: 'C', ...own }, ...account });
    if (code !== 0) throw new Error(`${program}: ${error?.message ?? output}`);
    return output;
  }

  async function pids(): Promise<number[]> {
    const { output } = await run('pgrep', ['-f', `postgres.*-D ${data}( |$)`]);
    const first = output.trim().split('\n').map(Number).filter(Boolean);
    const { output: all } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
    const children = all.split('\n').map((line) => line.trim().split(/\s+/).map(Number)).flatMap(([pid, parent]) => (pid && parent && first.includes(parent) ? [pid] : []));
    return [...first, ...children];
  }

  return {
    dir, data, url, as,
    async start(settings = {}) {
      const options = Object.entries({ port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings }).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
      await writeFile(path.join(dir, 'settings.conf'), `${options.join('\n')}\n`);
      const conf = path.join(data, 'postgresql.conf');
      await writeFile(conf, `include '${path.join(dir, 'settings.conf')}'\n`);
      if (account) await chown(conf, account.uid, account.gid);
      await as('pg_ctl', ['start', '--wait', '--timeout=300', `--pgdata=${data}`, `--log=${path.join(dir, 'log')}`]).catch(async (error: Error) => {
        throw new Error(`${error.message}${(await readFile(path.join(dir, 'log'), 'utf8')).split('\n').slice(-8).join('\n')}`);
      });
      const sql = postgres(`postgres://aside@127.0.0.1:${settings.port ?? port}/postgres`, { max: 1, onnotice: () => {} });
      const [{ standby } = { standby: false }] = await sql<{ standby: boolean }[]>`select pg_is_in_recovery() as standby`;
      if (!standby && (await sql`select from pg_database where datname = 'aside'`).length === 0) await sql`create database aside`;
      await sql.end({ timeout: 2 });
    },
    stop: async () => void (await as('pg_ctl', ['stop', '--wait', '--mode=immediate', `--pgdata=${data}`]).catch(() => 'it was lost')),
    async lose() {
      for (const pid of await pids()) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
        }
      }
      await rm(data, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
