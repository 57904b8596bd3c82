import path from 'node:path';
import { startOurs } from './ours.ts';
import { type Child, median, runWorker, startChild } from './process.ts';
import type { Kind, Ran, Run } from './readers.ts';

/** Server CPU per delivered message, one room of 1,000 readers, peers in alternation. */
export type FanOutFigures = { rates: { rate: number; kinds: Record<Kind, { microsPerRow: number; p95: number; spread: [number, number] }> }[] };

export const READERS = 1_000;
export const RATES = [1, 20, 200];
/** What a plain loop cannot keep up with is measured shorter: it only falls further behind. */
const SECONDS = 8;

export async function benchFanOut(rounds: number, say: (line: string) => void, rates: readonly number[] = RATES): Promise<FanOutFigures> {
  const ours = await startOurs();
  const peer = (name: string): Promise<Child> => startChild(path.join(import.meta.dirname, 'peers', `${name}.ts`), {});
  const servers: Record<Kind, Child> = { aside: ours.server, plain: await peer('plain'), socketio: await peer('socketio') };
  try {
    const figures: FanOutFigures = { rates: [] };
    for (const rate of rates) {
      const runs: Record<Kind, Ran[]> = { aside: [], plain: [], socketio: [] };
      for (let round = 0; round < rounds; round += 1) {
        for (const kind of ['aside', 'plain', 'socketio'] as const) runs[kind].push(await run(kind, servers[kind], rate, round, say));
      }
      figures.rates.push({ rate, kinds: { aside: sum(runs.aside), plain: sum(runs.plain), socketio: sum(runs.socketio) } });
    }
    return figures;
  } finally {
    await servers.plain.close();
    await servers.socketio.close();
    await ours.close();
  }
}

async function run(kind: Kind, server: Child, rate: number, round: number, say: (line: string) => void): Promise<Ran> {
  const asked: Run = { kind, url: `ws://127.0.0.1:${server.port}`, pid: server.pid, room: `fanout-${rate}-${round}`, readers: READERS, rate, seconds: SECONDS };
  const ran = await runWorker<Ran>(path.join(import.meta.dirname, 'readers.ts'), asked);
  if (ran.delivered !== ran.expected) throw new Error(`${kind} at ${rate}/s delivered ${ran.delivered} of ${ran.expected} rows: the run is void`);
  say(`${rate}/s, round ${round + 1}, ${kind}: ${micros(ran).toFixed(2)} µs a row, p50 ${ran.p50} p95 ${ran.p95} max ${ran.max} ms (busy ${ran.cpuMs.toFixed(0)}, idle ${ran.idleMs.toFixed(0)} ms of CPU)`);
  return ran;
}

function micros({ cpuMs, idleMs, delivered }: Ran): number {
  return ((cpuMs - idleMs) * 1_000) / delivered;
}

function sum(runs: Ran[]): { microsPerRow: number; p95: number; spread: [number, number] } {
  const values = runs.map(micros);
  return { microsPerRow: median(values), p95: median(runs.map(({ p95 }) => p95)), spread: [Math.min(...values), Math.max(...values)] };
}
