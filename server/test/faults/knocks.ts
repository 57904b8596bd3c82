import { setTimeout as pause } from 'node:timers/promises';

/** Readers who open pages all the time. */
export type Knocks = {
  readonly count: number;
  /** What was no answer, or one that says the server is at fault. */
  readonly failed: readonly string[];
  close(): Promise<void>;
};

const EVERY_MS = 50;
const WITHIN_MS = 10_000;

/** Asks for each in turn, whether the last was answered or not. */
export function openKnocks(urls: readonly string[]): Knocks {
  const failed: string[] = [];
  const underway = new Set<Promise<void>>();
  const over = new AbortController();
  let count = 0;

  async function knock(url: string): Promise<void> {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(WITHIN_MS) });
      await answer.arrayBuffer();
      if (answer.status !== 200) failed.push(`${answer.status} ${new URL(url).pathname}`);
    } catch (error) {
      failed.push(`${(error as Error).cause ?? error} ${new URL(url).pathname}`);
    }
  }

  const knocking = (async () => {
    while (!over.signal.aborted) {
      const one = knock(urls[count % urls.length] ?? '').finally(() => underway.delete(one));
      underway.add(one);
      count += 1;
      await pause(EVERY_MS, undefined, { signal: over.signal }).catch(() => 'the run is over');
    }
  })();

  return {
    get count() { return count; },
    failed,
    async close() {
      over.abort();
      await knocking;
      await Promise.all(underway);
    },
  };
}
