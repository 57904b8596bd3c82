import { randomUUID } from 'node:crypto';

/** Servers that can be loaded: ours, and peers that do one thing. How each is entered, answered and spoken to. */
export type Kind = 'aside' | 'plain' | 'socketio' | 'bun';
/** What a reader has when it comes back. */
export type At = { epoch: string; rev: number };

export type Manner = {
  path(room: string): string;
  /** Whether a reader is in as soon as the socket stands. */
  bare: boolean;
  /** Sent then. */
  hello(room: string, at?: At): string | null;
  /** What to say to bytes that come before the reader is in: `in` when these say that it is. */
  enter(bytes: Buffer): string | null;
  /** What a reader has to answer to, so as not to be given up. */
  answer(bytes: Buffer): string | null;
  say(cid: string, text: string): string;
};

const BEAT = Buffer.from('"t":"beat"');
const WELCOME = Buffer.from('"t":"welcome"');

const bare: Manner = { bare: true, path: (room) => `/${room}`, hello: () => null, enter: () => null, answer: () => null, say: (cid, text) => JSON.stringify({ t: 'say', cid, text }) };

export const manners: Record<Kind, Manner> = {
  aside: {
    bare: false,
    path: () => '/ws',
    hello: (room, at) => JSON.stringify({ t: 'hello', v: 1, room, id: randomUUID(), nick: `익명의 ${randomUUID().slice(0, 4)}`, avatar: 'raccoon', ...(at && { at }) }),
    enter: (bytes) => (bytes.includes(WELCOME) ? 'in' : null),
    answer: (bytes) => (bytes.includes(BEAT) ? '{"t":"pong"}' : null),
    say: (cid, text) => JSON.stringify({ t: 'say', cid, text }),
  },
  plain: bare,
  bun: bare,
  socketio: {
    bare: false,
    path: () => '/socket.io/?EIO=4&transport=websocket',
    hello: () => null,
    enter: (bytes) => (bytes.includes('40{') ? 'in' : '40'),
    answer: (bytes) => (bytes.length === 3 && bytes[2] === 50 ? '3' : null),
    say: (cid, text) => `42${JSON.stringify(['say', { cid, text }])}`,
  },
};
