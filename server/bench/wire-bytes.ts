import path from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { quantile } from './load/histogram.ts';
import type { Kind } from './load/kinds.ts';
import { measure, openLoad } from './load/load.ts';
import { startOurs } from './ours.ts';
import { type Child, median, startChild } from './process.ts';

/** Bytes on the wire and server CPU per delivered row: ours compressed and not, beside peers, in alternation. */
export type WireFigures = { rounds: number; rates: readonly { rate: number; costs: ReadonlyMap<Side, WireCost> }[] };
export type WireCost = { bytes: number; micros: number; p95: number };
const SIDES = { deflated: 'ours, compressed', aside: 'ours', plain: '`ws.send` loop', socketio: 'Socket.IO' };
type Side = keyof typeof SIDES;

const RATES = [1, 20, 200, 500];
const READERS = 1_000;
const VOICES = 20;
const SECONDS = 8;
/** As in the fan-out: what runs for days is not what was just started. */
const WARM = { rows: 200_000, perSecond: 20, rest: 2_500 };

export async function benchWire(rounds: number, say: (line: string) => void, rates = RATES, sides = Object.keys(SIDES) as Side[]): Promise<WireFigures> {
  await using stack = new AsyncDisposableStack();
  const ours = await startOurs();
  stack.defer(ours.close);
  const servers = new Map<Side, Child>();
  for (const side of sides) {
    if (kindOf(side) === 'aside') {
      servers.set(side, ours.server);
      continue;
    }
    const peer = await startChild(path.join(import.meta.dirname, 'peers', `${side}.ts`), {});
    stack.defer(peer.close);
    servers.set(side, peer);
  }
  const figures: { rate: number; costs: Map<Side, WireCost> }[] = [];
  for (const rate of rates) {
    const runs = new Map<Side, WireCost[]>(sides.map((side) => [side, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [side, server] of servers) {
        const cost = await run(side, server, rate, round);
        runs.get(side)?.push(cost);
        say(`${rate}/s, round ${round + 1}, ${SIDES[side]}: ${cost.bytes.toFixed(0)} bytes and ${cost.micros.toFixed(2)} µs a row, p95 ${cost.p95} ms`);
      }
    }
    const middle = (ran: WireCost[]): WireCost => ({ bytes: median(ran.map(({ bytes }) => bytes)), micros: median(ran.map(({ micros }) => micros)), p95: median(ran.map(({ p95 }) => p95)) });
    figures.push({ rate, costs: new Map([...runs].map(([side, ran]) => [side, middle(ran)])) });
  }
  return { rounds, rates: figures };
}

function kindOf(side: Side): Kind {
  return side === 'deflated' ? 'aside' : side;
}

async function run(side: Side, server: Child, rate: number, round: number): Promise<WireCost> {
  const load = await openLoad({ kind: kindOf(side), url: `ws://127.0.0.1:${server.port}`, rooms: [`wire-${side}-${rate}-${round}`], readers: READERS, deflate: side === 'deflated', voices: VOICES });
  try {
    await load.speak(WARM.perSecond, WARM.rows / (WARM.perSecond * READERS));
    await rest(WARM.rest);
    const { rows, bytes, late, busyMs, idleMs } = await measure(load, [server.pid], rate, SECONDS);
    return { bytes: bytes / rows, micros: ((busyMs - idleMs) * 1_000) / rows, p95: quantile(late, 0.95) };
  } finally {
    await load.close();
  }
}

/** Compressed, of what is not. */
export function deflatedRatio(costs: ReadonlyMap<Side, WireCost>, what: 'bytes' | 'micros'): number {
  return (costs.get('deflated')?.[what] ?? Number.NaN) / (costs.get('aside')?.[what] ?? Number.NaN);
}

/** Delivered by each side. */
export function wireRows({ rounds, rates }: WireFigures): number {
  return rates.reduce((sum, { rate, costs }) => sum + rate * SECONDS * costs.size, 0) * READERS * rounds;
}

export function wireTable({ rounds, rates }: WireFigures): string {
  const sides = Object.keys(SIDES) as Side[];
  const cell = (cost?: WireCost): string => (cost ? `${cost.bytes.toFixed(0)} bytes, ${cost.micros.toFixed(2)} µs, ${cost.p95.toFixed(0)} ms` : '');
  const columns = ['messages a second', ...sides.map((side) => SIDES[side]), 'compressed ÷ not: bytes', 'CPU'];
  return `## Bytes on the wire

Per row delivered to a reader: bytes received, server CPU, and the p95 from the send to a reader's socket (medians of ${rounds} rounds). One room of ${READERS.toLocaleString('en')} readers, ${VOICES} who speak in turn in words drawn from the Korean guides, ${SECONDS} s a run, sides in alternation, the same span idle taken off. Readers of the first column offer \`permessage-deflate\`, as browsers do; rows are compressed where it pays, once for all.

| ${columns.join(' | ')} |
|${columns.map(() => '---|').join('')}
${rates.map(({ rate, costs }) => `| ${[String(rate), ...sides.map((side) => cell(costs.get(side))), deflatedRatio(costs, 'bytes').toFixed(2), deflatedRatio(costs, 'micros').toFixed(2)].join(' | ')} |`).join('\n')}
`;
}
