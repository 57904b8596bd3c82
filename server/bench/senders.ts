import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createHistogram, quantile, record } from './load/histogram.ts';
import { micros } from './load/rows.ts';
import { createFrames, openWire, type Wire } from './wire.ts';

/** A worker: senders that keep `window` messages unacknowledged each, or say `perSecond` among them whatever is acknowledged. */
export type Sending = { url: string; senders: number; rooms: number; seconds: number; prefix: string; text: string; window: number } | { url: string; senders: number; rooms: number; seconds: number; prefix: string; text: string; perSecond: number };
/** In ms from sending to its `ok`. */
export type Sent = { acks: number; perSecond: number[]; p50: number; p95: number; p99: number };

const asked = JSON.parse(process.argv[2] ?? '{}') as Sending;
const { url, senders, rooms, seconds, prefix, text } = asked;
/** The cid says when it was sent. */
const OK = Buffer.from('{"t":"ok","cid":"');
const STAMP_CHARS = 16;
const ROWS = Buffer.from('{"t":"rows"');
const REFUSED = /^{"t":"(no|wait)"/;
const SETTLE_MS = 10_000;
const took = createHistogram();
let acks = 0;
let sent = 0;
let running = false;

const wires: Wire[] = [];
for (let i = 0; i < senders; i += 50) wires.push(...(await Promise.all(Array.from({ length: Math.min(50, senders - i) }, (_, k) => openSender(i + k)))));
running = true;
const perSecond: number[] = [];
let last = 0;
if ('window' in asked) for (const wire of wires) for (let i = 0; i < asked.window; i += 1) say(wire);
const began = performance.now();
for (let second = 0; second < seconds; second += 1) {
  if ('perSecond' in asked) await pace(asked.perSecond, began + second * 1_000);
  else await pause(1_000);
  perSecond.push(acks - last);
  last = acks;
}
running = false;
if ('perSecond' in asked) for (const until = performance.now() + SETTLE_MS; acks < sent && performance.now() < until;) await pause(20);
if ('perSecond' in asked && acks < sent) throw new Error(`${acks} of ${sent} were acknowledged`);
process.stdout.write(`${JSON.stringify({ acks, perSecond, p50: quantile(took, 0.5), p95: quantile(took, 0.95), p99: quantile(took, 0.99) } satisfies Sent)}\n`);
process.exit(0);

/** A second of messages, evenly, by one sender after the other. */
async function pace(rate: number, from: number): Promise<void> {
  for (let i = 0; i < rate; i += 1) {
    const wait = from + (i * 1_000) / rate - performance.now();
    if (wait > 0) await pause(wait);
    say(wires[sent % wires.length] as Wire);
  }
  await pause(Math.max(0, from + 1_000 - performance.now()));
}

async function openSender(i: number): Promise<Wire> {
  const welcomed = Promise.withResolvers<void>();
  const wire: Wire = await openWire(url, createFrames(ROWS, (body) => {
    if (body.subarray(0, OK.length).equals(OK)) {
      acks += 1;
      record(took, (micros() - Number(body.toString('latin1', OK.length, OK.length + STAMP_CHARS))) / 1_000);
      if ('window' in asked && running) say(wire);
      return;
    }
    const words = body.toString();
    if (REFUSED.test(words)) throw new Error(`refused: ${words}`);
    if (words.startsWith('{"t":"beat"')) wire.send('{"t":"pong"}');
    if (words.startsWith('{"t":"welcome"')) welcomed.resolve();
  }));
  wire.send(JSON.stringify({ t: 'hello', v: 1, room: `${prefix}-${i % rooms}`, id: randomUUID(), nick: '익명의 너구리', avatar: 'raccoon' }));
  await welcomed.promise;
  return wire;
}

function say(wire: Wire): void {
  sent += 1;
  wire.send(JSON.stringify({ t: 'say', cid: `${String(micros()).padStart(STAMP_CHARS, '0')}-${sent.toString(36)}`, text }));
}
