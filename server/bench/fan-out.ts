import path from 'node:path';
import { findBun } from './bun.ts';
import { startOurs } from './ours.ts';
import { type Child, median, runWorker, startChild } from './process.ts';
import type { Kind, Ran, Run } from './readers.ts';

/** Server CPU per delivered message, one room of 1,000 readers, peers in alternation. */
export type FanOutFigures = { rounds: number; kinds: readonly Kind[]; rates: { rate: number; costs: ReadonlyMap<Kind, Cost> }[] };
export type Cost = { microsPerRow: number; p50: number; p95: number; spread: [number, number] };
type Sides = { kinds: readonly Kind[]; rates: readonly number[] };

export const READERS = 1_000;
const USUAL: Sides = { kinds: ['aside', 'plain', 'socketio'], rates: [1, 20, 200] };
/** Beside the fastest native fan-out, and at a rate that only it and ours keep up with. */
export const NATIVE: Sides = { kinds: ['aside', 'bun', 'plain', 'socketio'], rates: [1, 20, 200, 500] };
const SECONDS = 8;

export async function benchFanOut(rounds: number, say: (line: string) => void, { kinds, rates }: Sides = USUAL): Promise<FanOutFigures> {
  await using stack = new AsyncDisposableStack();
  const ours = await startOurs();
  stack.defer(ours.close);
  const servers = new Map<Kind, Child>([['aside', ours.server]]);
  for (const kind of kinds) {
    if (kind === 'aside') continue;
    const peer = await startChild(path.join(import.meta.dirname, 'peers', `${kind}.ts`), {}, kind === 'bun' ? await findBun() : undefined);
    stack.defer(peer.close);
    servers.set(kind, peer);
  }
  const figures: FanOutFigures = { rounds, kinds, rates: [] };
  for (const rate of rates) {
    const runs = new Map<Kind, Ran[]>(kinds.map((kind) => [kind, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [kind, server] of servers) runs.get(kind)?.push(await run(kind, server, rate, round, say));
    }
    figures.rates.push({ rate, costs: new Map([...runs].map(([kind, ran]) => [kind, sum(ran)])) });
  }
  return figures;
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
  return { microsPerRow: median(values), p50: median(runs.map(({ p50 }) => p50)), p95: median(runs.map(({ p95 }) => p95)), spread: [Math.min(...values), Math.max(...values)] };
}

/** Ours per row, of the other's. */
export function ratioOf(costs: ReadonlyMap<Kind, Cost>, other: Kind): number {
  return (costs.get('aside')?.microsPerRow ?? Number.NaN) / (costs.get(other)?.microsPerRow ?? Number.NaN);
}

const NAMES: Record<Kind, string> = { aside: 'ours', plain: '`ws.send` loop', socketio: 'Socket.IO', bun: 'Bun' };

export function fanOutTable({ rounds, kinds, rates }: FanOutFigures): string {
  const cell = (cost?: Cost): string => (cost ? `${cost.microsPerRow.toFixed(2)} (${cost.spread[0].toFixed(2)}–${cost.spread[1].toFixed(2)}), ${cost.p95.toFixed(0)}` : '');
  const others = kinds.filter((kind) => kind !== 'aside');
  const columns = ['messages a second', ...kinds.map((kind) => NAMES[kind]), ...others.map((kind) => `ours ÷ ${NAMES[kind]}`)];
  return `## Fan-out${kinds.includes('bun') ? ' beside native publish' : ''}

Server CPU in µs per row delivered to a reader (median and range of ${rounds} rounds), and the p95 in ms from the send to a reader's socket, over all messages and readers. One room of ${READERS.toLocaleString('en')} readers, ${SECONDS} s a run, peers in alternation, the same span idle taken off; every reader counts its rows, and a run is void unless that is messages × readers. The peers keep nothing; ours commits every message to PostgreSQL first, and that CPU is in its figure.

| ${columns.join(' | ')} |
|${columns.map(() => '---|').join('')}
${rates.map(({ rate, costs }) => `| ${[String(rate), ...kinds.map((kind) => cell(costs.get(kind))), ...others.map((kind) => ratioOf(costs, kind).toFixed(2))].join(' | ')} |`).join('\n')}
`;
}
