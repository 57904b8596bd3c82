import type { ReaderChange, LiveRow, Row, ServerFrame } from '../../src/protocol/index.ts';
import type { ClientEvent, ClientRecord, History, StoredRow, Took } from './history.ts';
import { type Random, seedRandom } from './random.ts';
import { createViewer, type RowsFrame, type Viewer } from './viewer.ts';

/** A history in which every promise is kept, though sockets are cut, answers lost and words resent: made from a seed. */
export function makeHistory(seed: number, steps = 220): History {
  const random = seedRandom(seed);
  const world: World = { random, clock: 0 };
  const rooms = ['post-1', 'post-2'].map((name) => createRoom(name, random));
  const peers = rooms.flatMap((room) => Array.from({ length: 5 }, (_, i) => createPeer(room, `${room.name} client ${i}`, i < 3, world)));
  for (const peer of peers) enter(peer, world);
  for (let step = 0; step < steps; step += 1) act(random.pick(peers), world);
  for (const peer of peers) {
    if (!peer.open) enter(peer, world);
    resend(peer, world);
  }
  for (const peer of peers) deliver(peer, world);
  return {
    clients: peers.map(({ record, viewer }) => ({ ...record, view: viewer.read() })),
    rooms: rooms.map(({ name, rev, rows, stored }) => ({ room: name, rev, n: rows.length, first: 1, rows: [...stored.values()] })),
  };
}

type World = { random: Random; clock: number };
type Room = { name: string; epoch: string; rev: number; at: number; rows: Row[]; stored: Map<number, StoredRow> };
type Peer = {
  room: Room; record: ClientRecord; viewer: Viewer; author: string | null; speaks: boolean;
  socket: number; open: boolean; sentRev: number; outbox: ReaderChange[]; own: number[];
};
const PAGE = 8;

function createRoom(name: string, random: Random): Room {
  return { name, epoch: random.uuid().replaceAll('-', '').slice(0, 16), rev: 0, at: 1_763_690_000_000, rows: [], stored: new Map() };
}

function createPeer(room: Room, name: string, speaks: boolean, { random }: World): Peer {
  const viewer = createViewer();
  const author = speaks ? random.token(16).toLowerCase().replace(/[^a-z2-7]/g, 'a') : null;
  const record = { name, room: room.name, secret: speaks ? random.uuid() : null, events: [], view: viewer.read() };
  return { room, record, viewer, author, speaks, socket: 0, open: false, sentRev: 0, outbox: [], own: [] };
}

type What = ClientEvent extends infer E ? (E extends ClientEvent ? Omit<E, 'when' | 'socket'> : never) : never;
function write(peer: Peer, world: World, what: What): void {
  world.clock += 1 + world.random.between(0, 3);
  peer.record.events.push({ when: world.clock, socket: peer.socket, ...what } as ClientEvent);
}

function get(peer: Peer, world: World, frame: ServerFrame): Took {
  const took = frame.t === 'welcome' || frame.t === 'reset' || frame.t === 'rows' ? peer.viewer.apply(frame as RowsFrame).took : 'none';
  write(peer, world, { is: 'got', frame, bytes: JSON.stringify(frame).length, took });
  return took;
}

function enter(peer: Peer, world: World): void {
  const { room, record, viewer, author } = peer;
  peer.socket += 1;
  peer.open = true;
  write(peer, world, { is: 'opened' });
  viewer.interrupt();
  const at = viewer.at();
  write(peer, world, { is: 'sent', frame: { t: 'hello', v: 1, room: room.name, site: '', dropped: [], ...(record.secret ? { id: record.secret } : {}), ...(at ? { at } : {}) } });
  const resumed = at !== null && at.rev > 0 && world.random.chance(0.8);
  const page = resumed ? { rows: changedSince(room, at.rev, at.low ?? 1), more: false } : newestPage(room);
  const epoch = room.rev === 0 ? '0' : room.epoch;
  const you = { author, nick: author && 'fox', avatar: author && 'fox', role: 'reader' } as const;
  get(peer, world, {
    t: 'welcome', v: 1, you, room: { id: room.name, title: null }, epoch, rev: room.rev, n: room.rows.length, first: 1, resumed, ...page,
    mine: {}, here: 1, limits: { text: 2000, nick: [2, 15], page: PAGE },
  });
  peer.sentRev = room.rev;
}

function newestPage({ rows }: Room): { rows: Row[]; more: boolean } {
  const live = rows.filter((row) => !row.deleted);
  return { rows: live.slice(-PAGE), more: live.length > PAGE };
}

function changedSince({ rows }: Room, rev: number, low: number): Row[] {
  return rows.filter((row) => row.rev > rev && row.n >= low).sort((a, b) => a.rev - b.rev);
}

function act(peer: Peer, world: World): void {
  const { random } = world;
  if (!peer.open) return enter(peer, world);
  const draw = random.next();
  if (draw < 0.45 && peer.speaks) say(peer, world);
  else if (draw < 0.52 && peer.speaks) change(peer, world);
  else if (draw < 0.6) cut(peer, world);
  else if (draw < 0.65) resend(peer, world);
  else if (draw < 0.68) get(peer, world, { t: 'beat', rev: peer.sentRev });
  else deliver(peer, world);
}

