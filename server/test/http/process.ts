import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { findPort } from '../../dev/ports.ts';
import { LIFTED } from '../support/server.ts';
import { until } from '../support/until.ts';

/** The server as the operator runs it: a process of its own, whose every written byte is kept. */
export type ServerProcess = {
  http: string;
  ws: string;
  metrics: string;
  pid: number;
  /** Everything it wrote so far, on both outputs. */
  readonly log: string;
  close(): Promise<void>;
};

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const READY_WITHIN_MS = 20_000;
export const SECRET = 'an-identity-secret-that-nobody-may-read-anywhere';

/** Logs at the finest level, where a careless line would show first. */
export async function openProcess(databaseUrl: string, env: Record<string, string> = {}): Promise<ServerProcess> {
  const [port, metricsPort] = [await findPort(), await findPort()];
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '', DATABASE_URL: databaseUrl, IDENTITY_SECRET: SECRET, LOG_LEVEL: 'trace', DRAIN_SECONDS: '0',
      PORT: String(port), METRICS_PORT: String(metricsPort), ...LIFTED, ...env,
    },
  });
  let log = '';
  for (const output of [child.stdout, child.stderr]) output.setEncoding('utf8').on('data', (text: string) => { log += text; });
  const ended = once(child, 'exit');
  const address = `127.0.0.1:${port}`;
  // What it writes at its start comes through a pipe, later than its first answer.
  const saidAll = (): boolean => log.includes('Server listening') && (env.ADMIN_TOKEN !== undefined || log.includes('Nobody owns'));
  const isReady = async () => saidAll() && fetch(`http://${address}/readyz`).then((answer) => answer.ok, () => false);
  await until(async () => child.exitCode !== null || await isReady(), READY_WITHIN_MS);
  if (child.exitCode !== null || !(await isReady())) throw new Error(`The server does not start:\n${log}`);
  return {
    http: `http://${address}`,
    ws: `ws://${address}/ws`,
    metrics: `http://127.0.0.1:${metricsPort}/metrics`,
    pid: child.pid ?? 0,
    get log() { return log; },
    async close() {
      if (child.exitCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}
