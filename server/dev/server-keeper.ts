import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { reasonIn } from './reason.ts';

export type ServerOptions = {
  main: string;
  env: NodeJS.ProcessEnv;
  /** Answers 200 as soon as the server is ready. */
  readyUrl: string;
  logFile: string;
  say(line: string): void;
};

export type ServerKeeper = {
  /** Settles at the first readiness. */
  ready: Promise<void>;
  /** Rejects when the server cannot be kept alive. */
  lost: Promise<never>;
  close(withinMs: number): Promise<void>;
};

const MS_TO_READY = 60_000;
const MS_BETWEEN_LIVES = 500;
/** A server that keeps dying this young, this many times in a row, is not started again. */
const YOUNG_MS = 5_000;
const YOUNG_DEATHS = 5;

/** Runs the server as a process of its own and starts it again whenever it dies. */
export async function keepServer(options: ServerOptions): Promise<ServerKeeper> {
  // At the first start there is no earlier log.
  await rename(options.logFile, `${options.logFile}.1`).catch(() => null);
  const log = createWriteStream(options.logFile, { mode: 0o600 });
  const first = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<never>();
  const closing = new AbortController();
  let life: Life | null = null;
  // Whoever does not ask is not told; without this, Node would end the process.
  for (const promise of [first.promise, lost.promise]) promise.catch(() => null);

  const lives = async () => {
    for (let youngDeaths = 0, everReady = false; !closing.signal.aborted; ) {
      const bornAt = Date.now();
      life = live(options, log);
      const isReady = await Promise.race([untilReady(options.readyUrl, life.ended), life.ended.then(() => false)]);
      if (isReady && everReady) options.say('The server is back.');
      if (isReady) first.resolve();
      everReady ||= isReady;
      const reason = await life.ended;
      if (closing.signal.aborted) return;
      youngDeaths = Date.now() - bornAt < YOUNG_MS ? youngDeaths + 1 : 0;
      if (!everReady) throw new Error(`The server does not start: ${reason}`);
      if (youngDeaths >= YOUNG_DEATHS) throw new Error(`The server dies again and again: ${reason}`);
      options.say(`The server ended by itself (${reason}); starting it again.`);
      await pause(MS_BETWEEN_LIVES, undefined, { signal: closing.signal }).catch(() => null);
    }
  };
  const whole = lives().catch((error: Error) => {
    first.reject(error);
    lost.reject(error);
  });

  return {
    ready: first.promise,
    lost: lost.promise,
    async close(withinMs) {
      closing.abort();
      life?.child.kill('SIGTERM');
      const timer = setTimeout(() => life?.child.kill('SIGKILL'), withinMs);
      await whole;
      clearTimeout(timer);
      log.end();
    },
  };
}

type Life = { child: ChildProcess; ended: Promise<string> };

function live({ main, env }: ServerOptions, log: NodeJS.WritableStream): Life {
  const leash = path.join(import.meta.dirname, 'leash.ts');
  // Detached: Ctrl-C in a terminal reaches the whole group, and it is ours to end the server in order.
  const child = spawn(process.execPath, ['--import', leash, main], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
  let tail = '';
  for (const pipe of [child.stdout, child.stderr]) {
    pipe?.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-16_384);
      log.write(text);
    });
  }
  const ended = new Promise<string>((settle) => {
    child.once('error', (error) => settle(error.message));
    child.once('close', (code, signal) => settle(reasonIn(tail) ?? (signal ? `killed by ${signal}` : `exit code ${code}`)));
  });
  return { child, ended };
}

async function untilReady(url: string, ended: Promise<unknown>): Promise<boolean> {
  let over = false;
  void ended.then(() => (over = true));
  for (const deadline = Date.now() + MS_TO_READY; !over && Date.now() < deadline; await pause(50)) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return true;
  }
  return false;
}
