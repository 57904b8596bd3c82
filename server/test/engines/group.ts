import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { tether } from '../../dev/tether.ts';

/** A program with all that it starts: a driver that is killed leaves its browser behind, a group does not. */
export type Group = { child: ChildProcess; close(): Promise<void> };

export function startGroup(file: string, args: readonly string[], { env, stdio }: { env?: NodeJS.ProcessEnv; stdio: StdioOptions }): Group {
  const child = spawn(file, args, { detached: true, stdio, env: { ...process.env, ...env } });
  const ended = once(child, 'close');
  const end = leash(child.pid);
  return {
    child,
    async close() {
      end();
      await ended;
    },
  };
}

/** Ends the group of this leader when asked to, and also when this process ends without a word. */
function leash(leader: number | undefined): () => void {
  if (leader === undefined) throw new Error('It did not start');
  const cut = tether('/bin/sh', ['-c', 'kill -s KILL -- "-$0"', String(leader)], {});
  return () => {
    cut();
    try {
      process.kill(-leader, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
}

/** The first line that reads like this; what follows is read too, or the program would wait for that one day. */
export function awaitLine(from: Readable, like: RegExp): Promise<RegExpMatchArray> {
  return new Promise((settle, fail) => createInterface(from)
    .on('line', (line) => { const found = line.match(like); if (found) settle(found); })
    .on('close', () => fail(new Error(`It ended without saying ${like}`))));
}
