import { spawn } from 'node:child_process';

export type Outcome = { code: number | null; output: string; error: NodeJS.ErrnoException | null };

/** Runs a program to its end; what it printed comes back with its code. Never rejects. */
export function run(file: string, args: string[], { cwd, uid, gid }: { cwd?: string; uid?: number; gid?: number } = {}): Promise<Outcome> {
  return new Promise((settle) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: cleanEnvironment(),
      ...(cwd === undefined ? {} : { cwd }),
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => (output += bytes));
    child.stderr.on('data', (bytes: Buffer) => (output += bytes));
    child.on('error', (error) => settle({ code: null, output, error }));
    child.on('close', (code) => settle({ code, output, error: null }));
  });
}

/** PGPORT, PGDATA and friends of whoever calls must not steer our database. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C' };
}
