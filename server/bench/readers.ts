import { randomUUID } from 'node:crypto';
import { cpuOf } from './process.ts';
import { openWire, type Wire } from './wire.ts';

/**
 * A worker: one sender at a fixed rate and many readers in one room. Every reader counts the rows it got;
 * each row carries the moment it was sent. The server's CPU is read over the sending, and over the same span idle.
 */
export type Run = { kind: Kind; url: string; pid: number; room: string; readers: number; rate: number; seconds: number };
export type Ran = { delivered: number; expected: number; cpuMs: number; idleMs: number; p50: number; p95: number; max: number };
export type Kind = 'aside' | 'plain' | 'socketio' | 'bun';

const MARK = Buffer.from('"text":"@');
const STAMP_CHARS = 16;
const BUCKETS_MS = 4_000;

const { kind, url, pid, room, readers, rate, seconds } = JSON.parse(process.argv[2] ?? '{}') as Run;
const latencies = new Uint32Array(BUCKETS_MS * 10);
let delivered = 0;

const wires: Wire[] = [];
for (let i = 0; i < readers; i += 50) wires.push(...(await Promise.all(Array.from({ length: Math.min(50, readers - i) }, () => open(createCounter())))));
const sender = await open(ignore);
await pause(2_500);

const idle = await cpuDuring(() => pause(seconds * 1_000));
const messages = rate * seconds;
const expected = messages * readers;
const busy = await cpuDuring(async () => {
  const began = performance.now();
  for (let i = 0; i < messages; i += 1) {
    await pause(began + (i * 1_000) / rate - performance.now());
    sender.send(speak(i));
  }
  for (let waited = 0; delivered < expected && waited < 20_000; waited += 20) await pause(20);
});
process.stdout.write(`${JSON.stringify({ delivered, expected, cpuMs: busy, idleMs: idle, p50: quantile(0.5), p95: quantile(0.95), max: quantile(1) } satisfies Ran)}\n`);
process.exit(0);

async function open(onRows: (bytes: Buffer) => void): Promise<Wire> {
  let ready = (): void => {};
  const welcomed = new Promise<void>((resolve) => { ready = resolve; });
  const bare = kind === 'plain' || kind === 'bun';
  let live = bare;
  const path = kind === 'aside' ? '/ws' : kind === 'socketio' ? '/socket.io/?EIO=4&transport=websocket' : `/${room}`;
  const wire = await openWire(`${url}${path}`, (bytes, wire) => {
    if (live) {
      if (kind === 'socketio' && bytes.length === 3 && bytes[2] === 50) return wire.send('3');
      if (kind === 'aside' && bytes.includes('"t":"beat"')) wire.send('{"t":"pong"}');
      return onRows(bytes);
    }
    const text = bytes.toString();
    if (kind === 'socketio' && text.includes('40{')) live = true;
    else if (kind === 'socketio') wire.send('40');
    if (kind === 'aside' && text.includes('"t":"welcome"')) live = true;
    if (live) ready();
  });
  if (bare) ready();
  if (kind === 'aside') wire.send(JSON.stringify({ t: 'hello', v: 1, room, id: randomUUID(), nick: '익명의 너구리', avatar: 'raccoon' }));
  await welcomed;
  return wire;
}

function speak(i: number): string {
  const cid = `fanout-${String(i).padStart(12, '0')}`;
  const text = `@${String(micros()).padStart(STAMP_CHARS, '0')} 저도 회사에서 바로 써 볼게요! 벤치마크 부분 정말 잘 읽었어요.`;
  return kind === 'socketio' ? `42${JSON.stringify(['say', { cid, text }])}` : JSON.stringify({ t: 'say', cid, text });
}

/** A counter of its own for each reader: a mark may be cut by the end of a chunk. */
function createCounter(): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    const all = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
    const last = count(all);
    rest = all.subarray(Math.max(last, all.length - MARK.length - STAMP_CHARS));
    // Most chunks end with a frame; keeping their last bytes would copy every chunk.
    if (rest.at(-1) === 125 || rest.at(-1) === 93) rest = rest.subarray(rest.length);
  };
}

/** Counts whole marks and returns the offset after the last. */
function count(bytes: Buffer): number {
  const now = micros();
  let end = 0;
  for (let at = bytes.indexOf(MARK); at !== -1; at = bytes.indexOf(MARK, at + MARK.length)) {
    if (at + MARK.length + STAMP_CHARS > bytes.length) break;
    end = at + MARK.length + STAMP_CHARS;
    const stamp = Number(bytes.toString('latin1', at + MARK.length, at + MARK.length + STAMP_CHARS));
    delivered += 1;
    const slot = Math.min(latencies.length - 1, Math.max(0, Math.floor((now - stamp) / 100)));
    latencies[slot] = (latencies[slot] ?? 0) + 1;
  }
  return end;
}

function ignore(): void {}

function quantile(share: number): number {
  let left = Math.ceil(delivered * share);
  for (let slot = 0; slot < latencies.length; slot += 1) {
    left -= latencies[slot] ?? 0;
    if (left <= 0) return slot / 10;
  }
  return Number.POSITIVE_INFINITY;
}

async function cpuDuring(work: () => Promise<void>): Promise<number> {
  const before = cpuOf(pid);
  await work();
  return cpuOf(pid) - before;
}

function micros(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
