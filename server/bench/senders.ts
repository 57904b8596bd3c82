import { randomUUID } from 'node:crypto';
import { openWire, type Wire } from './wire.ts';

/** A worker: senders that keep `window` messages unacknowledged each, and count the acknowledged. */
type Args = { url: string; senders: number; rooms: number; seconds: number; prefix: string; text: string; window: number };

const { url, senders, rooms, seconds, prefix, text, window } = JSON.parse(process.argv[2] ?? '{}') as Args;
const OK = Buffer.from('"t":"ok"');
const NO = /"t":"(no|wait)"[^}]*/;
let acks = 0;
let sent = 0;
let running = false;

const wires = await Promise.all(Array.from({ length: senders }, (_, i) => openSender(i)));
running = true;
const perSecond: number[] = [];
let last = 0;
for (const wire of wires) for (let i = 0; i < window; i += 1) say(wire);
for (let second = 0; second < seconds; second += 1) {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  perSecond.push(acks - last);
  last = acks;
}
running = false;
process.stdout.write(`${JSON.stringify({ acks, perSecond })}\n`);
process.exit(0);

async function openSender(i: number): Promise<Wire> {
  let rest: Buffer = Buffer.alloc(0);
  let welcome = (): void => {};
  const welcomed = new Promise<void>((resolve) => { welcome = resolve; });
  const wire: Wire = await openWire(url, (bytes) => {
    if (!running) {
      const refused = bytes.toString().match(NO);
      if (refused) throw new Error(refused[0]);
      if (bytes.includes('"t":"welcome"')) welcome();
      return;
    }
    const all = Buffer.concat([rest, bytes]);
    let from = 0;
    let answered = 0;
    for (let at = all.indexOf(OK); at !== -1; at = all.indexOf(OK, from)) {
      answered += 1;
      from = at + OK.length;
    }
    if (all.includes('"t":"no"') || all.includes('"t":"wait"')) throw new Error(`refused: ${all.toString().match(NO)?.[0]}`);
    rest = all.subarray(Math.max(from, all.length - OK.length + 1));
    acks += answered;
    for (let k = 0; k < answered; k += 1) say(wire);
  });
  wire.send(JSON.stringify({ t: 'hello', v: 1, room: `${prefix}-${i % rooms}`, id: randomUUID(), nick: '익명의 너구리', avatar: 'raccoon' }));
  await welcomed;
  return wire;
}

function say(wire: Wire): void {
  if (!running) return;
  sent += 1;
  wire.send(JSON.stringify({ t: 'say', cid: `bench-${String(sent).padStart(12, '0')}`, text }));
}
