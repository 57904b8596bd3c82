import path from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { findBun } from './bun.ts';
import { quantile } from './load/histogram.ts';
import type { Kind } from './load/kinds.ts';
import { measure, openLoad } from './load/load.ts';
import { startOurs } from './ours.ts';
import { drawPlot } from './plot.ts';
import { type Child, median, startChild } from './process.ts';

/** Server CPU per delivered message, peers in alternation. */
export type FanOutFigures = { rounds: number; sides: Sides; rates: { rate: number; costs: ReadonlyMap<Kind, Cost> }[] };
export type Cost = { microsPerRow: number; p50: number; p95: number; spread: [number, number] };
/** `readers` in each of the rooms; `rates`: messages a second in each. */
type Sides = { title: string; kinds: readonly Kind[]; rooms: number; readers: number; rates: readonly number[] };

const USUAL: Sides = { title: 'Fan-out', kinds: ['aside', 'plain', 'socketio'], rooms: 1, readers: 1_000, rates: [1, 20, 200] };
/** Beside the fastest native fan-out, and at a rate that only it and ours keep up with. */
export const NATIVE: Sides = { title: 'Fan-out beside native publish', kinds: ['aside', 'bun', 'plain', 'socketio'], rooms: 1, readers: 1_000, rates: [1, 20, 200, 500] };
/** Where no two messages can share a write. */
export const ROOMS: Sides = { title: 'Many small rooms', kinds: ['aside', 'bun'], rooms: 200, readers: 50, rates: [1] };
const SECONDS = 8;
/** Where eight would be eight messages. */
const SECONDS_WHERE_RARE = 24;
const secondsOf = (rate: number, rooms: number): number => (rate * rooms < 5 ? SECONDS_WHERE_RARE : SECONDS);
/** Before anything is measured: what runs for days is not what was just started. */
const WARM = { rows: 200_000, perSecond: 20, rest: 2_500 };

type Ran = { micros: number; p50: number; p95: number };

export async function benchFanOut(rounds: number, say: (line: string) => void, sides: Sides = USUAL): Promise<FanOutFigures> {
  const { kinds, rates } = sides;
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
  const figures: FanOutFigures = { rounds, sides, rates: [] };
  for (const rate of rates) {
    const runs = new Map<Kind, Ran[]>(kinds.map((kind) => [kind, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [kind, server] of servers) runs.get(kind)?.push(await run(kind, server, sides, rate, round, say));
    }
    figures.rates.push({ rate, costs: new Map([...runs].map(([kind, ran]) => [kind, sum(ran)])) });
  }
  return figures;
}

async function run(kind: Kind, server: Child, { rooms, readers }: Sides, rate: number, round: number, say: (line: string) => void): Promise<Ran> {
  const load = await openLoad({ kind, url: `ws://127.0.0.1:${server.port}`, rooms: Array.from({ length: rooms }, (_, i) => `fanout-${readers}-${rate}-${round}-${i}`), readers });
  try {
    await load.speak(WARM.perSecond, WARM.rows / (WARM.perSecond * rooms * readers));
    await rest(WARM.rest);
    const { rows, bytes, late, busyMs, idleMs } = await measure(load, [server.pid], rate, secondsOf(rate, rooms));
    const ran = { micros: ((busyMs - idleMs) * 1_000) / rows, p50: quantile(late, 0.5), p95: quantile(late, 0.95) };
    say(`${rate}/s, round ${round + 1}, ${kind}: ${ran.micros.toFixed(2)} µs and ${(bytes / rows).toFixed(0)} bytes a row, p50 ${ran.p50} p95 ${ran.p95} max ${quantile(late, 1)} ms (busy ${busyMs.toFixed(0)}, idle ${idleMs.toFixed(0)} ms of CPU)`);
    return ran;
  } finally {
    await load.close();
  }
}

function sum(runs: Ran[]): Cost {
  const values = runs.map(({ micros }) => micros);
  return { microsPerRow: median(values), p50: median(runs.map(({ p50 }) => p50)), p95: median(runs.map(({ p95 }) => p95)), spread: [Math.min(...values), Math.max(...values)] };
}

/** Ours per row, of the other's. */
export function ratioOf(costs: ReadonlyMap<Kind, Cost>, other: Kind): number {
  return (costs.get('aside')?.microsPerRow ?? Number.NaN) / (costs.get(other)?.microsPerRow ?? Number.NaN);
}

/** Delivered by ours and by each peer. */
export function rowsOf({ rounds, sides: { rooms, readers }, rates }: FanOutFigures): number {
  return rates.reduce((sum, { rate }) => sum + rate * secondsOf(rate, rooms), 0) * rooms * readers * rounds;
}

const NAMES: Record<Kind, string> = { aside: 'ours', plain: '`ws.send` loop', socketio: 'Socket.IO', bun: 'Bun' };

export function fanOutTable({ rounds, sides: { title, kinds, rooms, readers }, rates }: FanOutFigures): string {
  const cell = (cost?: Cost): string => (cost ? `${cost.microsPerRow.toFixed(2)} (${cost.spread[0].toFixed(2)}–${cost.spread[1].toFixed(2)}), ${cost.p95.toFixed(0)}` : '');
  const others = kinds.filter((kind) => kind !== 'aside');
  const columns = ['messages a second', ...kinds.map((kind) => NAMES[kind]), ...others.map((kind) => `ours ÷ ${NAMES[kind]}`)];
  return `## ${title}

Server CPU in µs per row delivered to a reader (median and range of ${rounds} rounds), and the p95 in ms from the send to a reader's socket, over all messages and readers. ${rooms === 1 ? 'One room' : `${rooms} rooms`} of ${readers.toLocaleString('en')} readers, the rate in each, ${SECONDS} s a run (${SECONDS_WHERE_RARE} where messages are rare), who speaks in another process than who reads, peers in alternation, the same span idle taken off; every reader counts its rows, and a run is void unless that is messages × readers. The peers keep nothing; ours commits every message to PostgreSQL first, and that CPU is in its figure.

| ${columns.join(' | ')} |
|${columns.map(() => '---|').join('')}
${rates.map(({ rate, costs }) => `| ${[String(rate), ...kinds.map((kind) => cell(costs.get(kind))), ...others.map((kind) => ratioOf(costs, kind).toFixed(2))].join(' | ')} |`).join('\n')}
`;
}

/** What a row costs, by how many come a second. */
export function fanOutPlot({ sides: { title, kinds, rooms, readers }, rates }: FanOutFigures): string {
  return drawPlot({
    title: `${title}: ${rooms === 1 ? 'one room' : `${rooms} rooms`}, ${readers.toLocaleString('en')} readers`,
    x: 'messages a second',
    y: 'µs of server CPU per row delivered',
    lines: kinds.map((kind) => ({
      name: NAMES[kind].replaceAll('`', ''),
      points: rates.flatMap(({ rate, costs }) => {
        const cost = costs.get(kind);
        return cost ? [{ x: rate, y: cost.microsPerRow, spread: cost.spread }] : [];
      }),
    })),
  });
}
