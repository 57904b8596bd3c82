import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createHistogram, quantile, record } from './load/histogram.ts';
import { micros } from './load/rows.ts';
import { openWire, type Wire } from './wire.ts';

/** A worker: senders that keep `window` messages unacknowledged each, or say `perSecond` among them whatever is acknowledged. */
export type Sending = { url: string; senders: number; rooms: number; seconds: number; prefix: string; text: string; window: number } | { url: string; senders: number; rooms: number; seconds: number; prefix: string; text: string; perSecond: number };
/** In ms from sending to its `ok`. */
export type Sent = { acks: number; perSecond: number[]; p50: number; p95: number; p99: number };

const asked = JSON.parse(process.argv[2] ?? '{}') as Sending;
const { url, senders, rooms, seconds, prefix, text } = asked;
/** The cid says when it was sent. */
const OK = Buffer.from('"t":"ok","cid":"');
const STAMP_CHARS = 16;
const NO = /"t":"(no|wait)"[^}]*/;
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
  let rest: Buffer = Buffer.alloc(0);
  const welcomed = Promise.withResolvers<void>();
  const wire: Wire = await openWire(url, (bytes) => {
    if (!running && acks === 0) {
      const refused = bytes.toString().match(NO);
      if (refused) throw new Error(refused[0]);
      if (bytes.includes('"t":"welcome"')) welcomed.resolve();
      return;
    }
    if (bytes.includes('"t":"beat"')) wire.send('{"t":"pong"}');
    const all = Buffer.concat([rest, bytes]);
    let from = 0;
    let answered = 0;
    for (let at = all.indexOf(OK); at !== -1; at = all.indexOf(OK, from)) {
      if (at + OK.length + STAMP_CHARS > all.length) break;
      from = at + OK.length + STAMP_CHARS;
      answered += 1;
      record(took, (micros() - Number(all.toString('latin1', at + OK.length, from))) / 1_000);
    }
    if (all.includes('"t":"no"') || all.includes('"t":"wait"')) throw new Error(`refused: ${all.toString().match(NO)?.[0]}`);
    rest = all.subarray(Math.max(from, all.length - OK.length - STAMP_CHARS));
    acks += answered;
    if ('window' in asked && running) for (let k = 0; k < answered; k += 1) say(wire);
  });
  wire.send(JSON.stringify({ t: 'hello', v: 1, room: `${prefix}-${i % rooms}`, id: randomUUID(), nick: '익명의 너구리', avatar: 'raccoon' }));
  await welcomed.promise;
  return wire;
}

function say(wire: Wire): void {
  sent += 1;
  wire.send(JSON.stringify({ t: 'say', cid: `${String(micros()).padStart(STAMP_CHARS, '0')}-${sent.toString(36)}`, text }));
}
