import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findPort } from '../../ports.ts';
import { readPostmaster } from '../../postmaster.ts';
import type { Machine, Person } from './machine.ts';
import { kill, processesIn } from './processes.ts';

/** One `npx pnpm@12 start`, watched from outside. */
export type Beginning = {
  clone: string;
  dataDir: string;
  port: number;
  demoPort: number;
  /** Seconds from the command to "ready", the install included; rejects with the last words if it does not come. */
  ready(): Promise<number>;
  /** Exit code and everything that was said. */
  ended(): Promise<{ code: number | null; said: string }>;
  said(): string;
  /** Ctrl-C, as a terminal sends it; seconds until nothing of the start was left. */
  interrupt(): Promise<number>;
  /** The process that all others come from. */
  parentPid(): Promise<number>;
  databasePid(): Promise<number>;
};

const SECONDS_TO_READY = 60;
export const SECONDS_TO_END = 3;
const COMMAND = ['npx', 'pnpm@12', 'start'];

export type BeginOptions = { command?: string[]; env?: NodeJS.ProcessEnv };

export async function begin(machine: Machine, person: Person, clone: string, { command = COMMAND, env = {} }: BeginOptions = {}): Promise<Beginning> {
  const ports = { PORT: String(await findPort()), DEMO_PORT: String(await findPort()), METRICS_PORT: '0', ...env };
  const dataDir = machine.dataOf(person, clone);
  const [file = '', ...args] = command;
  // A network namespace needs root; the command in it lets go of that by itself.
  const account = file === 'unshare' ? {} : { uid: person.uid, gid: person.gid };
  const began = Date.now();
  const child = spawn(file, args, { cwd: clone, env: { ...person.env, ...ports }, ...account, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const pipe of [child.stdout, child.stderr]) pipe.setEncoding('utf8').on('data', (text: string) => (said += text));
  const exit = exitOf(child);

  return {
    clone,
    dataDir,
    port: Number(ports.PORT),
    demoPort: Number(ports.DEMO_PORT),
    said: () => said,
    async ready() {
      const isReady = () => /Aside is ready in/.test(said);
      for (const deadline = began + SECONDS_TO_READY * 1_000; !isReady(); await pause(20)) {
        if (child.exitCode !== null || child.signalCode) throw new Error(`it ended instead of getting ready:\n${lastWords(said)}`);
        if (Date.now() > deadline) throw new Error(`not ready after ${SECONDS_TO_READY} s:\n${lastWords(said)}`);
      }
      return (Date.now() - began) / 1_000;
    },
    async ended() {
      const late = setTimeout(() => kill(-(child.pid ?? 0), 'SIGKILL'), SECONDS_TO_READY * 1_000);
      const code = await exit;
      clearTimeout(late);
      return { code, said };
    },
    async interrupt() {
      const interruptedAt = Date.now();
      kill(-(child.pid ?? 0), 'SIGINT');
      while (processesIn([clone, dataDir]).length > 0) {
        if (Date.now() - interruptedAt > 20_000) throw new Error(`processes ${processesIn([clone, dataDir]).join(', ')} are left 20 s after Ctrl-C:\n${lastWords(said)}`);
        await pause(10);
      }
      return (Date.now() - interruptedAt) / 1_000;
    },
    async parentPid() {
      return Number((await readFile(path.join(dataDir, 'start.pid'), 'utf8')).split(' ')[0]);
    },
    async databasePid() {
      return (await readPostmaster(path.join(dataDir, 'database', 'data')))?.pid ?? 0;
    },
  };
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code]: [number | null] = await (once(child, 'close') as Promise<[number | null]>);
  return code;
}

function lastWords(said: string): string {
  return said.trim().split('\n').slice(-12).join('\n');
}
