import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { RunOptions } from './run.ts';

/**
 * Runs a program when this process ends without having cut the tether, be it by a crash or kill -9:
 * the shell reads from a pipe that only we hold open, and the pipe ends with us.
 */
export function tether(file: string, args: string[], { cwd, uid, gid }: RunOptions): () => void {
  const shell = spawn('/bin/sh', ['-c', 'while read -r _; do :; done; exec "$@"', 'sh', file, ...args], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  });
  shell.unref();
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return () => void shell.kill('SIGKILL');
}
