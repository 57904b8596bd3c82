import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A worker: readers that stop reading and begin again when their parent says so, and keep what they see as the contract says. */
export type Crew = { url: string; room: string; readers: number };
/** `exact`: readers that hold the newest page as it is, at the head. `cut`: closed meanwhile, and back by themselves. */
export type Caught = { exact: number; cut: number; seconds: number };
type Row = { n: number; rev: number; text?: string; deleted?: true };
type Frame = { t: string; epoch?: string; rev: number; from: number; to: number; rows: Row[]; resumed?: boolean; more?: boolean };

const { url, room, readers } = JSON.parse(process.argv[2] ?? '{}') as Crew;
const CATCH_UP_MS = 30_000;
const LOOK_MS = 20;
let cut = 0;
let over = false;

class Reader {
  epoch = '';
  rev = 0;
  rows = new Map<number, Row>();
  ws: WebSocket | null = null;
  async enter(): Promise<void> {
    const ws = new WebSocket(`${url}/ws`, { perMessageDeflate: false });
    this.ws = ws;
    ws.on('message', (data) => this.#take(ws, JSON.parse(String(data)) as Frame));
    ws.on('error', () => {});
    await once(ws, 'open');
    ws.send(JSON.stringify({ t: 'hello', v: 1, room, id: randomUUID(), ...(this.epoch && { at: { epoch: this.epoch, rev: this.rev } }) }));
    ws.once('close', () => {
      if (over) return;
      cut += 1;
      void this.enter();
    });
  }
  #take(ws: WebSocket, frame: Frame): void {
    if (frame.t === 'beat') return ws.send('{"t":"pong"}');
    if (frame.t === 'welcome' || frame.t === 'reset') {
      if (!frame.resumed) this.rows.clear();
      this.epoch = frame.epoch ?? this.epoch;
      this.#put(frame.rows, frame.rev);
    } else if (frame.t === 'rows') {
      if (frame.from > this.rev) throw new Error(`a gap: at ${this.rev} came (${frame.from}, ${frame.to}]`);
      if (frame.to > this.rev) this.#put(frame.rows, frame.more ? this.rev : frame.to);
    }
  }
  #put(rows: readonly Row[], rev: number): void {
    for (const row of rows) if ((this.rows.get(row.n)?.rev ?? 0) < row.rev) this.rows.set(row.n, row);
    this.rev = rev;
  }
}

const all = Array.from({ length: readers }, () => new Reader());

process.on('message', (ask: 'enter' | 'stop' | 'go') => {
  const done = ask === 'enter' ? Promise.all(all.map((one) => one.enter())) : ask === 'stop' ? stop() : go();
  void done.then((answer) => process.send?.(answer));
});
process.once('disconnect', () => { over = true; process.exit(0); });

async function stop(): Promise<object> {
  for (const { ws } of all) ws?.pause();
  return {};
}

/** Reads on until each stands where the room does; the room says nothing meanwhile. */
async function go(): Promise<Caught> {
  const began = performance.now();
  for (const { ws } of all) ws?.resume();
  const page = await (await fetch(`${url.replace('ws:', 'http:')}/api/v1/rooms/${room}/messages`)).json() as { rev: number; rows: Row[] };
  const isExact = (one: Reader): boolean => one.rev === page.rev && page.rows.every(({ n, rev, text }) => one.rows.get(n)?.rev === rev && one.rows.get(n)?.text === text);
  while (!all.every(isExact) && performance.now() - began < CATCH_UP_MS) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  return { exact: all.filter(isExact).length, cut, seconds: (performance.now() - began) / 1_000 };
}
