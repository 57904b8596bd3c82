import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const COLLECT = new URL('collect.ts', import.meta.url).href;

export type Child = { pid: number; port: number; /** A full collection in the child, done. */ collect(): Promise<void>; close(): Promise<void> };

/** A server in a process of its own; it says `port N` once it listens. */
export async function startChild(file: string, env: Record<string, string>, program?: string): Promise<Child> {
  const child = spawn(program ?? process.execPath, program ? [file] : ['--expose-gc', '--import', COLLECT, file], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const port = await new Promise<number>((resolve, reject) => {
    let out = '';
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code} before it listened: ${out}`)));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const found = out.match(/port (\d+)|listening at http:\/\/[^:]+:(\d+)/);
      if (found) resolve(Number(found[1] ?? found[2]));
    });
  });
  const collect = (): Promise<void> => new Promise((resolve) => {
    child.once('message', () => resolve());
    child.send('collect');
  });
  return { pid: child.pid ?? 0, port, collect, close: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(timer);
}

/** CPU time of all threads of a process so far, in ms. The kernel's scheduler counts it in nanoseconds. */
export function cpuOf(pid: number): number {
  let total = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    total += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  }
  return total;
}

export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

/** Runs a worker script to its end and gives the JSON it printed last. */
export function runWorker<T>(file: string, args: object): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, JSON.stringify(args)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text; });
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(out.trim().split('\n').at(-1) ?? '') as T) : reject(new Error(`${file} ended with ${code}: ${out}`))));
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] ?? Number.NaN) : ((sorted[half - 1] ?? Number.NaN) + (sorted[half] ?? Number.NaN)) / 2;
}
