import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import { openProcess } from '../http/process.ts';
import { openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';

const ADMIN_TOKEN = 'a-token-for-tests-that-has-enough-letters';
const VIEWERS = 30;
const MESSAGES = 200;
const P95_MS = 150;
/** An endless origin sends as much in a second; what is held of it, the cache of 64 MB and what is on its way, was seen at 83 to 244 MB. */
const GROWS_BYTES = 400_000_000;
/** A busy machine is slow now and then, a server that is held up always: the best round judges. */
const ROUNDS = 3;

const timers = new Set<NodeJS.Timeout>();
const bomb = gzipSync(Buffer.alloc(50_000_000));
const chunk = Buffer.alloc(65_536, '#');
/** What an origin may do once its stream is attached: to a playlist, and to a segment. */
const manners: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  endless(_, response) {
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.writeHead(200, { 'content-type': 'video/mp4' }).on('drain', more);
    more();
  },
  dripping(_, response) {
    response.writeHead(200);
    timers.add(setInterval(() => response.write('#'), 50));
  },
  silent() {},
  html: (_, response) => void response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' }).end('<!doctype html><script>alert(1)</script>'),
  svg: (_, response) => void response.writeHead(200, { 'content-type': 'video/mp4' }).end('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
  bomb: (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
};
/** What each may answer viewers with; a segment that never ends is cut off in the middle. */
const said = new Set([200, 422, 502]);

let manner: string | null = null;
const origin = createServer((request, response) => {
  if (manner !== null) return manners[manner]?.(request, response);
  response.end('#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00Z\n#EXTINF:2,\none.m4s\n#EXTINF:2,\ntwo.m4s\n');
});
await once(origin.listen(0, '127.0.0.1'), 'listening');
const host = `127.0.0.1:${(origin.address() as AddressInfo).port}`;
const database = await openDatabase();
const server = await openProcess(database.url, { ADMIN_TOKEN, STREAM_ALLOW: host, STREAM_CACHE_MB: '64', LOG_LEVEL: 'info' });
t.teardown(async () => {
  for (const timer of timers) clearInterval(timer);
  await server.close();
  origin.closeAllConnections();
  origin.close();
  await database.close();
});

async function attach(room: string): Promise<string[]> {
  manner = null;
  const answer = await fetch(`${server.http}/api/v1/rooms/${room}/stream`, { method: 'PUT', headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' }, body: JSON.stringify({ url: `http://${host}/${room}/media.m3u8` }) });
  const { stream: { id } } = (await answer.json()) as { stream: { id: string } };
  const first = `/stream/${id}/index.m3u8`;
  const segments = (await (await fetch(server.http + first)).text()).split('\n').filter((line) => line.startsWith('/'));
  return [first, ...segments];
}

const resident = (): number => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) * 1_024;

for (const name of Object.keys(manners)) {
  t.test(`an origin that is ${name} costs the words nothing`, async (t) => {
    const paths = await attach(name);
    const fox = await openClient(server.ws, { room: `words beside ${name}`, ...person('졸린 여우') });
    const before = resident();
    manner = name;
    const crowd = new Worker(new URL('crowd.ts', import.meta.url), { workerData: { http: server.http, paths, viewers: VIEWERS } });
    await once(crowd, 'online');
    let most = 0;
    const round = async (): Promise<number> => {
      const took: number[] = [];
      for (let i = 0; i < MESSAGES; i += 1) {
        const asked = performance.now();
        const { t: answer } = await fox.say(`${i}`);
        if (answer !== 'ok') throw new Error(answer);
        took.push(performance.now() - asked);
        most = Math.max(most, resident());
      }
      took.sort((a, b) => a - b);
      return took[Math.floor(took.length * 0.95)] ?? Number.NaN;
    };
    let p95 = await round();
    for (let i = 1; i < ROUNDS && !(p95 <= P95_MS); i += 1) p95 = Math.min(p95, await round());
    crowd.postMessage('leave');
    const [seen] = (await once(crowd, 'message')) as [Map<number, number>];
    await fox.close();
    t.ok(p95 <= P95_MS, `95 of 100 words were saved within ${p95.toFixed(0)} ms`);
    t.ok(most - before < GROWS_BYTES, `${((most - before) / 1e6).toFixed(0)} MB more`);
    t.same([...seen.keys()].filter((status) => status !== 0 && !said.has(status)), [], JSON.stringify([...seen]));
    manner = null;
    origin.closeAllConnections();
  });
}
