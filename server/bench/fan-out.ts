import path from 'node:path';
import { startOurs } from './ours.ts';
import { type Child, median, runWorker, startChild } from './process.ts';
import type { Kind, Ran, Run } from './readers.ts';

/** Server CPU per delivered message, one room of 1,000 readers, peers in alternation. */
export type FanOutFigures = { rounds: number; rates: { rate: number; kinds: Record<Kind, Cost> }[] };
type Cost = { microsPerRow: number; p95: number; spread: [number, number] };

export const READERS = 1_000;
export const RATES = [1, 20, 200];
const SECONDS = 8;

export async function benchFanOut(rounds: number, say: (line: string) => void, rates: readonly number[] = RATES): Promise<FanOutFigures> {
  const ours = await startOurs();
  const peer = (name: string): Promise<Child> => startChild(path.join(import.meta.dirname, 'peers', `${name}.ts`), {});
  const servers: Record<Kind, Child> = { aside: ours.server, plain: await peer('plain'), socketio: await peer('socketio') };
  try {
    const figures: FanOutFigures = { rounds, rates: [] };
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

function sum(runs: Ran[]): Cost {
  const values = runs.map(micros);
  return { microsPerRow: median(values), p95: median(runs.map(({ p95 }) => p95)), spread: [Math.min(...values), Math.max(...values)] };
}

export function fanOutTable({ rounds, rates }: FanOutFigures): string {
  const cell = ({ microsPerRow, p95, spread }: Cost): string => `${microsPerRow.toFixed(2)} (${spread[0].toFixed(2)}–${spread[1].toFixed(2)}), ${p95.toFixed(0)}`;
  return `## Fan-out

Server CPU in µs per row delivered to a reader (median and range of ${rounds} rounds), and the p95 in ms from the send to a reader's socket, over all messages and readers. One room of ${READERS.toLocaleString('en')} readers, ${SECONDS} s a run, peers in alternation, the same span idle taken off; every reader counts its rows, and a run is void unless that is messages × readers. The peers keep nothing; ours commits every message to PostgreSQL first, and that CPU is in its figure.

| messages a second | ours | \`ws.send\` loop | Socket.IO | ours ÷ loop | ours ÷ Socket.IO |
|---|---|---|---|---|---|
${rates.map(({ rate, kinds: { aside, plain, socketio } }) => `| ${rate} | ${cell(aside)} | ${cell(plain)} | ${cell(socketio)} | ${(aside.microsPerRow / plain.microsPerRow).toFixed(2)} | ${(aside.microsPerRow / socketio.microsPerRow).toFixed(2)} |`).join('\n')}
`;
}
