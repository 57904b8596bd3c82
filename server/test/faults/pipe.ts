import type { Socket } from 'node:net';
import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises';
import type { Random } from './random.ts';

/** One direction of one connection. */
export type Pipe = {
  /** From now on nothing is forwarded, and neither side is told. */
  halt(): void;
  /** Forwards only `bytes` of the next chunk, or all of it, and then calls back with what it withheld. */
  trap(bytes: number | 'all', sprung: (passed: number, withheld: number) => void): void;
  readonly bytes: number;
  readonly halted: boolean;
};
export type Manners = { delayMs: number; /** Pieces of 1..n bytes, each in its own turn of the event loop. */ split: number | null };
/** What really happened to bytes on the way. */
export type PipeEffects = { delayedBytes: number; pieces: number; swallowedBytes: number };

const QUEUE_MAX_BYTES = 1024 * 1024;

export function createPipe(from: Socket, to: Socket, manners: () => Manners, effects: PipeEffects, random: Random): Pipe {
  const queue: { chunk: Buffer; due: number }[] = [];
  let queued = 0;
  let bytes = 0;
  let running = false;
  let ended = false;
  let halted = false;
  let armed: { limit: number | 'all'; sprung: (passed: number, withheld: number) => void } | null = null;

  from.on('data', (chunk: Buffer) => {
    const { delayMs } = manners();
    if (delayMs > 0) effects.delayedBytes += chunk.length;
    queue.push({ chunk, due: performance.now() + delayMs });
    queued += chunk.length;
    if (queued > QUEUE_MAX_BYTES) from.pause();
    void run();
  });
  from.on('end', () => {
    ended = true;
    void run();
  });

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    for (let next = queue.shift(); next; next = queue.shift()) {
      const wait = next.due - performance.now();
      if (wait > 0) await pause(wait);
      await forward(next.chunk);
      queued -= next.chunk.length;
      if (from.isPaused() && queued <= QUEUE_MAX_BYTES) from.resume();
    }
    running = false;
    if (ended && !halted) to.end();
  }

  async function forward(chunk: Buffer): Promise<void> {
    if (halted) effects.swallowedBytes += chunk.length;
    if (halted || to.destroyed) return;
    const trap = armed;
    armed = null;
    const whole = trap && trap.limit !== 'all' ? chunk.subarray(0, trap.limit) : chunk;
    bytes += whole.length;
    for (const piece of cutUp(whole)) {
      if (!to.write(piece)) await drained(to);
      if (manners().split !== null) await breathe();
    }
    // The last bytes must have left before the connection is cut behind them.
    if (trap) to.write('', () => trap.sprung(whole.length, chunk.length - whole.length));
  }

  function* cutUp(chunk: Buffer): Generator<Buffer> {
    const { split } = manners();
    if (split === null) return yield chunk;
    for (let at = 0; at < chunk.length; ) {
      const size = random.between(1, split);
      effects.pieces += 1;
      yield chunk.subarray(at, at + size);
      at += size;
    }
  }

  return {
    halt() {
      halted = true;
    },
    trap(limit, sprung) {
      armed = { limit, sprung };
    },
    get bytes() {
      return bytes;
    },
    get halted() {
      return halted;
    },
  };
}

function drained(to: Socket): Promise<void> {
  if (to.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      to.off('drain', done).off('close', done);
      resolve();
    };
    to.on('drain', done).on('close', done);
  });
}
