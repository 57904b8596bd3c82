import { spawn } from 'node:child_process';

export type Outcome = { code: number | null; output: string; error: Error | null };

export type RunOptions = { cwd?: string; uid?: number; gid?: number; signal?: AbortSignal; env?: NodeJS.ProcessEnv };

/** Runs a program to its end; what it printed comes back with its code. Never rejects. */
export function run(file: string, args: string[], { cwd, uid, gid, signal, env = QUIET }: RunOptions = {}): Promise<Outcome> {
  return new Promise((settle) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
      // Ctrl-C reaches the whole group of a terminal; a database half started by a killed pg_ctl would be nobody's.
      detached: true,
      ...(cwd === undefined ? {} : { cwd }),
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
      ...(signal === undefined ? {} : { signal }),
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    // One that was aborted still has to end, and says so by closing.
    child.on('error', (error) => child.pid === undefined && settle({ code: null, output, error }));
    child.on('close', (code) => settle({ code, output, error: null }));
  });
}

/** PGPORT, PGDATA and friends of whoever calls must not steer our database. */
const QUIET = { PATH: process.env.PATH, LC_ALL: 'C' };
