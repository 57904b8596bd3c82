import { type ClientFrame, parseServerFrame, type ServerFrame } from '@aside/server/protocol';
import { type Effect, type Happening, idle, type Link, step } from './link.ts';

export type Connection = {
  /** False when nobody is listening: the frame is not kept. */
  send(frame: ClientFrame): boolean;
  /** The reader, or what is held, has something to say about being connected. */
  happen(happening: { t: 'start' | 'resume' | 'stop' | 'renew' | 'hint' }): void;
};

/** The shell of `link.ts`: the only WebSocket, the only timer, and no opinion. */
export function connect(wire: {
  url: string;
  greet: () => object;
  deliver: (frame: ServerFrame) => void;
  tell: (link: Link) => void;
}): Connection {
  let link: Link = idle;
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function happen(happening: Happening): void {
    const [next, effects] = step(link, happening, { now: performance.now(), random: Math.random() });
    const changed = next.at !== link.at;
    link = next;
    if (changed) wire.tell(link);
    for (const effect of effects) obey(effect);
  }

  function obey(effect: Effect): void {
    switch (effect.do) {
      case 'dial': return open(effect.dial);
      case 'hangUp': socket?.close(1000); socket = undefined; return;
      case 'greet': return write(wire.greet());
      case 'send': return write(effect.frame);
      case 'deliver': return wire.deliver(effect.frame);
      case 'wake': clearTimeout(timer); timer = setTimeout(happen, effect.at - performance.now(), { t: 'tick' }); return;
      case 'sleep': clearTimeout(timer); return;
    }
  }

  function open(dial: number): void {
    try {
      const opened = new WebSocket(wire.url);
      opened.onopen = () => happen({ t: 'opened', dial });
      opened.onmessage = ({ data }) => happen({ t: 'frame', dial, frame: parseServerFrame(String(data)) });
      opened.onclose = ({ code }) => happen({ t: 'lost', dial, code });
      socket = opened;
    } catch {
      // A policy may forbid the socket by throwing; that must look like any other loss, and not happen inside this step.
      queueMicrotask(() => happen({ t: 'lost', dial, code: 1006 }));
    }
  }

  /** What is not known is absent on the wire. */
  function write(frame: object): void {
    socket?.send(JSON.stringify(frame, (_, value: unknown) => value ?? undefined));
  }

  return {
    send(frame) {
      const heard = link.at === 'live';
      if (heard) write(frame);
      return heard;
    },
    happen,
  };
}
