import { setTimeout as rest } from 'node:timers/promises';
import { findPort } from '../dev/ports.ts';
import { quantile } from './load/histogram.ts';
import { type Load, openLoad } from './load/load.ts';
import type { Returned } from './load/worker.ts';
import { resident, settled } from './memory.ts';
import { startOurs } from './ours.ts';
import { cpuOf } from './process.ts';

/** What one process holds: many rooms, a storm of returns, and rooms of one size after the other. */
export type CrowdFigures = {
  sockets: number;
  bytesEach: number;
  residentBytes: number;
  talk: { deliveriesPerS: number; p50: number; p95: number; p99: number; lagP99Ms: number; messagesP95: number; pageP95: number; requests: number; core: number };
  storm: Returned & { within: number };
  large: { readers: number; p50: number; p95: number }[];
};

const ROOMS = 15;
const WITHIN_S = 15;
/** Pages and messages asked for a second, while the rooms talk. */
const ASKED_PER_S = 20;
/** Of a room larger than others: messages a second. */
const LARGE_RATE = 20;
const LARGE_SECONDS = 8;

export type CrowdShape = { /** In each of fifteen rooms. */ readers: number; deliveriesPerS: number; seconds: number; /** Readers of one more room, one size after the other. */ large: readonly number[] };
export const CROWD: CrowdShape = { readers: 1_000, deliveriesPerS: 20_000, seconds: 20, large: [3_000, 10_000] };

export async function benchCrowd({ readers, deliveriesPerS, seconds, large }: CrowdShape, say: (line: string) => void): Promise<CrowdFigures> {
  const metrics = await findPort();
  const ours = await startOurs({ METRICS_PORT: String(metrics) });
  await using stack = new AsyncDisposableStack();
  stack.defer(ours.close);
  const { server } = ours;
  const http = `http://127.0.0.1:${server.port}`;
  const enter = async (names: readonly string[], many: number): Promise<Load> => openLoad({ kind: 'aside', url: http.replace('http', 'ws'), rooms: names, readers: many });
  const rooms = Array.from({ length: ROOMS }, (_, i) => `crowd-${i}`);
  const few = await enter(rooms, 5);
  const before = await settled(server);
  const crowd = await enter(rooms, readers - 1);
  const after = await settled(server);
  const bytesEach = (after - before) / crowd.sockets;
  say(`${crowd.sockets} sockets, ${(bytesEach / 1_000).toFixed(1)} kB each, ${(after / 1e6).toFixed(0)} MB in all`);
  await few.close();

  const perRoom = deliveriesPerS / (ROOMS * (readers - 1));
  // A scrape begins its span anew: only what is while they talk counts.
  await lagOf(metrics);
  const cpu = cpuOf(server.pid);
  const [heard, asked] = await Promise.all([crowd.speak(perRoom, seconds), ask(http, rooms, seconds)]);
  const core = (cpuOf(server.pid) - cpu) / (seconds * 1_000);
  const lagP99Ms = (await lagOf(metrics)) * 1_000;
  const talk = { deliveriesPerS: heard.rows / seconds, p50: quantile(heard.late, 0.5), p95: quantile(heard.late, 0.95), p99: quantile(heard.late, 0.99), lagP99Ms, ...asked, core };
  say(`${talk.deliveriesPerS.toFixed(0)} deliveries a second: p50 ${talk.p50} p95 ${talk.p95} ms, event loop p99 ${lagP99Ms.toFixed(1)} ms, messages p95 ${asked.messagesP95.toFixed(0)} and page p95 ${asked.pageP95.toFixed(0)} ms of ${asked.requests}, ${(talk.core * 100).toFixed(0)} % of a core`);

  const returned = await crowd.comeBack(perRoom);
  const storm = { ...returned, within: returned.seconds.filter((one) => one <= WITHIN_S).length / returned.seconds.length };
  say(`storm: ${(storm.within * 100).toFixed(2)} % within ${WITHIN_S} s, the last after ${returned.seconds.at(-1)?.toFixed(1)} s, ${returned.resumed} resumed, ${returned.anew} anew, ${returned.turnedAway} turned away`);
  // Who came back must hear all that comes now.
  await crowd.speak(perRoom, 5);
  await crowd.close();

  const sizes: CrowdFigures['large'] = [];
  for (const size of large) {
    const load = await enter([`large-${size}`], size);
    await rest(2_500);
    const { late } = await load.speak(LARGE_RATE, LARGE_SECONDS).finally(load.close);
    sizes.push({ readers: size, p50: quantile(late, 0.5), p95: quantile(late, 0.95) });
    say(`a room of ${size}: p50 ${sizes.at(-1)?.p50} p95 ${sizes.at(-1)?.p95} ms`);
  }
  return { sockets: crowd.sockets, bytesEach, residentBytes: resident(server.pid), talk, storm, large: sizes };
}