function cut(peer: Peer, world: World): void {
  peer.open = false;
  write(peer, world, { is: 'closed', code: 1006 });
}

function say(peer: Peer, world: World): void {
  const { random } = world;
  const re = peer.viewer.read().rows.findLast((row) => !row.deleted)?.n;
  const frame: ReaderChange = { t: 'say', cid: random.token(21), text: `말 ${random.token(8)}`, ...(re && random.chance(0.2) ? { re } : {}) };
  peer.outbox.push(frame);
  send(peer, world, frame);
}

function change(peer: Peer, world: World): void {
  const { random } = world;
  const n = peer.own.filter((own) => !peer.room.stored.get(own)?.deleted && !peer.outbox.some((frame) => 'n' in frame && frame.n === own)).at(-1);
  if (n === undefined) return;
  const frame: ReaderChange = random.chance(0.5) ? { t: 'delete', cid: random.token(21), n } : { t: 'edit', cid: random.token(21), n, text: `말 ${random.token(9)}` };
  peer.outbox.push(frame);
  send(peer, world, frame);
}

/** Saved and told, saved and cut, cut before it arrived, not known yet, or refused: the client keeps it until it is told. */
function send(peer: Peer, world: World, frame: ReaderChange): void {
  write(peer, world, { is: 'sent', frame });
  const draw = world.random.next();
  if (draw < 0.8 || draw > 0.95) {
    const outcome = save(peer, frame);
    if (draw < 0.7) settle(peer, world, frame, outcome);
    else if (draw < 0.8) cut(peer, world);
    else get(peer, world, { t: 'wait', cid: frame.cid, retryAfter: 1000 });
  } else if (draw < 0.88) cut(peer, world);
  else get(peer, world, { t: 'no', cid: frame.cid, code: 'overloaded', retryAfter: 1000 });
}

function resend(peer: Peer, world: World): void {
  for (const frame of [...peer.outbox]) {
    write(peer, world, { is: 'sent', frame });
    settle(peer, world, frame, save(peer, frame));
  }
}

function settle(peer: Peer, world: World, frame: ReaderChange, { n, rev, dup }: { n: number; rev: number; dup: boolean }): void {
  peer.outbox = peer.outbox.filter((other) => other !== frame);
  if (frame.t === 'say') peer.own.push(n);
  get(peer, world, { t: 'ok', cid: frame.cid, n, rev, ...(dup ? { dup: true } : {}) });
}

function save({ room, author }: Peer, frame: ReaderChange): { n: number; rev: number; dup: boolean } {
  const known = [...room.stored.values()].find((row) => row.cid === frame.cid);
  if (known) return { n: known.n, rev: known.rev, dup: true };
  if (frame.t !== 'say') {
    const before = room.rows[frame.n - 1];
    if (!before) throw new Error(`no message ${frame.n} to change`);
    if (before.deleted || (frame.t === 'edit' && before.text === frame.text)) return { n: frame.n, rev: before.rev, dup: false };
    return { ...put(room, frame.t === 'delete' ? { n: frame.n, rev: 0, deleted: true } : { ...before, text: 'text' in frame ? frame.text : '', edited: room.at }), dup: false };
  }
  room.at += frame.cid.charCodeAt(0) % 3;
  const row: LiveRow = { n: room.rows.length + 1, rev: 0, cid: frame.cid, author: author ?? '', nick: 'fox', avatar: 'fox', text: frame.text, at: room.at };
  return { ...put(room, frame.re === undefined ? row : { ...row, re: frame.re }), dup: false };
}

function put(room: Room, row: Row): { n: number; rev: number } {
  room.rev += 1;
  const kept = { ...row, rev: room.rev };
  room.rows[row.n - 1] = kept;
  const before = room.stored.get(row.n);
  if (!kept.deleted) {
    const { n, rev, cid, author, nick, text, at } = kept;
    room.stored.set(n, { n, rev, cid, author, nick, text, re: kept.re ?? null, at, edited: kept.edited !== undefined, deleted: false });
  } else if (before) room.stored.set(row.n, { ...before, rev: room.rev, nick: '', text: '', re: null, deleted: true });
  return { n: row.n, rev: room.rev };
}

/** The socket's next step, sometimes in parts, sometimes twice. */
function deliver(peer: Peer, world: World): void {
  const { room, sentRev: from } = peer;
  const to = room.rev;
  if (to <= from) return;
  const rows = changedSince(room, from, 1);
  const epoch = from === 0 ? { epoch: room.epoch } : {};
  if (rows.length > 3 && world.random.chance(0.4)) {
    get(peer, world, { t: 'rows', from, to, rows: rows.slice(0, 2), more: true, ...epoch });
    get(peer, world, { t: 'rows', from, to, rows: rows.slice(2), ...epoch });
  } else get(peer, world, { t: 'rows', from, to, rows, ...epoch });
  if (world.random.chance(0.1)) get(peer, world, { t: 'rows', from, to, rows, ...epoch });
  peer.sentRev = to;
}
