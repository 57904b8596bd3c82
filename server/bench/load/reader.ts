import { openWire, type Wire } from '../wire.ts';
import { type At, type Kind, manners } from './kinds.ts';

export type Reader = { wire: Wire; /** With what it missed, instead of the newest page. */ resumed: boolean };

const RESUMED = Buffer.from('"resumed":true');

/** Comes in as one reader of a room; resolves when it is in. `onBytes` gets what comes afterwards. */
export async function openReader({ url, kind, room, from, at, deflate }: { url: string; kind: Kind; room: string; from?: string; at?: At; deflate?: boolean }, onBytes: (bytes: Buffer) => void): Promise<Reader> {
  const manner = manners[kind];
  const entered = Promise.withResolvers<boolean>();
  let live = manner.bare;
  const wire = await openWire(`${url}${manner.path(room)}`, (bytes, own) => {
    if (live) {
      const answer = manner.answer(bytes);
      if (answer) own.send(answer);
      return onBytes(bytes);
    }
    const words = manner.enter(bytes);
    if (words === 'in') {
      live = true;
      entered.resolve(bytes.includes(RESUMED));
    } else if (words) own.send(words);
  }, from, deflate ? 'permessage-deflate; client_max_window_bits' : undefined);
  if (manner.bare) entered.resolve(false);
  wire.socket.once('close', () => entered.reject(new Error('closed before it was in')));
  const hello = manner.hello(room, at);
  if (hello) wire.send(hello);
  return { wire, resumed: await entered.promise };
}
