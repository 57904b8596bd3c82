import { connect, createServer, type Socket } from 'node:net';
import { createPipe, type Manners, type Pipe, type PipeEffects } from './pipe.ts';
import type { Random } from './random.ts';

/** A TCP proxy that misbehaves on demand and counts what its misbehaviour did. */
export type FaultProxy = {
  readonly port: number;
  /** Where new connections lead. */
  target: number;
  /** How bytes travel, from now on, on every connection. */
  readonly up: Manners;
  readonly down: Manners;
  readonly links: ReadonlySet<Link>;
  readonly effects: Readonly<Effects>;
  /** Destroys every connection at once; says how many had bytes pass. */
  cut(): number;
  /** Waits for the client's next bytes while `ready` holds, passes some or all of them, and cuts. Null when the time was up. */
  cutMidSend(passes: 'some' | 'all', withinMs: number, ready?: () => boolean): Promise<MidSend | null>;
  /** Stops forwarding without closing, on every connection there is; new ones are well. */
  halfOpen(direction: 'up' | 'down' | 'both'): number;
  close(): Promise<void>;
};
export type MidSend = { passed: number; withheld: number };
export type Effects = PipeEffects & { opened: number; refused: number; cut: number; cutMidSend: number; halfOpened: number };
type Link = { up: Pipe; down: Pipe; destroy(): void };

export async function openProxy(target: number, random: Random): Promise<FaultProxy> {
  const links = new Set<Link>();
  const effects: Effects = { delayedBytes: 0, pieces: 0, swallowedBytes: 0, opened: 0, refused: 0, cut: 0, cutMidSend: 0, halfOpened: 0 };
  const up: Manners = { delayMs: 0, split: null };
  const down: Manners = { delayMs: 0, split: null };
  let trap: ((link: Link) => void) | null = null;

  const server = createServer((client) => {
    const upstream = connect(proxy.target, '127.0.0.1');
    effects.opened += 1;
    let met = false;
    upstream.once('connect', () => { met = true; });
    upstream.once('error', () => { if (!met) effects.refused += 1; });
    const link: Link = {
      up: createPipe(client, upstream, () => up, effects, random),
      down: createPipe(upstream, client, () => down, effects, random),
      destroy() {
        for (const socket of [client, upstream]) socket.destroy();
      },
    };
    links.add(link);
    const halted = (): boolean => link.up.halted || link.down.halted;
    for (const [socket, other] of [[client, upstream], [upstream, client]] as const) {
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        // A half-open connection is one where the other side is not told.
        if (!halted()) destroySoon(other);
        if (client.destroyed && upstream.destroyed) links.delete(link);
      });
    }
    client.prependListener('data', () => trap?.(link));
  });

  const proxy: FaultProxy = {
    port: 0,
    target,
    up,
    down,
    links,
    effects,
    cut() {
      const used = [...links].filter((link) => link.up.bytes > 0 && link.down.bytes > 0).length;
      for (const link of links) link.destroy();
      effects.cut += used;
      return used;
    },
    cutMidSend(passes, withinMs, ready = () => true) {
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          trap = null;
          resolve(null);
        }, withinMs);
        trap = (link) => {
          // Before the first answer only the handshake is on its way.
          if (link.down.bytes === 0 || link.up.halted || !ready()) return;
          trap = null;
          // The link may close by itself before the trap springs: then it never does, and the time runs out.
          link.up.trap(passes === 'all' ? 'all' : random.between(1, 24), (passed, withheld) => {
            clearTimeout(timer);
            link.destroy();
            effects.cutMidSend += 1;
            resolve({ passed, withheld });
          });
        };
      });
    },
    halfOpen(direction) {
      let count = 0;
      for (const link of links) {
        if (direction !== 'down') link.up.halt();
        if (direction !== 'up') link.down.halt();
        count += 1;
      }
      effects.halfOpened += count;
      return count;
    },
    close() {
      for (const link of links) link.destroy();
      return new Promise((resolve) => { server.close(() => resolve()); });
    },
  };
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return Object.assign(proxy, { port: typeof address === 'object' && address ? address.port : 0 });
}

/** What was written to it still leaves. */
function destroySoon(socket: Socket): void {
  if (socket.writableLength === 0) socket.destroy();
  else socket.destroySoon();
}
