import path from 'node:path';
import { startOrigin } from '../../../embed-demo/origin/origin.ts';
import { quantile } from '../load/histogram.ts';
import { measure, openLoad } from '../load/load.ts';
import { startOurs } from '../ours.ts';
import { median, runWorker } from '../process.ts';
import { attachEnv, attachStream } from './attach.ts';
import type { Watched, Watching } from './audience.ts';
import { startCache } from './nginx.ts';

/** Many viewers of one live stream, all released by the same update, beside nginx, and beside a room that goes on talking. */
export type ViewersFigures = {
  viewers: number; seconds: number; ours: Watched[]; nginx: Watched[];
  /** How often the origin was asked for the segment it was asked for most, and for how many in all. */
  asked: { most: number; segments: number; playlists: number; rounds: number };
  chat: { alone: number[]; beside: number[] };
};

const SEGMENT_MS = 2_000;
/** The room of the fan-out's benchmark: who watches also reads. */
const CHAT = { readers: 1_000, rate: 20 };
const ROUNDS = 3;

export async function benchViewers(viewers: number, seconds: number, say: (line: string) => void): Promise<ViewersFigures> {
  const origin = await startOrigin({ port: 0, host: '127.0.0.1' });
  const { host } = new URL(origin.url);
  const ours = await startOurs({ STREAM_ALLOW: host, ...attachEnv });
  const streams = await ours.start({ ROLES: 'stream' });
  const nginx = await startCache(origin.url);
  const watch = (port: number, media: string[]): Promise<Watched> =>
    runWorker<Watched>(path.join(import.meta.dirname, 'audience.ts'), { port, viewers, seconds: seconds / ROUNDS, media, segmentMs: SEGMENT_MS } satisfies Watching);
  /** The p95 of a room's words, in ms. */
  const talk = async (room: string): Promise<number> => {
    const load = await openLoad({ kind: 'aside', url: `ws://127.0.0.1:${ours.server.port}`, rooms: [room], readers: CHAT.readers });
    const { late } = await measure(load, [ours.server.pid], CHAT.rate, seconds / ROUNDS / 2).finally(load.close);
    return quantile(late, 0.95);
  };
  try {
    const { media } = await attachStream(ours.server.port, streams.port, `${origin.url}/live/master.m3u8`);
    const of = (name: string): string => media.find((one) => Buffer.from(one.split('/').at(-1)?.split('.')[0] ?? '', 'base64url').includes(`/${name}/`)) ?? '';
    const figures: ViewersFigures = { viewers, seconds, ours: [], nginx: [], asked: { most: 0, segments: 0, playlists: 0, rounds: 0 }, chat: { alone: [], beside: [] } };
    for (let round = 0; round < ROUNDS; round += 1) {
      figures.chat.alone.push(await talk(`alone-${round}`));
      figures.nginx.push(await watch(nginx.port, ['/live/audio/media.m3u8', '/live/360p/media.m3u8']));
      origin.requests.clear();
      const [watched, talked] = await Promise.all([watch(streams.port, [of('audio'), of('360p')]), talk(`beside-${round}`)]);
      figures.ours.push(watched);
      figures.chat.beside.push(talked);
      count(origin.requests, watched.rounds, figures.asked);
      for (const [name, one] of [['ours', watched], ['nginx', figures.nginx.at(-1) as Watched]] as const) {
        say(`round ${round + 1}, ${name}: playlists p50 ${one.answers.playlist.p50.toFixed(0)} p95 ${one.answers.playlist.p95.toFixed(0)} ms, segments p50 ${one.answers.segment.p50.toFixed(0)} p95 ${one.answers.segment.p95.toFixed(0)} ms (${one.answers.segment.count}; ${one.late} playlists were late)`);
      }
      say(`chat p95 ${figures.chat.alone.at(-1)} ms alone, ${talked} ms beside them; ${JSON.stringify(figures.asked)}`);
    }
    return figures;
  } finally {
    await nginx.close();
    await streams.close();
    await ours.close();
    await origin.close();
  }
}

/** What the origin was asked for meanwhile, by path. */
function count(requests: ReadonlyMap<string, number>, rounds: number, into: ViewersFigures['asked']): void {
  into.rounds += rounds;
  for (const [name, times] of requests) {
    if (name.endsWith('.m3u8')) into.playlists += times;
    else {
      into.segments += 1;
      into.most = Math.max(into.most, times);
    }
  }
}

export type ViewersSummary = { playlist: number; segment: number; ratio: number; chat: number; most: number; playlistsEach: number };

/** p95 in ms, ours to nginx's in the worse of the two kinds, and the room's p95 to what it was alone; medians of rounds. */
export function summarise({ ours, nginx, asked, chat }: ViewersFigures): ViewersSummary {
  const p95 = (all: readonly Watched[], kind: 'playlist' | 'segment'): number => median(all.map(({ answers }) => answers[kind].p95));
  return {
    playlist: p95(ours, 'playlist'), segment: p95(ours, 'segment'),
    ratio: Math.max(p95(ours, 'playlist') / p95(nginx, 'playlist'), p95(ours, 'segment') / p95(nginx, 'segment')),
    chat: median(chat.beside) / median(chat.alone), most: asked.most, playlistsEach: asked.playlists / asked.rounds,
  };
}

export function viewersTable(figures: ViewersFigures): string {
  const row = (name: string, all: readonly Watched[]): string => {
    const cell = (kind: 'playlist' | 'segment'): string => `${median(all.map(({ answers }) => answers[kind].p50)).toFixed(0)}, ${median(all.map(({ answers }) => answers[kind].p95)).toFixed(0)}, ${Math.max(...all.map(({ answers }) => answers[kind].max)).toFixed(0)}`;
    return `| ${name} | ${cell('playlist')} | ${cell('segment')} |`;
  };
  const { chat, most, playlistsEach } = summarise(figures);
  return `## Viewers

${figures.viewers.toLocaleString('en')} viewers of one live stream for ${figures.seconds} s in ${ROUNDS} runs, in alternation with Debian's nginx: whenever a segment of two seconds is whole, all of them ask at once for two playlists and for the new segments in them (62 kB and 14 kB). Time from asking to the last byte in ms: p50, p95 (medians of runs), longest of all.

| | playlists | segments |
|---|---|---|
${row('ours', figures.ours)}
${row('nginx', figures.nginx)}

The origin was asked for no segment more than ${most === 1 ? 'once' : `${most} times`}, and for playlists ${playlistsEach.toFixed(1)} times a segment (there are two). A room of ${CHAT.readers.toLocaleString('en')} readers with ${CHAT.rate} messages a second had ${chat.toFixed(2)} times the p95 it has without viewers.
`;
}
