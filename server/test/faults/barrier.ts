import { connect, createServer, type Socket } from 'node:net';

/** A way between a server and what it stands on, that can be closed and opened again without anybody being told. */
export type Barrier = {
  readonly port: number;
  /** Nothing passes in either direction; new connections wait. */
  part(): void;
  /** What was held goes on its way; `broken`: its connections end instead. Says how many bytes and connections were held. */
  heal(broken: boolean): number;
  /** The connections there are pass nothing ever again, and nobody is told; new ones do. */
  hang(): void;
  close(): Promise<void>;
};
/** What becomes of the bytes that come from the far end of one connection. */
export type Passage = (chunk: Buffer, send: (bytes: Buffer) => void) => void;

export async function openBarrier(target: number, passage: () => Passage = () => (chunk, send) => send(chunk)): Promise<Barrier> {
  const links = new Set<{ release(): void; hang(): void; destroy(): void }>();
  let parted = false;
  let held = 0;

  const server = createServer((client) => {
    const queue: (() => void)[] = [];
    let upstream: Socket | null = null;
    let hangs = false;
    const pass = (act: () => void, weight: number): void => {
      if (hangs) return;
      if (!parted) return act();
      held += weight;
      queue.push(act);
    };
    const meet = (): void => {
      const far = (upstream = connect(target, '127.0.0.1'));
      const down = passage();
      far.setNoDelay(true).on('error', () => far.destroy());
      far.on('data', (chunk: Buffer) => pass(() => down(chunk, (bytes) => void (client.destroyed || client.write(bytes))), chunk.length));
      far.on('close', () => pass(link.destroy, 0));
    };
    const link = {
      release: () => { for (const act of queue.splice(0)) act(); },
      hang: () => { hangs = true; },
      destroy() {
        client.destroy();
        upstream?.destroy();
        links.delete(link);
      },
    };
    links.add(link);
    client.setNoDelay(true).on('error', () => client.destroy());
    client.on('close', () => pass(link.destroy, 0));
    pass(meet, 1);
    client.on('data', (chunk: Buffer) => pass(() => void upstream?.write(chunk), chunk.length));
  });

  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    part() {
      parted = true;
      held = 0;
    },
    heal(broken) {
      parted = false;
      for (const link of [...links]) {
        if (broken) link.destroy();
        else link.release();
      }
      return held;
    },
    hang() {
      for (const link of links) link.hang();
    },
    close() {
      for (const link of [...links]) link.destroy();
      return new Promise((resolve) => { server.close(() => resolve()); });
    },
  };
}
