import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Every living process that works in one of these folders: all that a start brings has its clone or its data as its own. */
export function processesIn(places: string[]): number[] {
  const inside = (dir: string) => places.some((place) => dir === place || dir.startsWith(place + path.sep));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && inside(folderOf(pid)));
}

/** Ends what still runs there; only for folders this proof made. */
export async function endAll(places: string[]): Promise<void> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await pause(50)) {
    const pids = processesIn(places);
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid, 'SIGKILL');
  }
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export function isThere(pid: number): boolean {
  // A zombie has ended; it only waits for its parent to ask how.
  return !/^(?:|.*\) Z .*)$/s.test(textOf(`/proc/${pid}/stat`));
}

function folderOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
