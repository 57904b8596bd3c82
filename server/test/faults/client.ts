import { WebSocket } from 'ws';
import { type Avatar, type ReaderChange, type ClientFrame, isFinal, parseServerFrame, SINCE_EVERY_MS, SILENT_SERVER_MS, type ServerFrame } from '../../src/protocol/index.ts';
import type { ClientEvent, ClientRecord, Took, View } from './history.ts';
import { createOutbox, type Settled } from './outbox.ts';
import type { Random } from './random.ts';
import { createViewer, type RowsFrame } from './viewer.ts';

/** A reader, and with an `id` a writer, that keeps to the protocol, comes back by itself and writes down all it sends and gets. */
export type Client = {
  readonly name: string;
  readonly room: string;
  say(text: string, re?: number): Promise<Settled>;
  change(change: { t: 'edit'; n: number; text: string } | { t: 'delete'; n: number }): Promise<Settled>;
  /** Welcomed on a living socket. */
  readonly live: boolean;
  /** Words without an outcome; those of them that are on this socket. */
  readonly unsettled: number;
  readonly inFlight: number;
  readonly rev: number;
  view(): View;
  record(): ClientRecord;
  /** Dials again, as after a lost link. */
  redial(): void;
  close(): Promise<void>;
};
export type ClientOptions = {
  name: string;
  room: string;
  /** Asked anew at each dialling. */
  url: () => string;
  random: Random;
  clock: () => number;
  person?: { id: string; nick: string; avatar: Avatar };
  bounds?: Partial<Bounds>;
  /** Says unsettled words again before it looks whether they came back by themselves: the server has to tell doubles apart. */
  eager?: boolean;
};
/** Waits of the real program, shorter where a test cannot wait. */
export type Bounds = {
  /** The first delay is drawn below the first, later ones below twice the one before, up to the second. */
  redialMs: readonly [number, number];
  silentMs: readonly [number, number];
  /** Words unanswered for this long mean that the link is dead. */
  unansweredMs: number;
  /** `bye` may ask for a longer delay than a test can wait. */
  byeMaxMs: number;
};
const usual: Bounds = { redialMs: [5_000, 30_000], silentMs: SILENT_SERVER_MS, unansweredMs: 10_000, byeMaxMs: 60_000 };

export function openClient({ name, room, url, random, clock, person, bounds: asked, eager = false }: ClientOptions): Client {
  const bounds = { ...usual, ...asked };
  const events: ClientEvent[] = [];
  const viewer = createViewer();
  const outbox = createOutbox();
  let ws: WebSocket | null = null;
  let socket = 0;
  let live = false;
  let closed = false;
  let failures = 0;
  let bye: readonly [number, number] | null = null;
  let sinceAt = Number.NEGATIVE_INFINITY;
  let heardAt = 0;
  let silentMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let ended = Promise.withResolvers<void>();

  function dial(): void {
    socket += 1;
    const mine = (ws = new WebSocket(url(), { perMessageDeflate: false, handshakeTimeout: 5_000 }));
    ended = Promise.withResolvers<void>();
    heardAt = performance.now();
    silentMs = random.between(...bounds.silentMs);
    events.push({ is: 'opened', when: clock(), socket });
    mine.on('open', () => {
      viewer.interrupt();
      const at = viewer.at();
      send({ t: 'hello', v: 1, room, site: '', dropped: [], ...person, ...(at ? { at } : {}) });
    });
    mine.on('message', (data) => hear(data.toString()));
    mine.on('error', () => mine.terminate());
    mine.on('close', (code) => leave(code));
    look();
  }

  function send(frame: ClientFrame): void {
    if (ws?.readyState !== WebSocket.OPEN) return;
    events.push({ is: 'sent', when: clock(), socket, frame });
    // `dropped` is the parser's note, not a member of the frame.
    ws.send(JSON.stringify({ ...frame, dropped: undefined }));
  }

  function hear(text: string): void {
    heardAt = performance.now();
    const frame = parseServerFrame(text);
    if (!frame) return void events.push({ is: 'unread', when: clock(), socket, text });
    const event = { is: 'got' as const, when: clock(), socket, frame, bytes: Buffer.byteLength(text), took: 'none' as Took };
    events.push(event);
    event.took = take(frame);
    look();
  }

  function take(frame: ServerFrame): Took {
    switch (frame.t) {
      case 'welcome': case 'reset': case 'rows': return show(frame);
      case 'ok': case 'no': case 'wait': outbox.answer(frame, performance.now()); return 'none';
      case 'beat':
        send({ t: 'pong' });
        if (frame.rev > viewer.rev) askSince(viewer.rev);
        return 'none';
      case 'bye': bye = frame.after; return 'none';
      default: return 'none';
    }
  }

  function show(frame: RowsFrame): Took {
    if (frame.t === 'welcome') {
      live = true;
      failures = 0;
      if (eager) speak();
    }
    const { took, ask } = viewer.apply(frame);
    outbox.see(frame.rows);
    if (ask !== null) askSince(ask);
    return took;
  }

  function speak(): void {
    if (live) for (const frame of outbox.take(performance.now())) send(frame);
  }

  function askSince(rev: number): void {
    const now = performance.now();
    if (now - sinceAt < SINCE_EVERY_MS) return;
    sinceAt = now;
    send({ t: 'since', rev });
  }

  /** Sends what is due, notices a dead link, and sets the next look. */
  function look(): void {
    clearTimeout(timer);
    const now = performance.now();
    if (now - heardAt > silentMs || outbox.overdue(now - bounds.unansweredMs)) return ws?.terminate();
    speak();
    const waits = [heardAt + silentMs - now, (live ? outbox.nextDue() ?? Infinity : Infinity) - now, outbox.inFlight > 0 ? bounds.unansweredMs / 4 : Infinity];
    timer = setTimeout(look, Math.max(1, Math.min(...waits) + 1));
  }

  function leave(code: number): void {
    clearTimeout(timer);
    events.push({ is: 'closed', when: clock(), socket, code });
    live = false;
    outbox.disconnect();
    ended.resolve();
    if (closed || isFinal(code)) return;
    const [first, most] = bounds.redialMs;
    const [low, high] = bye ? [Math.min(bye[0], bounds.byeMaxMs), Math.min(bye[1], bounds.byeMaxMs)] : [0, Math.min(most, first * 2 ** failures)];
    bye = null;
    failures += 1;
    timer = setTimeout(dial, random.between(low, high));
  }

  function post(frame: ReaderChange): Promise<Settled> {
    const settled = outbox.add(frame);
    if (live) look();
    return settled;
  }

  dial();
  return {
    name,
    room,
    say: (text, re) => post({ t: 'say', cid: random.token(21), text, ...(re === undefined ? {} : { re }) }),
    change: (change) => post({ ...change, cid: random.token(21) }),
    get live() { return live; },
    get unsettled() { return outbox.size; },
    get inFlight() { return outbox.inFlight; },
    get rev() { return viewer.rev; },
    view: viewer.read,
    record: () => ({ name, room, secret: person?.id ?? null, events, view: viewer.read() }),
    redial: () => ws?.terminate(),
    close() {
      closed = true;
      clearTimeout(timer);
      if (!ws || ws.readyState === WebSocket.CLOSED) return Promise.resolve();
      ws.terminate();
      return ended.promise;
    },
  };
}
