import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** What goes round: 24 s that end where they began, in twelve segments of four parts. */
const ROUND_SECONDS = 24;
export const SEGMENT_SECONDS = 2;
export const PARTS = 4;
export const ROUND_SEGMENTS = ROUND_SECONDS / SEGMENT_SECONDS;
const ROUND_PARTS = ROUND_SEGMENTS * PARTS;

export type Video = Media & { kind: 'video'; codec: string; resolution: string };
export type Sound = Media & { kind: 'sound'; codec: string };
export type Captions = Timed & { kind: 'captions'; label: string; /** One segment as WebVTT. */ write(segment: number, seamed: boolean): string };
export type Rendition = Video | Sound | Captions;
export type Sample = readonly Rendition[];

/** `cuts`: when each part begins, in seconds of the round, and when the last one ends. */
type Timed = { name: string; cuts: readonly number[] };
type Media = Timed & {
  init: Buffer;
  /** Bits a second: of the fattest segment, and of the whole. */
  peak: number;
  average: number;
  /** Parts, counted from the first one of the first round; at their own time, or at that of the first round if `seamed`. */
  read(first: number, count: number, seamed: boolean): Buffer;
};

/** Sizes and codecs are what `make-sample.sh` asks of the encoder. */
export async function readSample(): Promise<Sample> {
  return [
    { kind: 'video', name: '360p', resolution: '640x360', codec: 'avc1.4d401e', ...(await readMedia('360p')) },
    { kind: 'video', name: '180p', resolution: '320x180', codec: 'avc1.4d400d', ...(await readMedia('180p')) },
    { kind: 'sound', name: 'audio', codec: 'mp4a.40.2', ...(await readMedia('audio')) },
    { kind: 'captions', name: 'ko', label: '한국어', ...(await readCaptions('ko')) },
    { kind: 'captions', name: 'en', label: 'English', ...(await readCaptions('en')) },
  ];
}

/** When a part begins, in seconds from the beginning of the first round. */
export function beginOf({ cuts }: Timed, part: number): number {
  return Math.floor(part / ROUND_PARTS) * ROUND_SECONDS + (cuts[part % ROUND_PARTS] ?? 0);
}

/** How long so many parts of one segment take; not by their beginnings, which are too large to be exact. */
export function lengthOf({ cuts }: Timed, part: number, count: number): number {
  const at = part % ROUND_PARTS;
  return (cuts[at + count] ?? ROUND_SECONDS) - (cuts[at] ?? 0);
}

async function readMedia(name: string): Promise<Omit<Media, 'name'>> {
  const file = await readFile(path.join(import.meta.dirname, 'sample', `${name}.mp4`));
  const top = [...boxesIn(file, 0, file.length)];
  const moofs = top.filter(({ type }) => type === 'moof');
  if (moofs.length !== ROUND_PARTS) throw new Error(`${name}.mp4 has ${moofs.length} fragments instead of ${ROUND_PARTS}: make the sample again`);
  const fragments = moofs.map(({ start }, i) => fragmentOf(file.subarray(start, moofs[i + 1]?.start ?? file.length)));
  const mdhd = find(file, ['moov', 'trak', 'mdia', 'mdhd']);
  const timescale = file.readUInt32BE(mdhd.start + 20);
  const bits = fragments.map(({ bytes }) => bytes.length * 8);
  const segments = Array.from({ length: ROUND_SEGMENTS }, (_, n) => bits.slice(n * PARTS, (n + 1) * PARTS).reduce((sum, one) => sum + one, 0));
  return {
    init: file.subarray(0, moofs[0]?.start),
    cuts: [...fragments.map(({ time }) => Number(time) / timescale), ROUND_SECONDS],
    peak: Math.ceil(Math.max(...segments) / SEGMENT_SECONDS),
    average: Math.ceil(segments.reduce((sum, one) => sum + one, 0) / ROUND_SECONDS),
    read: (first, count, seamed) => Buffer.concat(Array.from({ length: count }, (_, i) => {
      const fragment = fragments[(first + i) % ROUND_PARTS];
      const rounds = seamed ? 0 : Math.floor((first + i) / ROUND_PARTS);
      return fragment ? delay(fragment, rounds * ROUND_SECONDS * timescale) : Buffer.alloc(0);
    })),
  };
}

/** `clock`: where in the bytes the fragment's time stands. */
type Fragment = { bytes: Buffer; clock: number; time: bigint };

function fragmentOf(bytes: Buffer): Fragment {
  const tfdt = find(bytes, ['moof', 'traf', 'tfdt']);
  if (bytes[tfdt.start + 8] !== 1) throw new Error('The sample keeps its times in 32 bits, which are over after two days');
  const clock = tfdt.start + 12;
  return { bytes, clock, time: bytes.readBigUInt64BE(clock) };
}

function delay({ bytes, clock, time }: Fragment, ticks: number): Buffer {
  const moved = Buffer.from(bytes);
  moved.writeBigUInt64BE(time + BigInt(ticks), clock);
  return moved;
}

type Box = { type: string; start: number; end: number };

function* boxesIn(bytes: Buffer, start: number, end: number): Generator<Box> {
  for (let at = start; at < end; ) {
    const box = { type: bytes.toString('latin1', at + 4, at + 8), start: at, end: at + bytes.readUInt32BE(at) };
    if (box.end < at + 8 || box.end > end) throw new Error(`A box of the sample ends where it cannot: ${box.type}`);
    yield box;
    at = box.end;
  }
}

function find(bytes: Buffer, names: readonly string[]): Box {
  let within: Box = { type: '', start: -8, end: bytes.length };
  for (const name of names) {
    const next = [...boxesIn(bytes, within.start + 8, within.end)].find(({ type }) => type === name);
    if (!next) throw new Error(`The sample has no ${names.join('/')}`);
    within = next;
  }
  return within;
}

async function readCaptions(name: string): Promise<Omit<Captions, 'kind' | 'name' | 'label'>> {
  const text = await readFile(path.join(import.meta.dirname, 'sample', `${name}.vtt`), 'utf8');
  const cues = [...text.matchAll(/^00:00:([\d.]+) --> 00:00:([\d.]+)\n.+$/gm)].map(([cue, from, to]) => ({ cue, from: Number(from), to: Number(to) }));
  return {
    cuts: Array.from({ length: ROUND_PARTS + 1 }, (_, part) => (part * SEGMENT_SECONDS) / PARTS),
    write(segment, seamed) {
      const begin = (segment % ROUND_SEGMENTS) * SEGMENT_SECONDS;
      const rounds = seamed ? 0 : Math.floor(segment / ROUND_SEGMENTS);
      const heard = cues.filter(({ from, to }) => from < begin + SEGMENT_SECONDS && to > begin);
      return [`WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:${(rounds * ROUND_SECONDS * TICKS) % WRAP},LOCAL:00:00:00.000\n`, ...heard.map(({ cue }) => `${cue}\n`)].join('\n');
    },
  };
}

/** MPEG's clock, in which captions are tied to the picture: 90 kHz in 33 bits. */
const TICKS = 90_000;
const WRAP = 2 ** 33;