/** Asks for what readers without a socket ask for; p95 in ms. */
async function ask(http: string, rooms: readonly string[], seconds: number): Promise<{ messagesP95: number; pageP95: number; requests: number }> {
  const took: Record<'messages' | 'page', number[]> = { messages: [], page: [] };
  const one = async (kind: keyof typeof took, room: string): Promise<void> => {
    const began = performance.now();
    const response = await fetch(kind === 'page' ? `${http}/room/${room}` : `${http}/api/v1/rooms/${room}/messages`);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
    took[kind].push(performance.now() - began);
  };
  const under: Promise<void>[] = [];
  for (let i = 0; i < seconds * ASKED_PER_S; i += 1) {
    under.push(one(i % 2 === 0 ? 'messages' : 'page', rooms[i % rooms.length] ?? ''));
    await rest(1_000 / ASKED_PER_S);
  }
  await Promise.all(under);
  const p95 = (values: number[]): number => values.sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? Number.NaN;
  return { messagesP95: p95(took.messages), pageP95: p95(took.page), requests: under.length };
}

/** The event loop's p99 in seconds since it was asked for last. */
async function lagOf(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(text.match(/^aside_event_loop_lag_p99_seconds ([\d.e-]+)$/m)?.[1] ?? Number.NaN);
}

export function crowdTable({ sockets, bytesEach, residentBytes, talk, storm, large }: CrowdFigures): string {
  return `## One process

${sockets.toLocaleString('en')} connections in ${ROOMS} rooms that said hello: **${(bytesEach / 1_000).toFixed(1)} kB** each, resident, after a compacting collection (${(residentBytes / 1e6).toFixed(0)} MB at the end). Readers, senders, PostgreSQL and the server share the cores.

| what | figure |
|---|---|
| deliveries a second | ${talk.deliveriesPerS.toFixed(0)} for ${(talk.core * 100).toFixed(0)} % of a core |
| send to socket | p50 ${talk.p50}, p95 ${talk.p95}, p99 ${talk.p99} ms |
| event loop | p99 ${talk.lagP99Ms.toFixed(1)} ms (of which 10 ms are its own interval) |
| \`GET …/messages\`, room page, meanwhile | p95 ${talk.messagesP95.toFixed(0)} ms, ${talk.pageP95.toFixed(0)} ms |
| all cut at once, back as the widget comes back (a random wait of up to 5 s first) | ${(storm.within * 100).toFixed(2)} % within ${WITHIN_S} s, the last after ${storm.seconds.at(-1)?.toFixed(1)} s; ${storm.resumed} resumed, ${storm.anew} from the newest page, ${storm.turnedAway} tries turned away |
${large.map(({ readers, p50, p95 }) => `| one room of ${readers.toLocaleString('en')}, ${LARGE_RATE} messages a second | p50 ${p50}, p95 ${p95} ms |`).join('\n')}
`;
}
