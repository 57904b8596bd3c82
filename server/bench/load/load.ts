import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { cpuOf } from '../process.ts';
import { add, createHistogram } from './histogram.ts';
import type { Kind } from './kinds.ts';
import type { Ask, Crew, Heard, Returned, Room } from './worker.ts';

/** Readers in several processes, on loopback only, bounded in count and time. */
export type Load = {
  /** Sockets that stand: the readers, and who speaks in each room. */
  readonly sockets: number;
  /** So many messages a second in each room, and everybody's rows counted: the run is void unless that is messages × readers. */
  speak(perRoom: number, seconds: number): Promise<Heard>;
  /** Everybody is cut at once and comes back, while who speaks goes on so often. */
  comeBack(perRoom: number): Promise<Returned>;
  close(): Promise<void>;
};
export type LoadOptions = { kind: Kind; url: string; rooms: readonly string[]; /** In each room. */ readers: number; processes?: number; /** Syllables by which messages are longer than usual. */ more?: number; /** Readers take what is compressed. */ deflate?: boolean; /** So many speak in each room, in words that are not alike; else one does, always in the same. */ voices?: number };

/** What a process may open. */
const SOCKETS_MAX = 19_000;
const SECONDS_MAX = 600;
/** As long as most of them need. */
const AWAY_S = 10;
const START = path.join(import.meta.dirname, 'worker.ts');

export async function openLoad({ kind, url, rooms, readers, processes = 1, more = 0, deflate = false, voices = 1 }: LoadOptions): Promise<Load> {
  if (!/^127\./.test(new URL(url).hostname)) throw new Error('load goes to 127.0.0.0/8 only');
  const each = Math.ceil(rooms.length / processes);
  if (each * (readers + 1) > SOCKETS_MAX) throw new Error(`one process holds at most ${SOCKETS_MAX} sockets, not ${each * (readers + 1)}`);
  const here = rooms.map((name, i): Room => ({ name, phase: phaseOf(i), from: addressOf(i) }));
  const crews = Array.from({ length: Math.ceil(rooms.length / each) }, (_, i): Crew => ({ kind, url, readers, deflate, rooms: here.slice(i * each, (i + 1) * each) }));
  const children = crews.map(start);
  const speakers = start({ kind, url, readers: voices, rooms: here, more });
  const all = <T>(what: Ask): Promise<T[]> => Promise.all(children.map((child) => ask<T>(child, what)));
  const close = async (): Promise<void> => { await Promise.all([...children, speakers].map(end)); };
  try {
    await all({ do: 'enter' });
    await ask(speakers, { do: 'enter' });
    return {
      sockets: rooms.length * (readers + voices),
      async speak(perRoom, seconds) {
        const span = Math.min(seconds, SECONDS_MAX);
        const heard = all<Heard>({ do: 'hear', perRoom: Math.round(perRoom * span) });
        await ask(speakers, { do: 'speak', perRoom, seconds: span });
        const whole = join(await heard);
        if (whole.rows !== whole.expected) throw new Error(`${whole.rows} of ${whole.expected} rows were delivered (${whole.lost} readers lost): the run is void`);
        return whole;
      },
      async comeBack(perRoom) {
        const [crowds] = await Promise.all([all<Returned>({ do: 'return' }), ask(speakers, { do: 'speak', perRoom, seconds: AWAY_S })]);
        const sum = (of: (one: Returned) => number): number => crowds.reduce((all, one) => all + of(one), 0);
        return { seconds: crowds.flatMap(({ seconds }) => seconds).sort((a, b) => a - b), resumed: sum((one) => one.resumed), anew: sum((one) => one.anew), turnedAway: sum((one) => one.turnedAway) };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function start(crew: Crew): ChildProcess {
  return spawn(process.execPath, [START, JSON.stringify(crew)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' });
}

/** Rooms speak when they like, and do so alike in every run. */
function phaseOf(index: number): Room['phase'] {
  const x = Math.sin(index + 1) * 43_758.5453;
  return x - Math.floor(x);
}

/** One for each room: where an address has taken half of its ports, the kernel looks for a free one for milliseconds. */
function addressOf(index: number): string {
  return `127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`;
}

function join(parts: readonly Heard[]): Heard {
  const whole: Heard = { rows: 0, bytes: 0, expected: 0, lost: 0, late: createHistogram() };
  for (const part of parts) {
    for (const count of ['rows', 'bytes', 'expected', 'lost'] as const) whole[count] += part[count];
    add(whole.late, part.late);
  }
  return whole;
}

export function ask<T>(child: ChildProcess, what: Ask | string): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a process of readers ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer as T);
    });
    child.send(what);
  });
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.disconnect();
  await gone;
}

/** What a run cost the server's processes, the same span idle taken off. */
export type Cost = Heard & { busyMs: number; idleMs: number };

export async function measure(load: Pick<Load, 'speak'>, pids: readonly number[], perRoom: number, seconds: number): Promise<Cost> {
  const cpu = (): number => pids.reduce((sum, pid) => sum + cpuOf(pid), 0);
  const quiet = cpu();
  await rest(seconds * 1_000);
  const before = cpu();
  const heard = await load.speak(perRoom, seconds);
  return { ...heard, busyMs: cpu() - before, idleMs: before - quiet };
}
