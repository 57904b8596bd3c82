import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { startOurs } from './ours.ts';
import type { Child } from './process.ts';
import { openWire, type Wire } from './wire.ts';

/** Memory of the server's process per idle connection that said hello, over ten rooms, after a collection. */
export type MemoryFigure = { bytesEach: number; connections: number };

const ROOMS = 10;

export async function benchMemory(connections: number, say: (line: string) => void): Promise<MemoryFigure> {
  const ours = await startOurs();
  const wires: Wire[] = [];
  try {
    const url = `ws://127.0.0.1:${ours.server.port}/ws`;
    // The first readers load what every process needs once.
    for (let i = 0; i < 50; i += 1) wires.push(await hello(url, i));
    const before = await settled(ours.server);
    for (let i = 0; i < connections; i += 50) wires.push(...(await Promise.all(Array.from({ length: 50 }, (_, k) => hello(url, i + k)))));
    const after = await settled(ours.server);
    say(`resident ${(before / 1e6).toFixed(1)} MB with 50 readers, ${(after / 1e6).toFixed(1)} MB with ${connections} more`);
    return { bytesEach: (after - before) / connections, connections };
  } finally {
    for (const wire of wires) wire.socket.destroy();
    await ours.close();
  }
}

async function hello(url: string, i: number): Promise<Wire> {
  let welcome = (): void => {};
  const welcomed = new Promise<void>((resolve) => { welcome = resolve; });
  const wire = await openWire(url, (bytes, wire) => {
    if (bytes.includes('"t":"welcome"')) welcome();
    if (bytes.includes('"t":"beat"')) wire.send('{"t":"pong"}');
  });
  wire.socket.removeAllListeners('close');
  wire.send(JSON.stringify({ t: 'hello', v: 1, room: `memory-${i % ROOMS}`, id: randomUUID(), nick: '익명의 너구리', avatar: 'raccoon' }));
  await welcomed;
  return wire;
}

/** Resident bytes once collections stop lowering them. */
async function settled(server: Child): Promise<number> {
  let last = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 20; i += 1) {
    await server.collect();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = resident(server.pid);
    if (now > last * 0.995) return Math.min(now, last);
    last = now;
  }
  return last;
}

function resident(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+) kB/)?.[1]) * 1_024;
}

export function memoryLine({ bytesEach, connections }: MemoryFigure): string {
  return `## Memory

Resident memory of the server's process per idle connection that said hello, ${connections.toLocaleString('en')} of them in ${ROOMS} rooms, after a compacting collection: **${(bytesEach / 1_000).toFixed(1)} kB**.
`;
}
