import { existsSync } from 'node:fs';
import { chown, glob, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findAccount } from '../../dev/account.ts';
import { findPort } from '../../dev/ports.ts';
import { run } from '../../dev/run.ts';

/** A PostgreSQL of Debian's, which unlike the embedded one brings the tools that a backup is made with. */
export type Cluster = { url: string; env: Record<string, string>; dir: string; close(): Promise<void> };

/** The programs of the newest one on this machine, or null. */
export async function findTools(): Promise<string | null> {
  const homes = await Array.fromAsync(glob('/usr/lib/postgresql/*/bin'));
  return homes.filter((home) => existsSync(path.join(home, 'pg_dump')) && existsSync(path.join(home, 'initdb'))).sort((a, b) => Number(a.split('/')[4]) - Number(b.split('/')[4])).at(-1) ?? null;
}

/** An empty cluster with the user and the database of compose.yaml; `env` is how its tools find both. */
export async function openCluster(tools: string): Promise<Cluster> {
  const account = await findAccount();
  const dir = await mkdtemp(path.join(tmpdir(), 'aside-backup-'));
  if (account) await chown(dir, account.uid, account.gid);
  const port = String(await findPort());
  const must = async (program: string, ...args: string[]): Promise<void> => {
    const { code, output } = await run(path.join(tools, program), args, { cwd: dir, ...account });
    if (code !== 0) throw new Error(`${program}: ${output}`);
  };
  await must('initdb', '--pgdata=data', '--username=aside', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync');
  await must('pg_ctl', 'start', '--wait', '--pgdata=data', '--log=log', `--options=-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''`);
  await must('createdb', '--host=127.0.0.1', `--port=${port}`, '--username=aside', 'aside');
  return {
    url: `postgres://aside@127.0.0.1:${port}/aside`,
    env: { PATH: `${tools}:${process.env.PATH}`, PGHOST: '127.0.0.1', PGPORT: port, PGUSER: 'aside', PGDATABASE: 'aside' },
    dir,
    async close() {
      await must('pg_ctl', 'stop', '--wait', '--pgdata=data', '--mode=immediate');
      await rm(dir, { recursive: true });
    },
  };
}
