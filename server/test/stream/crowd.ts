import { parentPort, workerData } from 'node:worker_threads';

/** A thread of viewers who ask without a pause, so that what they take is not taken from who measures. Ends by a message; tells how often it saw which status, 0 where it was cut off. */
const { http, paths, viewers } = workerData as { http: string; paths: string[]; viewers: number };
const leaving = new AbortController();
const seen = new Map<number, number>();
parentPort?.once('message', () => leaving.abort());
await Promise.all(Array.from({ length: viewers }, async (_, i) => {
  while (!leaving.signal.aborted) {
    const status = await fetch(http + paths[i % paths.length], { signal: leaving.signal }).then(async (answer) => {
      for await (const _ of answer.body ?? []);
      return answer.status;
    }).catch(() => 0);
    seen.set(status, (seen.get(status) ?? 0) + 1);
    await new Promise((resolve) => setImmediate(resolve));
  }
}));
parentPort?.postMessage(seen);
