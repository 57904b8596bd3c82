import { readFileSync } from 'node:fs';
import { type Load, openLoad } from './load/load.ts';
import { startOurs } from './ours.ts';
import type { Child } from './process.ts';

/** Memory of the server's process per idle connection that said hello, over ten rooms, after a collection. */
export type MemoryFigure = { bytesEach: number; connections: number };

const ROOMS = 10;

export async function benchMemory(connections: number, say: (line: string) => void): Promise<MemoryFigure> {
  const ours = await startOurs();
  const rooms = Array.from({ length: ROOMS }, (_, i) => `memory-${i}`);
  const enter = (readers: number): Promise<Load> => openLoad({ kind: 'aside', url: `ws://127.0.0.1:${ours.server.port}`, rooms, readers });
  await using stack = new AsyncDisposableStack();
  stack.defer(ours.close);
  // The first readers load what every process needs once.
  stack.defer((await enter(5)).close);
  const before = await settled(ours.server);
  const crowd = await enter(Math.round(connections / ROOMS) - 1);
  stack.defer(crowd.close);
  const after = await settled(ours.server);
  say(`resident ${(before / 1e6).toFixed(1)} MB with ${ROOMS * 6} readers, ${(after / 1e6).toFixed(1)} MB with ${crowd.sockets} more`);
  return { bytesEach: (after - before) / crowd.sockets, connections: crowd.sockets };
}

/** Resident bytes once collections stop lowering them. */
export async function settled(server: Child): Promise<number> {
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

/** In bytes. */
export function resident(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+) kB/)?.[1]) * 1_024;
}

export function memoryLine({ bytesEach, connections }: MemoryFigure): string {
  return `## Memory

Resident memory of the server's process per idle connection that said hello, ${connections.toLocaleString('en')} of them in ${ROOMS} rooms, after a compacting collection: **${(bytesEach / 1_000).toFixed(1)} kB**.
`;
}
