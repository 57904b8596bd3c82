import { type ClientOptions, WebSocket } from 'ws';
import { type At, type ClientFrame, type Hello, parseServerFrame, type Row, type ServerFrame, SILENT_SERVER_MS, SINCE_EVERY_MS } from '../protocol/index.ts';

/** One reader's connection, as long as it is wanted: it comes back by itself, and goes on from its own number (P2). */
export type Reader = {
  /** Between a welcome and the end of its socket. */
  readonly live: boolean;
  /** The number up to which it was told everything, and whose number that is. */
  readonly at: At;
  /** False where nothing leaves now. */
  send(frame: ClientFrame): boolean;
  /** Leaves the socket there is, and resumes on another at once. */
  redial(): void;
  close(): void;
};
export type Told = {
  /** Rows came, of changes or as a page. */
  rows(rows: readonly Row[]): void;
  /** All that a frame carried is in; `welcome` with what was missed. */
  heard(frame: ServerFrame): void;
  /** The numbers mean nothing any more: another database, or one that was restored. */
  startedOver(): void;
  /** `live` changed. */
  turned(): void;
};

const FIRST_WAIT_MS = 500;
const WAIT_MAX_MS = 15_000;
const SOCKET = { perMessageDeflate: false, handshakeTimeout: 5_000, closeTimeout: 1_000 } as ClientOptions;
const NOWHERE: At = { epoch: '0', rev: 0 };

export function openReader(publicUrl: string, hello: Omit<Hello, 't' | 'v' | 'dropped' | 'at'>, told: Told): Reader {
  const url = `${publicUrl.replace(/^http/, 'ws')}/ws`;
  let at = NOWHERE;
  let live = false;
  let heardAt = performance.now();
  let failures = 0;
  let bye: readonly [number, number] | null = null;
  let sinceAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let ws = dial();
  // As long as readers bear a link that says nothing.
  const watch = setInterval(() => { if (performance.now() - heardAt > SILENT_SERVER_MS[0]) leave(ws); }, 1_000);

  function dial(): WebSocket {
    const mine = new WebSocket(url, { ...SOCKET, origin: publicUrl });
    heardAt = performance.now();
    mine.on('open', () => mine.send(JSON.stringify({ t: 'hello', v: 1, ...hello, ...(at.rev > 0 && { at }) })));
    mine.on('message', (data) => { if (mine === ws) hear(String(data)); });
    mine.on('error', () => leave(mine));
    mine.on('close', () => leave(mine));
    return mine;
  }

  function hear(text: string): void {
    heardAt = performance.now();
    const frame = parseServerFrame(text);
    if (!frame) return;
    if (frame.t === 'welcome' || frame.t === 'reset') take(frame);
    else if (frame.t === 'rows') join(frame);
    else if (frame.t === 'bye') bye = frame.after;
    else if (frame.t === 'beat') {
      send({ t: 'pong' });
      if (frame.rev > at.rev) ask();
    }
    told.heard(frame);
  }

  function take(frame: Extract<ServerFrame, { t: 'welcome' | 'reset' }>): void {
    if (at.epoch !== '0' && frame.epoch !== at.epoch) told.startedOver();
    at = { epoch: frame.epoch, rev: frame.rev };
    told.rows(frame.rows);
    if (live || frame.t === 'reset') return;
    live = true;
    failures = 0;
    told.turned();
  }

  function join({ from, to, rows, epoch, more }: Extract<ServerFrame, { t: 'rows' }>): void {
    if (to <= at.rev && !more) return;
    if (from > at.rev) return ask();
    told.rows(rows);
    if (!more) at = { epoch: epoch ?? at.epoch, rev: to };
  }

  function ask(): void {
    if (performance.now() - sinceAt < SINCE_EVERY_MS) return;
    sinceAt = performance.now();
    send({ t: 'since', rev: at.rev });
  }

  function send(frame: ClientFrame): boolean {
    if (!live || ws.readyState !== WebSocket.OPEN) return false;
    ws.send(JSON.stringify(frame));
    return true;
  }

  /** Of a socket that ended, or says nothing; twice is once. */
  function leave(mine: WebSocket, again = true): void {
    if (mine !== ws || closed || timer) return;
    mine.terminate();
    const [least, most] = bye ?? [0, Math.min(WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** failures)];
    bye = null;
    failures += 1;
    timer = setTimeout(() => {
      timer = undefined;
      ws = dial();
    }, again ? least + Math.random() * (most - least) : 0);
    if (!live) return;
    live = false;
    told.turned();
  }

  return {
    get live() { return live; },
    get at() { return at; },
    send,
    redial: () => leave(ws, false),
    close() {
      closed = true;
      live = false;
      clearTimeout(timer);
      clearInterval(watch);
      // What was sent still leaves.
      ws.close();
    },
  };
}
