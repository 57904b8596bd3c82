import path from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { openLog } from '../src/log/messages.ts';
import { createHistogram, type Histogram, quantile, record } from './load/histogram.ts';
import { type Ours, startOurs } from './ours.ts';
import { median, runWorker } from './process.ts';
import type { Sending, Sent } from './senders.ts';

/** From saying to its answer: how many a second, how long at half of that, with many senders, and beside a room that many nodes write. */
export type AcksFigures = {
  rounds: number;
  most: Record<'many' | 'hot' | 'crowded', number[]>;
  half: Record<'many' | 'hot', Sent>;
  /** Appends of one room from so many servers, each with a few writers. */
  nodes: { nodes: number; p50: number; p95: number }[];
  quiet: Sent;
};

export const SHAPES = { many: { senders: 100, rooms: 100, perSecond: 5_000 }, hot: { senders: 20, rooms: 1, perSecond: 7_500 }, crowded: { senders: 200, rooms: 1 } } as const;
/** Of two hundred, in all: what waits for five seconds is refused. */
const UNDER_WAY = 1_000;
const TEXT = '저도 회사에서 바로 써 볼게요! 벤치마크 부분 정말 잘 읽었어요.';
const SECONDS = 8;
const WINDOW_MAX = 40;
/** How long a commit is made to take, and how many nodes write the hot room beside ours. */
const SLOW_COMMIT = { commit_delay: '5000', commit_siblings: '0' };
const OTHER_NODES = 10;
/** On each node. */
const WRITERS = 4;
const QUIET = { senders: 100, rooms: 100, perSecond: 100 };

export async function benchAcks(rounds: number, say: (line: string) => void): Promise<AcksFigures> {
  const figures: Pick<AcksFigures, 'most' | 'half'> = { most: { many: [], hot: [], crowded: [] }, half: {} as AcksFigures['half'] };
  const ours = await startOurs();
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, { senders, rooms }] of Object.entries(SHAPES) as [keyof typeof SHAPES, { senders: number; rooms: number }][]) {
        const { acks, p50, p99 } = await send(ours, { senders, rooms, seconds: SECONDS, prefix: `${name}-${round}`, window: name === 'crowded' ? UNDER_WAY / senders : WINDOW_MAX });
        figures.most[name].push(acks / SECONDS);
        say(`${name}, round ${round + 1}: ${(acks / SECONDS).toFixed(0)} acknowledged a second, p50 ${p50} p99 ${p99} ms`);
      }
    }
    for (const name of ['many', 'hot'] as const) {
      const sent = await send(ours, { ...SHAPES[name], seconds: SECONDS, prefix: `half-${name}` });
      figures.half[name] = sent;
      say(`${name}, ${SHAPES[name].perSecond} a second: p50 ${sent.p50} p99 ${sent.p99} ms`);
    }
  } finally {
    await ours.close();
  }
  return { rounds, ...figures, nodes: await benchNodes(say), quiet: await benchQuiet(say) };
}

function send(ours: Pick<Ours, 'server'>, args: Omit<Extract<Sending, { window: number }>, 'url' | 'text'> | Omit<Extract<Sending, { perSecond: number }>, 'url' | 'text'>): Promise<Sent> {
  return runWorker<Sent>(path.join(import.meta.dirname, 'senders.ts'), { url: `ws://127.0.0.1:${ours.server.port}/ws`, text: TEXT, ...args });
}

