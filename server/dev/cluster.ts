import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { run } from './run.ts';

/** Where the parts of one embedded database lie. */
export type Cluster = { dir: string; data: string; log: string; password: string };

export const USER = 'aside';

/** Makes the data directory and the password at the first start, finds them at every other. */
export async function openCluster(dir: string, binaries: Binaries, account: Account | null, signal?: AbortSignal): Promise<Cluster> {
  await mkdir(dir, { recursive: true, mode: 0o755 });
  const data = path.join(dir, 'data');
  const log = path.join(dir, 'log');
  await giveDirectory(log, account);
  const password = await keepSecret(path.join(dir, 'password'), () => randomBytes(24).toString('base64url'));
  if (!existsSync(data)) await initialise({ dir, data, log, password }, binaries, account, signal);
  return { dir, data, log, password };
}

/** Reads a secret, made once; the file is its owner's alone. */
export async function keepSecret(file: string, make: () => string): Promise<string> {
  try {
    await writeFile(file, make(), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(file, 'utf8')).trim();
}

async function initialise({ dir, data, password }: Cluster, { initdb }: Binaries, account: Account | null, signal?: AbortSignal): Promise<void> {
  // A start that is killed half way leaves only the half; the name `data` appears when everything stands.
  const half = path.join(dir, 'data.half');
  const passwordCopy = path.join(dir, 'log', 'password');
  await rm(half, { recursive: true, force: true });
  await giveDirectory(half, account);
  try {
    await rm(passwordCopy, { force: true });
    await writeFile(passwordCopy, password, { mode: 0o600, flag: 'wx' });
    if (account) await chown(passwordCopy, account.uid, account.gid);
    const { code, output, error } = await run(initdb, ['-D', 'data.half', '--pwfile=log/password', ...SETTLED], { cwd: dir, ...account, ...(signal ? { signal } : {}) });
    signal?.throwIfAborted();
    if (code !== 0) throw new Error(`PostgreSQL could not make its data directory in ${dir}: ${reasonOf(output, error)}`);
  } finally {
    await rm(passwordCopy, { force: true });
  }
  await rename(half, data);
}

const SETTLED = [
  `--username=${USER}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--no-locale',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--set=listen_addresses=127.0.0.1',
  '--set=unix_socket_directories=',
  '--set=timezone=UTC',
  '--set=log_timezone=UTC',
];

async function giveDirectory(dir: string, account: Account | null): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if (account) await chown(dir, account.uid, account.gid);
}

/** The one line of a program's output that says what went wrong. */
export function reasonOf(output: string, error: Error | null = null): string {
  const lines = output.split('\n').filter((line) => line.trim());
  const telling = lines.findLast((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? error?.message ?? 'no reason given';
  return telling.replace(/^.*?(?:FATAL|PANIC|error):\s*/, '');
}
