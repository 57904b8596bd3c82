import { readFile, realpath, rename } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { type Account, findAccount } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { type Cluster, openCluster, reasonOf, USER } from './cluster.ts';
import { findPort } from './ports.ts';
import { disownPidFile, isAlive, readPostmaster } from './postmaster.ts';
import { run } from './run.ts';
import { tether } from './tether.ts';

export type Database = {
  url: string;
  dir: string;
  port: number;
  /** It was running already: its parent had been killed, and we took it over. */
  adopted: boolean;
  /** After `patience` seconds the last checkpoint is skipped; the next start then recovers from the log, and loses nothing either. */
  close(options?: { patience?: number }): Promise<void>;
};

export type DatabaseOptions = {
  dir: string;
  /** Settings of this start, such as `{ max_connections: '300' }`. */
  settings?: Record<string, string>;
  /** How long a start may take, crash recovery included. */
  withinMs?: number;
  /** It ends with this process, however that ends: for tests, which nobody starts again to take it over. */
  tethered?: boolean;
  /** Gives up a first start that is no longer wanted. */
  signal?: AbortSignal;
};

/** Starts the embedded PostgreSQL whose data lies in `dir`, or takes over the one that already runs there. */
export async function startDatabase({ dir: asked, settings = {}, withinMs = 60_000, tethered = false, signal }: DatabaseOptions): Promise<Database> {
  const account = await findAccount();
  const binaries = await findBinaries(account);
  const cluster = await openCluster(path.resolve(asked), binaries, account, signal);
  signal?.throwIfAborted();
  const cut = tethered ? tether(binaries.pgCtl, stopArgs('immediate', 30), { cwd: cluster.dir, ...account }) : () => {};
  const close = closer(cluster, binaries, account, cut);
  const deadline = Date.now() + withinMs;
  let launched = false;
  try {
    while (Date.now() < deadline) {
      const running = await reach(cluster);
      if (running) return { ...running, dir: cluster.dir, adopted: !launched, close };
      launched = await launch(cluster, binaries, account, settings);
      if (!launched) await pause(100);
    }
  } catch (error) {
    // One that was started and then not reached would be nobody's.
    if (launched) await close({ patience: 0 }).catch((late: Error) => process.stderr.write(`${late.message}\n`));
    throw error;
  }
  throw new Error(`PostgreSQL did not start in ${cluster.dir} within ${withinMs / 1000} s; its log lies there in log/postgres.log.`);
}

/** A postmaster that lives on our data directory is ours, whoever started it. */
async function reach(cluster: Cluster): Promise<{ url: string; port: number } | null> {
  const postmaster = await readPostmaster(cluster.data);
  if (!postmaster) return null;
  if (!(await isAlive(postmaster, cluster.data))) {
    await disownPidFile(cluster.data);
    return null;
  }
  const url = postmaster.ready ? await introduce(cluster, postmaster.port) : null;
  return url ? { url, port: postmaster.port } : null;
}

/** False when something stood in the way that passes by itself. */
async function launch(cluster: Cluster, { pgCtl }: Binaries, account: Account | null, settings: Record<string, string>): Promise<boolean> {
  const log = path.join(cluster.log, 'postgres.log');
  // At the first start there is no earlier log.
  await rename(log, `${log}.1`).catch(() => null);
  // pg_ctl hands everything to a shell in double quotes: relative names keep the clone's own path out of it.
  const options = Object.entries({ port: String(await findPort()), ...settings }).map(([name, value]) => `-c ${name}='${value.replaceAll("'", "'\\''")}'`);
  const args = ['start', '-w', '-t', '30', '-D', 'data', '-l', 'log/postgres.log', '-o', options.join(' ')];
  const { code, output, error } = await run(pgCtl, args, { cwd: cluster.dir, ...account });
  if (code === 0) return true;
  const reason = (await readFile(log, 'utf8').catch(() => '')) || output;
  // Of two starts at once, what the slower one wrote may lie in a log that the other has put aside.
  if (PASSING.test(reason) || (await runs(cluster))) return false;
  throw new Error(`PostgreSQL does not start in ${cluster.dir}: ${reasonOf(reason, error)}`);
}

async function runs(cluster: Cluster): Promise<boolean> {
  const postmaster = await readPostmaster(cluster.data);
  return postmaster !== null && isAlive(postmaster, cluster.data);
}

/** A start that was quicker, a port that was just taken, workers of a killed postmaster, a long recovery. */
const PASSING = /could not create any TCP|lock file .* already exists|shared memory block .* is still in use|server did not start in time/;

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

function closer(cluster: Cluster, { pgCtl }: Binaries, account: Account | null, cut: () => void): Database['close'] {
  const stop = (mode: StopMode, seconds: number) => run(pgCtl, stopArgs(mode, seconds), { cwd: cluster.dir, ...account });
  return async ({ patience = 30 } = {}) => {
    cut();
    const postmaster = await readPostmaster(cluster.data);
    if (!postmaster) return;
    const gentle = patience > 0 ? await stop('fast', patience) : null;
    const { code, output, error } = gentle?.code === 0 ? gentle : await stop('immediate', 30);
    if (code !== 0 && (await readPostmaster(cluster.data))) throw new Error(`PostgreSQL does not stop in ${cluster.dir}: ${reasonOf(output, error)}`);
    // The pid file goes a moment before the process does.
    while (await isAlive(postmaster, cluster.data)) await pause(10);
  };
}

type StopMode = 'fast' | 'immediate';

function stopArgs(mode: StopMode, seconds: number): string[] {
  return ['stop', '-w', '-t', String(seconds), '-D', 'data', '-m', mode];
}
