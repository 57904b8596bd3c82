import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Manner, MAX_RECORDING_SECONDS, pageOf } from './manners.ts';
import { writeMaster, writeMedia } from './playlists.ts';
import { PARTS, type Rendition, readSample, type Sample, SEGMENT_SECONDS } from './sample.ts';

export type OriginOptions = { port: number; host: string; /** In ms; the picture shows its seconds since the last whole 24. */ now?: () => number };
/** `off` breaks connections, `503` says so, `html` is what a hotel's network answers to everything. */
export type Failure = 'off' | '503' | 'html';
export type Origin = {
  url: string;
  /** How often each path was asked for, without its query. */
  requests: Map<string, number>;
  fail(how: Failure | null): void;
  /** From now on each answer that holds media comes at so many bytes a second; null is as fast as can be. */
  slow(bytesPerSecond: number | null): void;
  close(): Promise<void>;
};

/** Serves the sample as HLS that needs nothing but a clock: live, with low latency, and as a recording. */
export async function startOrigin({ port, host, now = Date.now }: OriginOptions): Promise<Origin> {
  const sample = await readSample();
  const requests = new Map<string, number>();
  const began = now();
  let failing: Failure | null = null;
  let pace: number | null = null;
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const address = URL.parse(`http://origin${request.url}`);
    count(requests, address?.pathname ?? '');
    const found = failing || !address ? NOTHING : await reply(sample, address, { edge: () => Math.floor(now() / PART_MS), began: Math.floor(began / PART_MS), gone: () => response.destroyed });
    answer(request, response, failing ?? found, () => pace);
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((settle, refuse) => server.once('error', refuse).listen({ port, host }, settle));
  const address = server.address();
  return {
    url: `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${typeof address === 'object' && address ? address.port : port}`,
    requests,
    fail(how) {
      failing = how;
      if (how === 'off') server.closeAllConnections();
    },
    slow(bytesPerSecond) {
      pace = bytesPerSecond;
    },
    close: () =>
      new Promise((settle) => {
        server.close(() => settle());
        server.closeAllConnections();
      }),
  };
}

const MAX_COUNTED_PATHS = 10_000;

/** A blog that runs for weeks has a new path for every segment: the oldest are forgotten. */
function count(requests: Map<string, number>, path: string): void {
  requests.set(path, (requests.get(path) ?? 0) + 1);
  const [oldest] = requests.keys();
  if (requests.size > MAX_COUNTED_PATHS && oldest !== undefined) requests.delete(oldest);
}

type Reply = { status: 200; type: string; body: string | Buffer; seconds: number } | { status: 400 | 404 | 503 };
const NOTHING: Reply = { status: 404 };
const UNCLEAR: Reply = { status: 400 };
const CORS = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*', 'access-control-allow-methods': 'GET, HEAD' };

