import path from 'node:path';
import postgres from 'postgres';
import { type Database, startDatabase } from '../../dev/database.ts';
import { readPostmaster } from '../../dev/postmaster.ts';
import { run } from '../../dev/run.ts';

/** A real PostgreSQL of its own, with the ways in which it is made to fail. */
export type Cluster = {
  readonly url: string;
  /** Ends every session of the servers, in a moment when one of them appends if there is one soon. */
  terminateSessions(): Promise<{ sessions: number; appending: number }>;
  /** As `pg_ctl stop -m immediate`: nothing is written any more, the next start recovers. */
  stopAtOnce(): Promise<void>;
  start(): Promise<void>;
  /** Stops every process of it where it stands; says how many stood. */
  freeze(): Promise<number>;
  thaw(): Promise<void>;
  close(): Promise<void>;
};

const TRIES_TO_MEET_AN_APPEND = 200;

export async function openCluster(dir: string): Promise<Cluster> {
  let database: Database = await startDatabase({ dir, tethered: true });
  const { url, port } = database;
  let frozen: number[] = [];

  async function terminateSessions(): Promise<{ sessions: number; appending: number }> {
    const sql = postgres(url, { max: 1, fetch_types: false, connection: { application_name: 'injector' }, onnotice: () => {} });
    try {
      for (let tries = 1; ; tries += 1) {
        const hurry = tries >= TRIES_TO_MEET_AN_APPEND;
        const gone = await sql<{ gone: boolean; appending: boolean }[]>`
          with seen as materialized (
            select pid, state = 'active' and query like '%append(%' as appending from pg_stat_activity where application_name = 'aside')
          select pg_terminate_backend(pid) as gone, appending from seen where ${hurry} or (select bool_or(appending) from seen)`;
        if (gone.length > 0 || hurry) return { sessions: gone.filter((one) => one.gone).length, appending: gone.filter((one) => one.appending).length };
      }
    } finally {
      await sql.end({ timeout: 1 });
    }
  }

  async function pids(): Promise<number[]> {
    const postmaster = await readPostmaster(path.join(database.dir, 'data'));
    if (!postmaster) return [];
    const { output } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
    const children = output.split('\n').map((line) => line.trim().split(/\s+/).map(Number)).filter(([, parent]) => parent === postmaster.pid);
    return [postmaster.pid, ...children.flatMap(([pid]) => (pid ? [pid] : []))];
  }

  async function freeze(): Promise<number> {
    // The postmaster first: it would go on making processes.
    for (const pid of (await pids()).slice(0, 1)) process.kill(pid, 'SIGSTOP');
    frozen = await pids();
    for (const pid of frozen) signal(pid, 'SIGSTOP');
    const { output } = await run('ps', ['-o', 'stat=', '-p', frozen.join(',')]);
    return output.split('\n').filter((line) => line.trim().startsWith('T')).length;
  }

  async function thaw(): Promise<void> {
    for (const pid of frozen.toReversed()) signal(pid, 'SIGCONT');
    frozen = [];
  }

  return {
    url,
    terminateSessions,
    stopAtOnce: () => database.close({ patience: 0 }),
    async start() {
      database = await startDatabase({ dir, tethered: true, settings: { port: String(port) } });
    },
    freeze,
    thaw,
    async close() {
      await thaw();
      await database.close();
    },
  };
}

/** A process that ended meanwhile needs no signal. */
function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
