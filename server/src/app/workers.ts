import { type ChildProcess, fork } from 'node:child_process';

/** Processes that share one port, each an ordinary server. One that dies is started again. */
export type Workers = {
  /** Resolves when all have ended: with 0 after {@link close}, else with the code of one that never became a server. */
  readonly over: Promise<number>;
  close(): void;
};

const REST_MS: [number, number] = [500, 10_000];
/** Who dies before dies of its settings, or of what all of them need. */
const SETTLED_MS = 10_000;

/** `file` is run `count` times. `envOf`: the environment of each, counted from 0. */
export function startWorkers(file: string, count: number, envOf: (index: number) => NodeJS.ProcessEnv): Workers {
  const children = new Map<number, ChildProcess>();
  const timers = new Set<NodeJS.Timeout>();
  const end = Promise.withResolvers<number>();
  const bornAt = performance.now();
  let closing = false;
  let code = 0;

  function live(index: number, restMs: number): void {
    const began = performance.now();
    const child = fork(file, ['worker', String(index)], { env: envOf(index), stdio: 'inherit' });
    children.set(index, child);
    child.once('exit', (status) => {
      children.delete(index);
      if (!closing && status === 1 && performance.now() - bornAt < SETTLED_MS) {
        code = 1;
        close();
      }
      if (closing) {
        if (children.size === 0) end.resolve(code);
        return;
      }
      const rest = performance.now() - began > SETTLED_MS ? REST_MS[0] : restMs;
      const timer = setTimeout(() => {
        timers.delete(timer);
        live(index, Math.min(REST_MS[1], rest * 2));
      }, rest);
      timers.add(timer);
    });
  }

  function close(): void {
    closing = true;
    for (const timer of timers) clearTimeout(timer);
    // Not by a signal: who stops us may have sent them one too, and a second ends a server before it has finished.
    for (const child of children.values()) if (child.connected) child.disconnect();
    if (children.size === 0) end.resolve(code);
  }

  // One that hangs would be dealt connections for ever.
  process.once('exit', () => { for (const child of children.values()) child.kill('SIGKILL'); });
  for (let index = 0; index < count; index += 1) live(index, REST_MS[0]);
  return { over: end.promise, close };
}
