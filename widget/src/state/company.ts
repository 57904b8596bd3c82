import { type ClientFrame, type ServerFrame, TYPING_EVERY_MS, WHO_EVERY_MS } from '@aside/server/protocol';
import { createAlarm } from './alarm.ts';
import { nobody, type View } from './view.ts';

export type Present = Extract<ServerFrame, { t: 'names' }>['names'][number];
/** Who else is in the room: best effort, never a promise. */
export type Company = {
  hear(frame: ServerFrame): void;
  /** This reader writes. */
  typed(): void;
  /** Asks for the names, no more often than the server answers. */
  ask(): void;
};

/** A server tells of a writer every few seconds while they go on. */
const WRITES_FOR_MS = 5_000;

export function openCompany({ typing, names }: Pick<View, 'typing' | 'names'>, send: (frame: ClientFrame) => void): Company {
  const quiet = createAlarm(() => { typing.value = nobody; });
  let typedAt = 0;
  let askedAt = 0;

  return {
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
