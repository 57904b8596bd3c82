import { type ClientFrame, type ServerFrame, TYPING_EVERY_MS, WHO_EVERY_MS } from '@aside/server/protocol';
import { createAlarm } from './alarm.ts';
import type { Cell, Cells } from './cells.ts';

export type Present = Extract<ServerFrame, { t: 'names' }>['names'][number];
/** Who else is in the room: best effort, never a promise. */
export type Company = {
  /** The authors who write now, and how many more. */
  typing: Readonly<Cell<{ authors: readonly string[]; more: number }>>;
  /** The names of those present; null until somebody asked. */
  names: Readonly<Cell<readonly Present[] | null>>;
  hear(frame: ServerFrame): void;
  /** This reader writes. */
  typed(): void;
  /** Asks for the names, no more often than the server answers. */
  ask(): void;
};

/** A server tells of a writer every few seconds while they go on. */
const WRITES_FOR_MS = 5_000;
const nobody = { authors: [], more: 0 };

export function openCompany(cell: Cells, send: (frame: ClientFrame) => void): Company {
  const typing = cell<Company['typing']['value']>(nobody);
  const names = cell<readonly Present[] | null>(null);
  const quiet = createAlarm(() => { typing.value = nobody; });
  let typedAt = 0;
  let askedAt = 0;

  return {
    typing, names,
    hear(frame) {
      if (frame.t === 'names') names.value = frame.names;
      if (frame.t !== 'typing') return;
      typing.value = frame;
      quiet.set(Date.now() + WRITES_FOR_MS);
    },
    typed() {
      const now = Date.now();
      if (now - typedAt < TYPING_EVERY_MS) return;
      typedAt = now;
      send({ t: 'typing' });
    },
    ask() {
      const now = Date.now();
      if (now - askedAt < WHO_EVERY_MS) return;
      askedAt = now;
      send({ t: 'who' });
    },
  };
}
