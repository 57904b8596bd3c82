import { realpath, rename, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { type Account, findAccount } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { type Cluster, openCluster, reasonOf, USER } from './cluster.ts';
import { disownPidFile, isAlive, readPostmaster } from './postmaster.ts';
import { run } from './run.ts';

export type Database = {
  url: string;
  dir: string;
  port: number;
  /** It was running already: its parent had been killed, and we took it over. */
  adopted: boolean;
  /** `now` skips the last checkpoint; the next start then recovers from the log, and loses nothing either. */
  close(options?: { now?: boolean }): Promise<void>;
};

export type DatabaseOptions = {
  dir: string;
  /** Settings of this start, such as `{ max_connections: '300' }`. */
  settings?: Record<string, string>;
  /** How long a start may take, crash recovery included. */
  withinMs?: number;
};

/** Starts the embedded PostgreSQL whose data lies in `dir`, or takes over the one that already runs there. */
export async function startDatabase({ dir: asked, settings = {}, withinMs = 60_000 }: DatabaseOptions): Promise<Database> {
  const account = await findAccount();
  const binaries = await findBinaries(account);
  const cluster = await openCluster(path.resolve(asked), binaries, account);
  const deadline = Date.now() + withinMs;
  for (;;) {
    const running = await adopt(cluster);
    if (running) return { ...running, adopted: true, close: closer(cluster, binaries, account) };
    const failure = await launch(cluster, binaries, account, settings);
    if (failure === null) {
      const port = (await readPostmaster(cluster.data))?.port;
      const url = port ? await introduce(cluster, port) : null;
      if (port && url) return { url, port, dir: cluster.dir, adopted: false, close: closer(cluster, binaries, account) };
    } else if (!isPassing(failure) || Date.now() > deadline) {
      throw new Error(`PostgreSQL does not start in ${cluster.dir}: ${reasonOf(failure)}`);
    }
    await pause(100);
  }
}

/** A postmaster that lives on our data directory is ours, whoever started it. */
async function adopt(cluster: Cluster): Promise<{ url: string; port: number; dir: string } | null> {
  const postmaster = await readPostmaster(cluster.data);
  if (!postmaster) return null;
  if (!(await isAlive(postmaster, cluster.data))) {
    await disownPidFile(cluster.data);
    return null;
  }
  const url = postmaster.ready ? await introduce(cluster, postmaster.port) : null;
  return url ? { url, port: postmaster.port, dir: cluster.dir } : null;
}

async function launch(cluster: Cluster, { pgCtl }: Binaries, account: Account | null, settings: Record<string, string>): Promise<string | null> {
  const log = path.join(cluster.log, 'postgres.log');
  await rename(log, `${log}.1`).catch(() => {});
  // pg_ctl hands everything to a shell in double quotes: relative names keep the clone's own path out of it.
  const options = Object.entries({ ...settings, port: String(await findPort()) }).map(([name, value]) => `-c ${name}='${value.replaceAll("'", "'\\''")}'`);
  const args = ['start', '-w', '-t', '30', '-D', 'data', '-l', 'log/postgres.log', '-o', options.join(' ')];
  const { code, output, error } = await run(pgCtl, args, { cwd: cluster.dir, ...account });
  if (code === 0) return null;
  return (await readFile(log, 'utf8').catch(() => '')) || output || String(error);
}

/** Another start that was quicker, a port that was just taken, workers of a killed postmaster: each passes by itself. */
function isPassing(failure: string): boolean {
  return /could not bind|could not create any TCP|lock file .* already exists|shared memory block .* is still in use|the database system is/s.test(failure);
}

/** Says hello with our password and makes sure that it is our data on the other side; null while it does not answer. */
async function introduce(cluster: Cluster, port: number): Promise<string | null> {
  const url = `postgres://${USER}:${cluster.password}@127.0.0.1:${port}`;
  const sql = postgres(`${url}/postgres`, { max: 1, connect_timeout: 5, fetch_types: false, onnotice: () => {} });
  try {
    const [row] = await sql`select current_setting('data_directory') as data, exists (select from pg_database where datname = ${USER}) as known`;
    if ((await realpath(String(row?.data))) !== (await realpath(cluster.data))) return null;
    if (!row?.known) await sql`create database ${sql(USER)}`;
    return `${url}/${USER}`;
  } catch (error) {
    if ((error as { code?: string }).code === '28P01') {
      throw new Error(`The database in ${cluster.dir} refuses the password kept beside it: put the file "password" back, or move that folder away to begin anew.`);
    }
    return null;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function closer(cluster: Cluster, { pgCtl }: Binaries, account: Account | null): Database['close'] {
  return async ({ now = false } = {}) => {
    const args = ['stop', '-w', '-t', '30', '-D', 'data', '-m', now ? 'immediate' : 'fast'];
    const { code, output, error } = await run(pgCtl, args, { cwd: cluster.dir, ...account });
    if (code !== 0 && (await readPostmaster(cluster.data))) throw new Error(`PostgreSQL does not stop in ${cluster.dir}: ${reasonOf(output, error)}`);
  };
}

function findPort(): Promise<number> {
  return new Promise((settle, fail) => {
    const probe = createServer().once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => settle(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