function answer(request: IncomingMessage, response: ServerResponse, found: Reply | Failure, pace: () => number | null): void {
  if (response.destroyed) return;
  if (found === 'off') return void response.destroy();
  if (found === '503') return void response.writeHead(503, CORS).end();
  if (found === 'html') return void response.writeHead(200, { ...CORS, 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><title>Welcome</title><p>Log in to use this network.');
  if (request.method === 'OPTIONS') return void response.writeHead(204, CORS).end();
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405, { ...CORS, allow: 'GET, HEAD' }).end();
  if (found.status !== 200) return void response.writeHead(found.status, CORS).end();
  const cache = found.seconds > 0 ? `public, max-age=${found.seconds}` : 'no-cache';
  response.writeHead(200, { ...CORS, 'content-type': found.type, 'content-length': Buffer.byteLength(found.body), 'cache-control': cache });
  if (typeof found.body === 'string' || request.method === 'HEAD') return void response.end(request.method === 'HEAD' ? undefined : found.body);
  void trickle(response, found.body, pace);
}

const DROP_MS = 50;

async function trickle(response: ServerResponse, body: Buffer, pace: () => number | null): Promise<void> {
  let sent = 0;
  for (let each = pace(); each !== null && sent < body.length && !response.destroyed; each = pace()) {
    const drop = Math.ceil((each * DROP_MS) / 1_000);
    response.write(body.subarray(sent, sent + drop));
    sent += drop;
    await new Promise((settle) => setTimeout(settle, DROP_MS));
  }
  response.end(body.subarray(sent));
}

const ADDRESS = /^\/(live|low|skewed|undated|seamed|recording)\/(?:(master\.m3u8)|(\w+)\/(?:(media\.m3u8)|(init\.mp4)|(\d{1,10})(?:\.([0-3])(?=\.m4s))?\.(m4s|vtt)))$/;

async function reply(sample: Sample, { pathname, search, searchParams }: URL, clock: Clock): Promise<Reply> {
  const [, asked, master, name, media, init, segment = '', part, extension] = ADDRESS.exec(pathname) ?? [];
  const manner = asked as Manner | undefined;
  const one = sample.find((each) => each.name === name);
  if (master) return playlist(writeMaster(sample, search));
  if (!manner || !one) return NOTHING;
  if (media) return list(sample, one, manner, searchParams, clock);
  if (init) return one.kind === 'captions' ? NOTHING : file(one, one.init);
  return extension === (one.kind === 'captions' ? 'vtt' : 'm4s') ? fetchParts(one, manner, Number(segment), part, clock) : NOTHING;
}

/** A moment to be looked at again; `gone`: who asked has hung up. */
type Clock = { edge(): number; began: number; gone(): boolean };

const PART_MS = (SEGMENT_SECONDS * 1_000) / PARTS;
/** The specification's bound: who waits for more than two segments ahead has misread something. */
const AHEAD_PARTS = 3 * PARTS;

async function list(sample: Sample, one: Rendition, manner: Manner, query: URLSearchParams, clock: Clock): Promise<Reply> {
  const due = manner === 'low' && one.kind !== 'captions' ? dueOf(query) : null;
  if (due === 'unclear' || (due !== null && due > clock.edge() + AHEAD_PARTS)) return UNCLEAR;
  if (due !== null && !(await until(due, clock))) return { status: 503 };
  const page = pageOf(one, manner, query, { edge: clock.edge(), began: clock.began });
  return page ? playlist(writeMedia(one, page, sample.filter(({ kind }) => kind !== 'captions'))) : UNCLEAR;
}

/** The part that a playlist has to hold before it is sent. Parts beyond a segment's last mean the next segment's first. */
function dueOf(query: URLSearchParams): number | null | 'unclear' {
  const [segment, part] = [query.get('_HLS_msn'), query.get('_HLS_part')];
  if (segment === null) return part === null ? null : 'unclear';
  if (!/^\d{1,10}$/.test(segment) || (part !== null && !/^\d{1,3}$/.test(part))) return 'unclear';
  return Number(segment) * PARTS + (part === null ? PARTS - 1 : Math.min(Number(part), PARTS));
}

async function fetchParts(one: Rendition, manner: Manner, segment: number, part: string | undefined, clock: Clock): Promise<Reply> {
  const first = segment * PARTS + Number(part ?? 0);
  const count = part === undefined ? PARTS : 1;
  if (manner === 'recording' && segment * SEGMENT_SECONDS >= MAX_RECORDING_SECONDS) return NOTHING;
  const needed = one.kind === 'captions' ? first : first + count;
  // Only a part may be asked for before it is there: the one that a low-latency playlist hints at.
  const hinted = manner === 'low' && part !== undefined && first === clock.edge();
  if (manner !== 'recording' && needed > clock.edge() && !(hinted && (await until(first, clock)))) return NOTHING;
  return file(one, one.kind === 'captions' ? one.write(segment, manner === 'seamed') : one.read(first, count, manner === 'seamed'));
}

const TYPES: Record<Rendition['kind'], string> = { video: 'video/mp4', sound: 'audio/mp4', captions: 'text/vtt; charset=utf-8' };
const MEDIA_CACHE_SECONDS = 60;

function playlist(body: string): Reply {
  return { status: 200, type: 'application/vnd.apple.mpegurl', body, seconds: 0 };
}

function file({ kind }: Rendition, body: string | Buffer): Reply {
  return { status: 200, type: TYPES[kind], body, seconds: MEDIA_CACHE_SECONDS };
}

/** The clock may be a test's own, which no timer follows: it is looked at every 20 ms, for three target durations. */
async function until(part: number, { edge, gone }: Clock): Promise<boolean> {
  const giveUp = performance.now() + 3 * SEGMENT_SECONDS * 1_000;
  while (edge() <= part) {
    if (gone() || performance.now() > giveUp) return false;
    await new Promise((settle) => setTimeout(settle, 20));
  }
  return true;
}
