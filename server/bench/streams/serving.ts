import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { attachEnv, attachStream } from './attach.ts';
import { startOurs } from '../ours.ts';
import { cpuOf, median, runWorker } from '../process.ts';
import type { Fetched, Fetching } from './fetchers.ts';
import { startCache } from './nginx.ts';

/** Bytes per CPU-second of what is cached, beside nginx in the same run. Ours checks an address's signature at every request. */
export type ServingFigures = { rounds: number; sizes: { name: string; ours: Served; nginx: Served; ratio: number; least: number; answers: number }[] };
type Served = { megabytesPerCpuS: number; microsEach: number; answers: number };

/** In bytes. A playlist of this many segments is as long as a live one of a minute. */
const SIZES = [60_000, 300_000, 1_000_000];
const SEGMENTS = 30;
const CONNECTIONS = 32;
const SECONDS = 2;

export async function benchServing(rounds: number, say: (line: string) => void): Promise<ServingFigures> {
  const origin = await startFixed();
  const ours = await startOurs({ STREAM_ALLOW: `127.0.0.1:${origin.port}`, ...attachEnv });
  const streams = await ours.start({ ROLES: 'stream' });
  const nginx = await startCache(`http://127.0.0.1:${origin.port}`);
  try {
    const figures: ServingFigures = { rounds, sizes: [] };
    for (const size of [...SIZES, 'playlist'] as const) {
      const folder = `/fixed/${size === 'playlist' ? 300_000 : size}`;
      const { media, segments } = await attachStream(ours.server.port, streams.port, `http://127.0.0.1:${origin.port}${folder}/master.m3u8`);
      const theirs = size === 'playlist' ? [`${folder}/index.m3u8`] : Array.from({ length: 8 }, (_, i) => `${folder}/${i}.m4s`);
      const sides = [
        { name: 'ours' as const, asked: { port: streams.port, paths: size === 'playlist' ? media : segments.slice(0, 8) }, cpu: async () => cpuOf(streams.pid) },
        { name: 'nginx' as const, asked: { port: nginx.port, paths: theirs }, cpu: nginx.cpuMs },
      ];
      const runs: Record<'ours' | 'nginx', Served[]> = { ours: [], nginx: [] };
      for (let round = 0; round <= rounds; round += 1) {
        for (const { name, asked, cpu } of sides) {
          const before = await cpu();
          const fetched = await runWorker<Fetched>(path.join(import.meta.dirname, 'fetchers.ts'), { ...asked, connections: CONNECTIONS, seconds: round === 0 ? 1 : SECONDS } satisfies Fetching);
          const cpuMs = (await cpu()) - before;
          const served = { megabytesPerCpuS: fetched.bytes / cpuMs / 1_000, microsEach: (cpuMs * 1_000) / fetched.answers, answers: fetched.answers };
          // The first round fills both caches and warms both up.
          if (round > 0) runs[name].push(served);
          say(`${size}, round ${round}, ${name}: ${served.megabytesPerCpuS.toFixed(0)} MB per CPU-second, ${served.microsEach.toFixed(1)} µs an answer (${fetched.answers})`);
        }
      }
      const [our, their] = [middle(runs.ours), middle(runs.nginx)];
      const name = size === 'playlist' ? 'playlists' : `${size / 1_000} kB`;
      // Our playlists are longer, by the addresses in them: what counts is how many a second.
      const ratio = size === 'playlist' ? their.microsEach / our.microsEach : our.megabytesPerCpuS / their.megabytesPerCpuS;
      figures.sizes.push({ name, ours: our, nginx: their, ratio, least: typeof size === 'number' && size >= 300_000 ? 1 : 0.6, answers: [...runs.ours, ...runs.nginx].reduce((sum, { answers }) => sum + answers, 0) });
    }
    return figures;
  } finally {
    await nginx.close();
    await streams.close();
    await ours.close();
    await origin.close();
  }
}

function middle(runs: readonly Served[]): Served {
  return { megabytesPerCpuS: median(runs.map((one) => one.megabytesPerCpuS)), microsEach: median(runs.map((one) => one.microsEach)), answers: median(runs.map((one) => one.answers)) };
}

export function servingTable({ rounds, sizes }: ServingFigures): string {
  return `## Serving streams

Megabytes per second of the server's CPU (and µs an answer) of what is cached, ${CONNECTIONS} kept connections that ask over and over, medians of ${rounds} rounds of ${SECONDS} s, in alternation with Debian's nginx as it is shipped, with \`proxy_cache\` and \`proxy_cache_lock\`. Ours is one process of the role \`stream\`, which checks the signature of every address it is asked for; nginx checks none. Playlists are compared by answers, since ours are longer.

| | ours | nginx | ours ÷ nginx |
|---|---|---|---|
${sizes.map(({ name, ours, nginx, ratio }) => `| ${name} | ${ours.megabytesPerCpuS.toFixed(0)} (${ours.microsEach.toFixed(1)}) | ${nginx.megabytesPerCpuS.toFixed(0)} (${nginx.microsEach.toFixed(1)}) | ${ratio.toFixed(2)} |`).join('\n')}
`;
}

/** Segments of an exact size, which begin as such. */
async function startFixed(): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const [, size = '', file = ''] = /^\/fixed\/(\d+)\/(\S+)$/.exec(request.url ?? '') ?? [];
    if (file === 'master.m3u8') return void response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' }).end('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000000\nindex.m3u8\n');
    if (file === 'index.m3u8') {
      const lines = Array.from({ length: SEGMENTS }, (_, i) => `#EXTINF:2.00000,\n${i}.m4s\n`).join('');
      const playlist = `#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z\n${lines}#EXT-X-ENDLIST\n`;
      return void response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl', 'content-length': playlist.length }).end(playlist);
    }
    const body = Buffer.alloc(Number(size), 'x');
    body.write('\0\0\0\x18styp', 'latin1');
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': body.length }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }) };
}
