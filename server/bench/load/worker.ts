import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { drawWait } from '../../../widget/src/net/backoff.ts';
import { type At, type Kind, manners } from './kinds.ts';
import { openReader, type Reader } from './reader.ts';
import { createCounter, createInflatingCounter, createReceived, type Received, stampWords } from './rows.ts';
import { drawWords } from './words.ts';

/**
 * A process that holds `readers` sockets in each of its rooms and does what its parent asks. Who speaks is in another
 * process than who reads: words that waited for readers' work would come in bursts, which a server may join.
 */
export type Crew = { kind: Kind; url: string; rooms: readonly Room[]; readers: number; /** Syllables by which messages are longer. */ more?: number; deflate?: boolean };
/** `phase`: when in a room's own time its messages are sent, from 0 to 1. `from`: the address its readers come from. */
export type Room = { name: string; phase: number; from: string };

export type Ask =
  | { do: 'enter' }
  /** So many messages a second in each room, by those who are in it in turn. */
  | { do: 'speak'; perRoom: number; seconds: number }
  /** Until so many messages of each room are with everybody. */
  | { do: 'hear'; perRoom: number }
  /** Everybody's network is gone at once; all come back as the widget does. */
  | { do: 'return' };
export type Heard = Received & { expected: number; /** Readers whom the server closed. */ lost: number };
/** `seconds`: until each was in again. `anew`: those who got the newest page instead of what they missed. */
export type Returned = { seconds: number[]; resumed: number; anew: number; turnedAway: number };

/** Handshakes under way at once. */
const ENTER_AT_ONCE = 50;
const ENTER_AGAIN_MS = 1_000;
const ENTER_TRIES = 20;
/** A run in which nothing comes any more is over. */
const STUCK_MS = 20_000;
const LOOK_MS = 20;

const crew = JSON.parse(process.argv[2] ?? '{}') as Crew;
const manner = manners[crew.kind];
let received = createReceived();
let lost = 0;
const members = crew.rooms.flatMap((room) => Array.from({ length: crew.readers }, () => ({ ...room, reader: null as Reader | null })));

process.on('message', (ask: Ask) => {
  void obey(ask).then((answer) => process.send?.(answer));
});
process.once('disconnect', () => process.exit(0));

function obey(ask: Ask): Promise<object> {
  switch (ask.do) {
    case 'enter': return enter();
    case 'speak': return speak(ask.perRoom, ask.seconds);
    case 'hear': return hear(ask.perRoom);
    case 'return': return comeBack();
  }
}

async function enter(): Promise<object> {
  for (let i = 0; i < members.length; i += ENTER_AT_ONCE) {
    await Promise.all(members.slice(i, i + ENTER_AT_ONCE).map(async (one) => { one.reader = await comeIn(one); }));
  }
  return {};
}

/** A server may say that too many come at once. */
async function comeIn(room: Room): Promise<Reader> {
  for (let tries = 1; tries < ENTER_TRIES; tries += 1) {
    const reader = await open(room).catch(() => null);
    if (reader) return reader;
    await pause(Math.random() * ENTER_AGAIN_MS);
  }
  return open(room);
}

async function open({ name, from }: Room, at?: At): Promise<Reader> {
  const reader = await openReader({ ...crew, room: name, from, ...(at && { at }) }, (crew.deflate ? createInflatingCounter : createCounter)(() => received));
  reader.wire.socket.once('close', () => { lost += 1; });
  return reader;
}

async function speak(perRoom: number, seconds: number): Promise<object> {
  const each = Math.round(perRoom * seconds);
  const times = crew.rooms.flatMap(({ phase }, room) => Array.from({ length: each }, (_, i) => ({ one: members[room * crew.readers + (i % crew.readers)], at: ((i + phase) * 1_000) / perRoom }))).sort((a, b) => a.at - b.at);
  const began = performance.now();
  for (const { one, at } of times) {
    const wait = began + at - performance.now();
    if (wait > 0) await pause(wait);
    one?.reader?.wire.send(manner.say(randomBytes(16).toString('base64url'), stampWords(crew.more, crew.readers > 1 ? drawWords() : undefined)));
  }
  return {};
}

async function hear(perRoom: number): Promise<Heard> {
  received = createReceived();
  const expected = perRoom * members.length;
  for (let before = -1, since = performance.now(); received.rows < expected && performance.now() - since < STUCK_MS; await pause(LOOK_MS)) {
    if (received.rows === before) continue;
    before = received.rows;
    since = performance.now();
  }
  return { ...received, expected, lost };
}

async function comeBack(): Promise<Returned> {
  const heads = new Map(await Promise.all(crew.rooms.map(async ({ name }) => [name, await headOf(name)] as const)));
  const returned: Returned = { seconds: [], resumed: 0, anew: 0, turnedAway: 0 };
  for (const { reader } of members) reader?.wire.socket.removeAllListeners('close').resetAndDestroy();
  const began = performance.now();
  await Promise.all(members.map(async (one) => {
    for (let tries = 0; ; tries += 1) {
      await pause(drawWait(tries, Math.random()));
      one.reader = await open(one, heads.get(one.name)).catch(() => null);
      if (one.reader) break;
      returned.turnedAway += 1;
    }
    returned.seconds.push((performance.now() - began) / 1_000);
    if (one.reader.resumed) returned.resumed += 1;
    else returned.anew += 1;
  }));
  return returned;
}

/** Where our room is, which is where its readers are when nothing is under way. */
async function headOf(room: string): Promise<At> {
  const { epoch, rev } = await (await fetch(`${crew.url.replace('ws:', 'http:')}/api/v1/rooms/${room}/messages`)).json() as At;
  return { epoch, rev };
}
