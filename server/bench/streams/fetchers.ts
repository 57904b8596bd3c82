import { openCaller } from './wire.ts';

/** A worker: connections that ask for the same few things over and over for a while. */
export type Fetching = { port: number; paths: string[]; connections: number; seconds: number };
export type Fetched = { answers: number; bytes: number };

const { port, paths, connections, seconds } = JSON.parse(process.argv[2] ?? '{}') as Fetching;
const until = performance.now() + seconds * 1_000;
let answers = 0;
let bytes = 0;
await Promise.all(Array.from({ length: connections }, async (_, i) => {
  const caller = await openCaller(port);
  for (let n = i; performance.now() < until; n += 1) {
    const answer = await caller.get(paths[n % paths.length] ?? '');
    if (answer.status !== 200) throw new Error(`${answer.status} for ${paths[n % paths.length]}`);
    answers += 1;
    bytes += answer.bytes;
  }
  caller.close();
}));
process.stdout.write(`${JSON.stringify({ answers, bytes } satisfies Fetched)}\n`);
