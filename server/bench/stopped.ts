import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { quantile } from './load/histogram.ts';
import { ask, end, openLoad } from './load/load.ts';
import { settled } from './memory.ts';
import { startOurs } from './ours.ts';
import { median } from './process.ts';
import type { Caught, Crew } from './stopped-readers.ts';

/** Readers of one room that stop reading, beside others that go on; in alternation with nobody stopping. */
export type StoppedFigures = { rounds: number; readers: number; stopped: number; /** Written to each of them, had they read. */ pushedBytes: number; well: number[]; beside: number[]; bytesEach: number[]; caught: Caught[] };
export type StoppedShape = { rounds: number; readers: number; stopped: number; perSecond: number; seconds: number };

/** A message of 1,960 syllables: some 6 kB, which fills the kernel's buffers soon. */
const MORE = 1_900;
export const STOPPED: StoppedShape = { rounds: 3, readers: 1_000, stopped: 100, perSecond: 30, seconds: 100 };
const START = path.join(import.meta.dirname, 'stopped-readers.ts');

export async function benchStopped({ rounds, readers, stopped, perSecond, seconds }: StoppedShape, say: (line: string) => void): Promise<StoppedFigures> {
  const figures: StoppedFigures = { rounds, readers, stopped, pushedBytes: 0, well: [], beside: [], bytesEach: [], caught: [] };
  const ours = await startOurs();
  try {
    const url = `ws://127.0.0.1:${ours.server.port}`;
    for (let round = 0; round < rounds * 2; round += 1) {
      const stops = round % 2 === 1;
      const room = `stopped-${round}`;
      await using stack = new AsyncDisposableStack();
      const load = await openLoad({ kind: 'aside', url, rooms: [room], readers: readers - stopped, more: MORE });
      stack.defer(load.close);
      const others = spawn(process.execPath, [START, JSON.stringify({ url, room, readers: stopped } satisfies Crew)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      stack.defer(() => end(others));
      await ask(others, 'enter');
      // What the room's tail and a crowd's buffers take is there before and after.
      await load.speak(perSecond, 5);
      const before = await settled(ours.server);
      if (stops) await ask(others, 'stop');
      const heard = await load.speak(perSecond, seconds);
      const after = await settled(ours.server);
      const p99 = quantile(heard.late, 0.99);
      (stops ? figures.beside : figures.well).push(p99);
      figures.pushedBytes = (heard.bytes / (readers - stopped)) | 0;
      if (!stops) {
        say(`round ${round / 2 + 1}, nobody stops: p99 ${p99} ms, ${((after - before) / 1e6).toFixed(1)} MB more`);
        continue;
      }
      figures.bytesEach.push((after - before) / stopped);
      await rest(100);
      const caught = await ask<Caught>(others, 'go');
      figures.caught.push(caught);
      say(`round ${(round + 1) / 2}, ${stopped} stop: p99 ${p99} ms, ${((after - before) / 1e6).toFixed(1)} MB more, ${(figures.pushedBytes / 2 ** 20).toFixed(1)} MiB for each; ${caught.exact} exact after ${caught.seconds.toFixed(1)} s, ${caught.cut} cut`);
    }
    return figures;
  } finally {
    await ours.close();
  }
}

/** The others' p99 with stopped readers, of that without. */
export function besideOf({ well, beside }: StoppedFigures): number {
  return median(beside) / median(well);
}

export function stoppedTable(figures: StoppedFigures): string {
  const { rounds, readers, stopped, pushedBytes, well, beside, bytesEach, caught } = figures;
  return `## Stopped readers

${stopped} of ${readers.toLocaleString('en')} readers of one room read nothing while ${(pushedBytes / 2 ** 20).toFixed(0)} MiB are written for each; medians of ${rounds} rounds, in alternation with nobody stopping.

| what | figure |
|---|---|
| memory of the server for each, after a compacting collection | ${(median(bytesEach) / 1_000).toFixed(0)} kB |
| the others' p99 from send to socket | ${median(beside).toFixed(0)} ms, with nobody stopping ${median(well).toFixed(0)} ms |
| hold exactly what the room holds when they read again | ${caught.reduce((sum, one) => sum + one.exact, 0)} of ${rounds * stopped}, after at most ${Math.max(...caught.map((one) => one.seconds)).toFixed(1)} s; ${caught.reduce((sum, one) => sum + one.cut, 0)} were cut and came back |
`;
}