/** Nodes as far as the log goes: each its own connections and its own writer, all in one room. */
function openNodes(url: string, count: number, post: string): { took: Histogram; stop(): Promise<void> } {
  const took = createHistogram();
  let over = false;
  const logs = Array.from({ length: count }, () => openLog(url, {}));
  const writing = logs.flatMap((log, node) => Array.from({ length: WRITERS }, async (_, writer) => {
    for (let i = 0; !over; i += 1) {
      const began = performance.now();
      const outcome = await log.append({ site: '', post }, { do: 'say', author: 'aaaaaaaaaaaaaaaa', cid: `node${node}-${writer}-${String(i).padStart(10, '0')}`, nick: '익명의 너구리', avatar: 'raccoon', text: TEXT });
      if (outcome.is !== 'saved') throw new Error(`an append ended with ${JSON.stringify(outcome)}`);
      record(took, performance.now() - began);
    }
  }));
  return {
    took,
    async stop() {
      over = true;
      await Promise.all(writing);
      await Promise.all(logs.map((log) => log.close()));
    },
  };
}

async function benchNodes(say: (line: string) => void): Promise<AcksFigures['nodes']> {
  const ours = await startOurs();
  try {
    const figures: AcksFigures['nodes'] = [];
    for (const nodes of [1, 3]) {
      const hot = openNodes(ours.databaseUrl, nodes, `nodes-${nodes}`);
      await rest(SECONDS * 1_000);
      await hot.stop();
      figures.push({ nodes, p50: quantile(hot.took, 0.5), p95: quantile(hot.took, 0.95) });
      say(`${nodes} nodes in one room: p50 ${figures.at(-1)?.p50} p95 ${figures.at(-1)?.p95} ms`);
    }
    return figures;
  } finally {
    await ours.close();
  }
}

/** A hundred quiet rooms, while other nodes and a sender of ours write one hot room as fast as it goes, and a commit takes five ms. */
async function benchQuiet(say: (line: string) => void): Promise<Sent> {
  const ours = await startOurs({}, SLOW_COMMIT);
  const hot = openNodes(ours.databaseUrl, OTHER_NODES, 'hot-0');
  try {
    const [quiet, own] = await Promise.all([
      send(ours, { ...QUIET, seconds: SECONDS * 2, prefix: 'quiet' }),
      send(ours, { senders: 1, rooms: 1, perSecond: 10, seconds: SECONDS * 2, prefix: 'hot' }),
    ]);
    say(`100 quiet rooms: p50 ${quiet.p50} p95 ${quiet.p95} p99 ${quiet.p99} ms; in the hot one beside them p50 ${own.p50} p95 ${own.p95} ms; ${OTHER_NODES} other nodes p50 ${quantile(hot.took, 0.5)} p95 ${quantile(hot.took, 0.95)} ms`);
    return quiet;
  } finally {
    await hot.stop();
    await ours.close();
  }
}

export function acksTable({ rounds, most, half, nodes, quiet }: AcksFigures): string {
  const cell = (values: readonly number[]): string => `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)})`;
  return `## Acknowledgements

Messages said through sockets and acknowledged, on embedded PostgreSQL with \`fsync\` on; who says them receives every row of the room too, in the same process. Medians (and range) of ${rounds} rounds of ${SECONDS} s with ${WINDOW_MAX} under way each (of 200 senders, 5); the times are from saying to \`ok\`, at a fixed rate.

| | acknowledged a second | at a fixed rate |
|---|---|---|
| 100 rooms, one sender each | ${cell(most.many)} | ${SHAPES.many.perSecond.toLocaleString('en')} a second: p50 ${half.many.p50}, p99 ${half.many.p99} ms |
| one room, 20 senders | ${cell(most.hot)} | ${SHAPES.hot.perSecond.toLocaleString('en')} a second: p50 ${half.hot.p50}, p99 ${half.hot.p99} ms |
| one room, 200 senders | ${cell(most.crowded)} | |

An append of one room waits for those of other nodes: ${nodes.map((one) => `${one.nodes === 1 ? 'one node' : `${one.nodes} nodes`} p50 ${one.p50}, p95 ${one.p95} ms`).join('; ')} (${WRITERS} writers each, as fast as it goes). With commits that take five ms and ${OTHER_NODES} other nodes that write one hot room, ${QUIET.rooms} quiet rooms of one message a second wait p50 ${quiet.p50}, p95 ${quiet.p95} ms for their \`ok\`.
`;
}
