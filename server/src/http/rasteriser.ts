import { Worker } from 'node:worker_threads';

/** Draws pictures beside the thread that chats: one takes about as long as a thousand messages. */
export type Rasteriser = {
  /** A PNG of an SVG, its texts in the card's own face; null when too many wait already. */
  draw(svg: string): Promise<Uint8Array> | null;
  close(): Promise<void>;
};
type Job = { svg: string } & PromiseWithResolvers<Uint8Array>;

const WAITING_MAX = 16;
const WITHIN_MS = 10_000;
/** A thread with the face and the drawing in it holds about 40 MB. */
const IDLE_MS = 60_000;

export function createRasteriser(): Rasteriser {
  const jobs: Job[] = [];
  let worker: Worker | null = null;
  let alarm: ReturnType<typeof setTimeout> | undefined;

  const begin = (): Worker => {
    const begun = new Worker(new URL('rasterise.worker.ts', import.meta.url));
    begun.unref();
    begun.on('message', (png: Uint8Array | null) => {
      if (worker === begun) end(png ?? new Error('This cannot be drawn.'));
    });
    begun.on('error', (error) => {
      if (worker !== begun) return;
      worker = null;
      end(error instanceof Error ? error : new Error(String(error)));
    });
    return begun;
  };

  const stop = async (): Promise<void> => {
    const stopped = worker;
    worker = null;
    await stopped?.terminate();
  };

  /** The first is being drawn. */
  const go = (): void => {
    clearTimeout(alarm);
    const [job] = jobs;
    if (job) (worker ??= begin()).postMessage(job.svg);
    alarm = setTimeout(job ? () => void stop().then(() => end(new Error('This took too long to draw.'))) : () => void stop(), job ? WITHIN_MS : IDLE_MS);
    alarm.unref();
  };

  const end = (outcome: Uint8Array | Error): void => {
    const job = jobs.shift();
    if (outcome instanceof Error) job?.reject(outcome);
    else job?.resolve(outcome);
    go();
  };

  return {
    draw(svg) {
      if (jobs.length >= WAITING_MAX) return null;
      const job = { svg, ...Promise.withResolvers<Uint8Array>() };
      if (jobs.push(job) === 1) go();
      return job.promise;
    },
    async close() {
      clearTimeout(alarm);
      for (const job of jobs.splice(0)) job.reject(new Error('The server closes.'));
      await stop();
      clearTimeout(alarm);
    },
  };
}
