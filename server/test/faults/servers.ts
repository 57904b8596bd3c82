import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findPort } from '../../dev/ports.ts';
import { ROOT } from '../../dev/places.ts';
import { until } from '../support/until.ts';

/** A real server in a process of its own, on one port through all its lives. */
export type Server = {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  /** The clone whose server its next life runs. */
  root: string;
  readonly ready: boolean;
  /** SIGKILL; resolves when it is dead. It is started again at once. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with its exit code when it has sent its readers elsewhere and ended. It is started again at once. */
  stop(): Promise<number | null>;
  /** SIGSTOP, and SIGCONT. */
  stand(): void;
  goOn(): void;
  untilReady(): Promise<void>;
  /** Deaths after it was ready that nobody here caused. */
  readonly lostLives: readonly string[];
  close(): Promise<void>;
};

/** Ends the server should this process die without a word. */
const leash = path.join(import.meta.dirname, '../../dev/leash.ts');

/** Caps that this many clients on one address would meet first; nothing else differs from what an operator runs. */
const LIFTED = {
  ROOM_MESSAGES_PER_S: '100000', ROOM_BYTES_PER_S: '100000000', SENDER_MESSAGES_PER_S: '100000', FRAMES_PER_MINUTE: '10000000', CONNECTIONS_PER_ADDRESS: '20000', REPEAT_SECONDS: '0', SHIELD: 'off', WORDS: 'none',
};
const MS_BETWEEN_LIVES = 100;
const READY_WITHIN_MS = 30_000;

/** `more`: settings of its own, over the usual. `root`: the clone it is of. */
export async function startServer(name: string, databaseUrl: string, logDir: string, more: Record<string, string> = {}, root = ROOT): Promise<Server> {
  const port = await findPort();
  const log = createWriteStream(path.join(logDir, `${name}.log`));
  const lostLives: string[] = [];
  let child: ChildProcess;
  let ready = false;
  let closing = false;
  let killed = false;
  let ended: Promise<number | null>;

  function live(): void {
    const env = {
      ...process.env, ...LIFTED, DATABASE_URL: databaseUrl, PORT: String(port), HOST: '127.0.0.1', METRICS_PORT: '0', DRAIN_SECONDS: '0',
      IDENTITY_SECRET: 'a secret for the fault programme that is long enough', LOG_LEVEL: 'warn', ...more,
    };
    const mine = (child = spawn(process.execPath, ['--import', leash, path.join(server.root, 'server/src/main.ts')], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true }));
    killed = false;
    for (const out of [mine.stdout, mine.stderr]) out?.on('data', (text) => log.write(text));
    ended = new Promise((resolve) => {
      mine.once('exit', (code, signal) => {
        if (ready && !killed && !closing) lostLives.push(`${name} died by itself: ${signal ?? `exit code ${code}`}`);
        ready = false;
        resolve(code);
        // While the database is away a start fails; it is tried again until it is back.
        if (!closing) setTimeout(() => { if (!closing) live(); }, MS_BETWEEN_LIVES);
      });
    });
    void watch(mine);
  }

  async function watch(mine: ChildProcess): Promise<void> {
    while (mine.exitCode === null && mine.signalCode === null && !closing) {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(() => null);
      await answer?.body?.cancel();
      if (answer?.ok && mine === child && mine.exitCode === null && mine.signalCode === null) {
        ready = true;
        return;
      }
      await pause(30);
    }
  }

  const server: Server = {
    name,
    root,
    port,
    url: `ws://127.0.0.1:${port}/ws`,
    get ready() { return ready; },
    lostLives,
    async kill() {
      killed = true;
      child.kill('SIGKILL');
      await ended;
    },
    stop() {
      killed = true;
      child.kill('SIGTERM');
      return ended;
    },
    stand: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
    async untilReady() {
      if (!(await until(() => ready, READY_WITHIN_MS))) throw new Error(`${name} does not start; its log is ${log.path}`);
    },
    async close() {
      closing = true;
      child.kill('SIGTERM');
      child.kill('SIGCONT');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(timer);
      log.end();
    },
  };
  live();
  return server;
}
