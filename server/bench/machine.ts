import { setTimeout as rest } from 'node:timers/promises';
import { findPort } from '../dev/ports.ts';
import { openRedis } from '../test/support/redis.ts';
import { until } from '../test/support/until.ts';
import { createHistogram, quantile } from './load/histogram.ts';
import { type Cost, measure, openLoad } from './load/load.ts';
import { resident } from './memory.ts';
import { startOurs } from './ours.ts';
import { childrenOf } from './process.ts';

/** What one machine holds: several processes of ours on one port and one Redis, beside everybody who reads. */
export type MachineFigures = {
  sockets: number; workers: number; rooms: number; perRoom: number;
  deliveriesPerS: number; p50: number; p95: number; p99: number; max: number;
  /** Of the processes of ours: cores in use while they deliver, and while nobody speaks; resident bytes. */
  cores: number; idleCores: number; each: number[]; redisBytes: number; bytesPerRow: number; enterS: number;
};
export type MachineShape = { rooms: number; readers: number; perRoom: number; workers: number; seconds: number; /** Of which the median by the 95th percentile is told. */ rounds: number };

export const MACHINE: MachineShape = { rooms: 100, readers: 1_000, perRoom: 0.5, workers: 6, seconds: 30, rounds: 1 };
/** What must hold where the machine's cores carry no more, with as many processes as its file descriptors ask for. */
export const MACHINE_FLOOR: MachineShape = { rooms: 100, readers: 800, perRoom: 0.32, workers: 5, seconds: 25, rounds: 3 };
const REST_MS = 5_000;

export async function benchMachine({ rooms, readers, perRoom, workers, seconds, rounds }: MachineShape, say: (line: string) => void): Promise<MachineFigures> {
  await using stack = new AsyncDisposableStack();
  const redis = await openRedis();
  stack.defer(redis.close);
  const port = await findPort();
  const ours = await startOurs({ WORKERS: String(workers), REDIS_URL: redis.url, PORT: String(port) });
  stack.defer(ours.close);
  let pids: number[] = [];
  if (!(await until(async () => (pids = childrenOf(ours.server.pid)).length === workers && (await fetch(`http://127.0.0.1:${port}/healthz`).then(({ ok }) => ok, () => false)), 20_000))) throw new Error('the processes did not start');
  await rest(REST_MS);
  const began = performance.now();
  const load = await openLoad({ kind: 'aside', url: `ws://127.0.0.1:${port}`, rooms: Array.from({ length: rooms }, (_, i) => `machine-${i}`), readers: readers - 1, processes: workers });
  stack.defer(load.close);
  const enterS = (performance.now() - began) / 1_000;
  say(`${load.sockets} sockets after ${enterS.toFixed(0)} s`);
  await rest(REST_MS);
  const runs: Cost[] = [];
  for (let i = 0; i < rounds; i += 1) {
    runs.push(await measure(load, pids, perRoom, seconds));
    say(`p95 ${quantile(runs.at(-1)?.late ?? createHistogram(), 0.95)} ms`);
  }
  const heard = runs.sort((a, b) => quantile(a.late, 0.95) - quantile(b.late, 0.95))[Math.floor(rounds / 2)] as Cost;
  const of = (share: number): number => quantile(heard.late, share);
  const figures: MachineFigures = {
    sockets: load.sockets, workers, rooms, perRoom,
    deliveriesPerS: heard.rows / seconds, p50: of(0.5), p95: of(0.95), p99: of(0.99), max: of(1),
    cores: heard.busyMs / (seconds * 1_000), idleCores: heard.idleMs / (seconds * 1_000), each: pids.map(resident), redisBytes: Number((await redis.say('info', 'memory')).match(/used_memory_rss:(\d+)/)?.[1]), bytesPerRow: heard.bytes / heard.rows, enterS,
  };
  say(JSON.stringify(figures));
  return figures;
}

export function machineTable(runs: readonly MachineFigures[]): string {
  return `## One machine

${runs.map(tableOf).join('\n')}`;
}

function tableOf({ sockets, workers, rooms, perRoom, deliveriesPerS, p50, p95, p99, max, cores, idleCores, each, redisBytes, bytesPerRow, enterS }: MachineFigures): string {
  const total = each.reduce((sum, one) => sum + one, 0);
  return `${workers} processes on one port, one Redis, one PostgreSQL and everybody who reads, on one machine: **${sockets.toLocaleString('en')} connections** in ${rooms} rooms, ${perRoom} messages a second in each, **${deliveriesPerS.toFixed(0)} deliveries a second**.

| what | figure |
|---|---|
| send to socket | p50 ${p50}, p95 ${p95}, p99 ${p99}, longest ${max} ms |
| our processes | ${cores.toFixed(2)} cores while they deliver, ${idleCores.toFixed(2)} while nobody speaks; ${(total / 1e6).toFixed(0)} MB resident (${each.map((one) => (one / 1e6).toFixed(0)).join(', ')}), ${(total / sockets / 1_000).toFixed(1)} kB a connection |
| Redis | ${(redisBytes / 1e6).toFixed(0)} MB resident |
| on the wire | ${bytesPerRow.toFixed(0)} bytes a row |
| all came in | within ${enterS.toFixed(0)} s |
`;
}
