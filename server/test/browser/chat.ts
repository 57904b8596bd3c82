import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { findPort } from '../../dev/ports.ts';
import { LIFTED } from '../support/server.ts';
import { ADMIN_TOKEN } from '../moderation/desk.ts';
import { until } from '../support/until.ts';

/** The chat as a process of its own, at one address through all its lives. */
export type Chat = {
  http: string;
  ws: string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Resolves when it answers. */
  start(): Promise<void>;
  close(): Promise<void>;
};

const main = path.join(import.meta.dirname, '../../src/main.ts');
/** Ends the server should this process die without a word. */
const leash = path.join(import.meta.dirname, '../../dev/leash.ts');
const READY_WITHIN_MS = 20_000;

export async function startChat(databaseUrl: string, more: Record<string, string> = {}): Promise<Chat> {
  const port = await findPort();
  const http = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env.PATH ?? '', ...LIFTED, DATABASE_URL: databaseUrl, IDENTITY_SECRET: 'a secret for browser tests that is long enough',
    PORT: String(port), METRICS_PORT: '0', DRAIN_SECONDS: '0', LOG_LEVEL: 'warn', ADMIN_TOKEN, ...more,
  };
  let life: { child: ChildProcess; ended: Promise<unknown> } | null = null;

  async function start(): Promise<void> {
    const child = spawn(process.execPath, ['--import', leash, main], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    life = { child, ended: once(child, 'exit') };
    await until(async () => child.exitCode !== null || await isReady(http), READY_WITHIN_MS);
    if (child.exitCode !== null || !(await isReady(http))) throw new Error(`The chat does not start at ${http}`);
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const ending = life;
    life = null;
    ending?.child.kill(signal);
    await ending?.ended;
  }

  await start();
  return { http, ws: `${http.replace('http', 'ws')}/ws`, start, kill: () => end('SIGKILL'), close: () => end('SIGTERM') };
}

async function isReady(http: string): Promise<boolean> {
  const answer = await fetch(`${http}/readyz`).catch(() => null);
  await answer?.body?.cancel();
  return answer?.ok ?? false;
}
