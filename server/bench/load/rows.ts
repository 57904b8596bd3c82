import { constants, inflateRawSync } from 'node:zlib';
import { createFrames } from '../wire.ts';
import { createHistogram, type Histogram, record } from './histogram.ts';

/** What all readers of a process received. Every row carries the moment it was sent. */
export type Received = { rows: number; bytes: number; late: Histogram };

const MARK = Buffer.from('"text":"@');
const STAMP_CHARS = 16;
const WORDS = '저도 회사에서 바로 써 볼게요! 벤치마크 부분 정말 잘 읽었어요.';

export function createReceived(): Received {
  return { rows: 0, bytes: 0, late: createHistogram() };
}

/** The words of a message that is sent now; others than usual where they are given; `more` syllables longer than usual, of three bytes each. */
export function stampWords(more = 0, words = WORDS): string {
  return `@${String(micros()).padStart(STAMP_CHARS, '0')} ${words}${'가'.repeat(more)}`;
}

/** A counter of its own for each reader: a mark may be cut by the end of a chunk. */
export function createCounter(of: () => Received): (bytes: Buffer) => void {
  let rest: Buffer | null = null;
  return (bytes) => {
    const received = of();
    received.bytes += bytes.length;
    const all = rest ? Buffer.concat([rest, bytes]) : bytes;
    const end = count(all, received);
    // Most chunks end with a frame; keeping their last bytes would copy every chunk.
    const whole = all.at(-1) === 125 || all.at(-1) === 93;
    rest = whole ? null : Buffer.from(all.subarray(Math.max(end, all.length - MARK.length - STAMP_CHARS)));
  };
}

/** The same for who takes what is compressed; bytes are counted as they come. */
export function createInflatingCounter(of: () => Received): (bytes: Buffer) => void {
  const take = createFrames(null, (body, deflated) => void count(deflated ? inflate(body) : body, of()));
  return (bytes) => {
    of().bytes += bytes.length;
    take(bytes);
  };
}

/** All readers of a room get the same bytes, so one of them inflates; several frames are kept, for who is late has more than one to read, and would be later still. */
const inflated: { body: Buffer; text: Buffer }[] = [];
const INFLATED_MAX = 64;
const TRAILER = Buffer.from([0, 0, 0xff, 0xff]);

function inflate(body: Buffer): Buffer {
  const known = inflated.find((one) => one.body.equals(body));
  if (known) return known.text;
  const text = inflateRawSync(Buffer.concat([body, TRAILER]), { finishFlush: constants.Z_SYNC_FLUSH });
  inflated.unshift({ body: Buffer.from(body), text });
  inflated.length = Math.min(inflated.length, INFLATED_MAX);
  return text;
}

/** Counts whole marks and returns the offset after the last. */
function count(bytes: Buffer, received: Received): number {
  const now = micros();
  let end = 0;
  for (let at = bytes.indexOf(MARK); at !== -1; at = bytes.indexOf(MARK, at + MARK.length)) {
    if (at + MARK.length + STAMP_CHARS > bytes.length) break;
    end = at + MARK.length + STAMP_CHARS;
    received.rows += 1;
    record(received.late, (now - Number(bytes.toString('latin1', at + MARK.length, end))) / 1_000);
  }
  return end;
}

/** The same clock in all processes of a machine. */
export function micros(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}
