import type { Server } from 'node:http';
import { Socket } from 'node:net';
import type { Ready } from '../watch.ts';
import { EPOLLIN, EPOLLOUT, EPOLLOVER, openLibc } from './libc.ts';
import { type Plain, read } from './request.ts';
import { createShelf, type Served } from './shelf.ts';

/** What a front asks of who knows the streams: whether an address is good now, and what stands behind it. */
export type Behind = {
  /** At once, and at every request: whether it is ours to answer, and whether that is known for sure at this moment. */
  judge(url: string): 'no' | 'perhaps' | 'yes';
  ready(url: string): Promise<Ready | null>;
  report(error: unknown): void;
};
export type Front = { /** Answers given so far. */ readonly answered: number; close(): void };

type Visitor = { fd: number; /** What is being sent, how far. */ served: Served | null; at: number; /** For what it asked for. */ waits: boolean; /** Something came that was not read yet, and will not be told of again. */ unread: boolean; /** When something moved last. */ moved: number };
type Parked = { visitor: Visitor; head: Buffer };

const HEAD_BYTES = 16_384;
const IDLE_MS = 72_000;
const STUCK_MS = 30_000;
const TURN_MS = 4;
const WAIT_MS = 1;
const SWEEP_MS = 5_000;

/**
 * Stands before an HTTP server: takes its connections, answers what is at hand by sendfile(2), straight from the page
 * cache, and hands every other connection back as if nothing had been. Null where the machine or its Node cannot.
 */
export async function openFront(server: Server, behind: Behind, bytes: number): Promise<Front | null> {
  const libc = await openLibc().catch(() => null);
  if (!libc) return null;
  const [attach] = server.listeners('connection') as ((socket: Socket) => void)[];
  if (!attach) return null;
  const visitors = new Map<number, Visitor>();
  const parked = new Map<string, Parked[]>();
  let answered = 0;
  const shelf = createShelf(libc, bytes);
  const incoming = Buffer.allocUnsafeSlow(HEAD_BYTES);

  function welcome(socket: Socket): void {
    const { fd } = (socket as Socket & { _handle: { fd: number } })._handle;
    const mine = libc?.duplicate(fd) ?? -1;
    if (mine < 0) return attach?.call(server, socket);
    socket.destroy();
    visitors.set(mine, { fd: mine, served: null, at: 0, waits: false, unread: false, moved: Date.now() });
    libc?.watch(mine);
  }

  function leave({ fd, served }: Visitor): void {
    visitors.delete(fd);
    if (served) shelf.release(served);
    libc?.close(fd);
  }

  /** From here on it is Node's, with what was read of it. */
  function handOver({ fd }: Visitor, head: Buffer): void {
    visitors.delete(fd);
    libc?.unwatch(fd);
    const socket = new Socket({ fd, readable: true, writable: true });
    attach?.call(server, socket);
    socket.unshift(head);
  }

  function listen(visitor: Visitor): void {
    const count = libc?.receive(visitor.fd, incoming) ?? 0;
    if (count < 0) return;
    if (count === 0) return leave(visitor);
    visitor.moved = Date.now();
    const asked = read(incoming, count);
    const judged = asked ? behind.judge(asked.url) : 'no';
    if (!asked || judged === 'no') return handOver(visitor, Buffer.from(incoming.subarray(0, count)));
    const served = judged === 'yes' ? shelf.find(asked.name) : null;
    if (served) return give(visitor, served);
    visitor.waits = true;
    const waiting = parked.get(asked.name);
    const one = { visitor, head: Buffer.from(incoming.subarray(0, count)) };
    if (waiting) return void waiting.push(one);
    parked.set(asked.name, [one]);
    // What follows a promise is not run in a call from the event loop itself.
    setImmediate(() => void fetch(asked));
  }

  async function fetch({ name, url, zips, sandboxed }: Plain): Promise<void> {
    const ready = await behind.ready(url).catch(() => null);
    const waiting = parked.get(name) ?? [];
    parked.delete(name);
    const served = ready && shelf.put(name, ready, { zips, sandboxed });
    for (const { visitor, head } of waiting) {
      if (visitors.get(visitor.fd) !== visitor) continue;
      if (!served) handOver(visitor, head);
      else give(visitor, served);
    }
  }

  function give(visitor: Visitor, served: Served): void {
    shelf.hold(served);
    visitor.served = served;
    visitor.waits = false;
    visitor.at = -served.head.length;
    push(visitor, served);
  }

  function push(visitor: Visitor, served: Served): void {
    while (visitor.at < served.length) {
      const sent = step(visitor, served);
      // Only after a call that could send nothing is it told when there is room.
      if (sent <= 0) return;
      visitor.at += sent;
      visitor.moved = Date.now();
    }
    visitor.served = null;
    answered += 1;
    shelf.release(served);
    if (!visitor.unread) return;
    visitor.unread = false;
    listen(visitor);
  }

  function step({ fd, at }: Visitor, { head, file, length }: Served): number {
    if (!libc) return 0;
    if (at >= 0) return libc.sendFile(fd, file, at, length);
    return libc.send(fd, at === -head.length ? head : head.subarray(head.length + at), file >= 0);
  }

  function happened(fd: number, what: number): void {
    const visitor = visitors.get(fd);
    if (!visitor) return;
    if ((what & EPOLLOVER) !== 0) return leave(visitor);
    if (!visitor.served && !visitor.waits) return listen(visitor);
    if ((what & EPOLLIN) !== 0) visitor.unread = true;
    if (visitor.served && (what & EPOLLOUT) !== 0) push(visitor, visitor.served);
  }

  server.removeListener('connection', attach);
  server.on('connection', welcome);
  const unfollow = libc.follow(() => {
    try {
      // A turn of Node's loop costs as much as two answers: what comes within a moment is taken along, while nobody else waits long.
      for (const until = performance.now() + TURN_MS; libc.take(WAIT_MS, happened) > 0 && performance.now() < until; );
    } catch (error) {
      behind.report(error);
    }
  });
  const sweep = setInterval(() => {
    const now = Date.now();
    for (const visitor of visitors.values()) if (now - visitor.moved > (visitor.served ? STUCK_MS : IDLE_MS)) leave(visitor);
  }, SWEEP_MS);
  sweep.unref();
  return {
    get answered() { return answered; },
    close() {
      clearInterval(sweep);
      server.removeListener('connection', welcome);
      server.on('connection', attach);
      for (const visitor of visitors.values()) leave(visitor);
      shelf.close();
      unfollow();
    },
  };
}
