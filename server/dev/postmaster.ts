import { readlinkSync, realpathSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from './run.ts';

/** What postmaster.pid in a data directory says of the server that wrote it. */
export type Postmaster = { pid: number; port: number; ready: boolean };

export async function readPostmaster(data: string): Promise<Postmaster | null> {
  const text = await readFile(pidFile(data), 'utf8').catch(() => null);
  if (text === null) return null;
  const lines = text.split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/** True only while that very server lives: after a reboot its number may belong to somebody else. */
export async function isAlive({ pid }: Postmaster, data: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0 || !exists(pid)) return false;
  if (process.platform !== 'linux') return (await run('ps', ['-p', String(pid), '-o', 'comm='])).output.includes('postgres');
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
  } catch {
    return false;
  }
}

/**
 * PostgreSQL will not start while the number in its pid file belongs to any living process of the same user.
 * The file is not removed: its other lines hold the shared memory key by which PostgreSQL sees workers that outlive their postmaster.
 */
export async function disownPidFile(data: string): Promise<void> {
  const text = await readFile(pidFile(data), 'utf8').catch(() => '');
  if (/^[1-9]/.test(text)) await writeFile(pidFile(data), text.replace(/^\d+/, String(NOBODYS_PID)));
}

/** The largest number a pid can have in C; no system gives it to a process. */
const NOBODYS_PID = 2 ** 31 - 1;

function pidFile(data: string): string {
  return path.join(data, 'postmaster.pid');
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
