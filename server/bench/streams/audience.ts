import { type Caller, openCaller } from './wire.ts';

/** A worker: viewers of one live stream. All of them wait for the same moment, as a new segment makes players do. */
export type Watching = { port: number; viewers: number; seconds: number; /** Of the media playlists, a video's and a sound's. */ media: string[]; segmentMs: number };
export type Watched = { answers: Record<'playlist' | 'segment', { count: number; p50: number; p95: number; max: number }>; /** Playlists that had not been told of the new segment yet. */ late: number; rounds: number };

const { port, viewers, seconds, media, segmentMs } = JSON.parse(process.argv[2] ?? '{}') as Watching;
const taken: Record<'playlist' | 'segment', number[]> = { playlist: [], segment: [] };
const newest = new Map<string, string>();
/** In which round a segment was first seen. */
const told = new Map<string, number>();
let late = 0;
let rounds = 0;

/** In ms after the moment a segment is whole; what the origin needs to say so. */
const AFTER_MS = 20;
const AGAIN_MS = 250;

const callers: Caller[] = [];
for (let i = 0; i < viewers; i += 100) callers.push(...(await Promise.all(Array.from({ length: Math.min(100, viewers - i) }, () => openCaller(port)))));
const ends = Date.now() + seconds * 1_000;
while (Date.now() < ends) {
  await pause(segmentMs - (Date.now() % segmentMs) + AFTER_MS);
  rounds += 1;
  await Promise.all(callers.map((caller) => watch(caller)));
}
for (const caller of callers) caller.close();
process.stdout.write(`${JSON.stringify({ answers: { playlist: figures(taken.playlist), segment: figures(taken.segment) }, late, rounds } satisfies Watched)}\n`);
process.exit(0);

/** What a player does when it is time: its playlists, and the segments that are new in them. */
async function watch(caller: Caller): Promise<void> {
  for (const address of media) {
    let segment = await newestOf(caller, address);
    for (let left = 8; segment === null && left > 0; left -= 1) {
      late += 1;
      await pause(AGAIN_MS);
      segment = await newestOf(caller, address);
    }
    if (segment !== null) await timed(caller, segment, 'segment');
  }
}

/** Null while it is the one of the round before. */
async function newestOf(caller: Caller, address: string): Promise<string | null> {
  const text = await timed(caller, address, 'playlist');
  let found = newest.get(text);
  if (found === undefined) {
    const line = text.trimEnd().split('\n').findLast((one) => !one.startsWith('#')) ?? '';
    found = line.startsWith('/') ? line : `${address.slice(0, address.lastIndexOf('/') + 1)}${line}`;
    newest.set(text, found);
  }
  const path = found.split('?')[0] ?? '';
  const since = told.get(path) ?? rounds;
  told.set(path, since);
  return since === rounds ? found : null;
}

async function timed(caller: Caller, path: string, kind: 'playlist' | 'segment'): Promise<string> {
  const began = performance.now();
  const { status, body } = await caller.get(path, kind === 'playlist');
  if (status !== 200) throw new Error(`${status} for ${path}`);
  taken[kind].push(performance.now() - began);
  return body;
}

function figures(all: number[]): { count: number; p50: number; p95: number; max: number } {
  const sorted = Float64Array.from(all).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { count: all.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
