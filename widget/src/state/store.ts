import { type At, type Avatar, type ClientFrame, type Page, type PageData, type RefusalCode, type ServerFrame, SINCE_EVERY_MS, type You } from '@aside/server/protocol';
import { nanoid } from 'nanoid';
import type { Connection } from '../net/connect.ts';
import { idle, type Link } from '../net/link.ts';
import { createAlarm } from './alarm.ts';
import type { Cell, Cells } from './cells.ts';
import type { Drafts } from './drafts.ts';
import { nextDue, type Outbox, type OutboxEvent, step as stepOutbox } from './outbox.ts';
import { openRoom, type Room, type RoomEffect, type RoomEvent, step as stepRoom } from './room.ts';
import type { Speaker } from './speaker.ts';

export type Store = {
  room: Readonly<Cell<Room>>;
  outbox: Readonly<Cell<Outbox>>;
  link: Readonly<Cell<Link>>;
  /** The newest number the reader has had before their eyes. */
  seen: Readonly<Cell<number>>;
  /** What came after this number came while the reader was away; null when nothing did. */
  mark: Readonly<Cell<number | null>>;
  start(): void;
  happen: Connection['happen'];
  say(text: string): void;
  retry(cid: string): void;
  discard(cid: string): void;
  rename(nick: string, avatar: Avatar): RefusalCode | null;
  /** Everything held is before the reader's eyes. */
  see(): void;
  /** What came last is not. */
  miss(): void;
  loadOlder(): void;
  /** Whether message `n` may come by loading older ones, or by the connection that is not there yet. */
  mayLoad(n: number): boolean;
};
export type Means = {
  cell: Cells;
  speaker: Speaker;
  drafts: Drafts;
  dial(wire: { greet: () => object; deliver: (frame: ServerFrame) => void; tell: (link: Link) => void }): Connection;
  fetchPage(before: number): Promise<Page | null>;
  /** The newest number seen in an earlier visit. */
  seenBefore: number | null;
};

/** Rows held while the reader sits at the end; scrolled up, what they read is not taken away until the second number. */
const KEEP_ROWS = 400;
const KEEP_ROWS_AT_MOST = 4_000;
/** An address that lies further back would have to forget what it came through. */
const LOAD_ROWS_AT_MOST = KEEP_ROWS_AT_MOST - KEEP_ROWS;
/** A page that could not be had is not asked for again at once: the list asks whenever it is drawn. */
const REST_MS = 3_000;

/** Cells over the pure reducers: it carries what they ask for to the connection, the clock and the browser's storage. */
export function openStore(page: PageData, { cell, speaker, drafts, dial, fetchPage, seenBefore }: Means): Store {
  const room = cell(openRoom(page.facts, page.snapshot));
  const outbox = cell(drafts.readOutbox());
  const link = cell<Link>(idle);
  const seen = cell(0);
  const mark = cell<number | null>(null);
  const dueAlarm = createAlarm(() => moveBox({ t: 'due', now: Date.now() }));
  const sinceAlarm = createAlarm(askSince);
  let connection: Connection | null = null;
  let missing: number | null = null;
  let askedAt = 0;
  let pages = 0;
  let restUntil = 0;
  /** The reader has been past the mark: it may move, or go. */
  let passed = true;
  if (page.snapshot) arrive();

  const send = (frame: ClientFrame) => void connection?.send(frame);

  function moveRoom(event: RoomEvent): void {
    const [next, effects] = stepRoom(room.value, event);
    room.value = next;
    for (const effect of effects) obey(effect);
  }

  function obey(effect: RoomEffect): void {
    if (effect.do === 'renew') return connection?.happen({ t: 'renew' });
    missing = effect.rev;
    sinceAlarm.set(askedAt + SINCE_EVERY_MS);
  }

  function askSince(): void {
    if (missing === null) return;
    askedAt = Date.now();
    send({ t: 'since', rev: missing });
    missing = null;
  }

  function moveBox(event: OutboxEvent): void {
    const before = outbox.value;
    const [next, says] = stepOutbox(before, event);
    drafts.keepOutbox(before, next);
    outbox.value = next;
    // Said before the server knows the name: `ready` sends it.
    if (speaker.maySpeak()) says.forEach(send);
    dueAlarm.set(link.value.at === 'live' ? nextDue(next) : null);
  }

  /** Who comes for the first time has missed nothing; a number from before the room was cleared says nothing. */
  function arrive(): void {
    seen.value = Math.min(seenBefore ?? room.value.n, room.value.n);
    miss();
  }

  function miss(): void {
    if (!passed || seen.value >= room.value.n) return;
    passed = false;
    mark.value = seen.value;
  }

  function deliver(frame: ServerFrame): void {
    const arriving = room.value.epoch === null;
    if (frame.t === 'welcome') missing = null;
    moveRoom({ t: 'frame', frame });
    if (arriving && room.value.epoch !== null) arrive();
    const rows = frame.t === 'rows' || frame.t === 'welcome' || frame.t === 'reset' ? frame.rows : [];
    moveBox({ t: 'rows', rows, n: room.value.n });
    hear(frame);
    if (room.value.rows.size > KEEP_ROWS_AT_MOST) moveRoom({ t: 'trim', keep: KEEP_ROWS_AT_MOST - KEEP_ROWS });
  }

  function hear(frame: ServerFrame): void {
    switch (frame.t) {
      case 'welcome': return listen(frame.you, frame.dropped);
      case 'reset': return listen(frame.you);
      case 'you': return listen(frame);
      case 'ok': case 'wait': return answer(frame);
      case 'no': return frame.cid === undefined ? speaker.refused(frame.code) : answer(frame);
      case 'rows': case 'here': case 'names': case 'typing': case 'beat': case 'bye': return;
    }
  }

  function answer(frame: Extract<OutboxEvent, { t: 'answer' }>['frame']): void {
    moveBox({ t: 'answer', frame, now: Date.now() });
    moveBox({ t: 'rows', rows: [], n: room.value.n });
  }

  function listen(you: You, dropped: readonly string[] = []): void {
    speaker.know(you, dropped);
    if (speaker.maySpeak()) moveBox({ t: 'ready', now: Date.now() });
  }

  return {
    room, outbox, link, seen, mark,
    start() {
      connection ??= dial({
        greet: () => ({ t: 'hello', v: 1, room: page.room, site: page.site, ...speaker.introduce(), at: positionOf(room.value) }),
        deliver,
        tell: (now) => { link.value = now; },
      });
    },
    happen: (happening) => connection?.happen(happening),
    say(text) {
      if (passed) mark.value = null;
      moveBox({ t: 'say', say: { t: 'say', cid: nanoid(), text }, now: Date.now() });
    },
    retry: (cid) => moveBox({ t: 'retry', cid, fresh: nanoid(), now: Date.now() }),
    discard: (cid) => moveBox({ t: 'discard', cid }),
    rename: (nick, avatar) => speaker.rename(nick, avatar, send),
    see() {
      passed = true;
      if (seen.value < room.value.n) seen.value = room.value.n;
      if (room.value.rows.size > 2 * KEEP_ROWS) moveRoom({ t: 'trim', keep: KEEP_ROWS });
    },
    miss,
    mayLoad(n) {
      const { low, first, n: newest } = room.value;
      const { at } = link.value;
      return n > newest ? at !== 'live' && at !== 'closed' : n < low && n >= first && newest - n < LOAD_ROWS_AT_MOST && at !== 'closed';
    },
    loadOlder() {
      const { low, first, paging } = room.value;
      if (paging || low <= first || link.value.at !== 'live' || Date.now() < restUntil) return;
      const id = pages += 1;
      moveRoom({ t: 'paging', id });
      void fetchPage(low).then((got) => {
        if (got === null) restUntil = Date.now() + REST_MS;
        moveRoom({ t: 'page', id, page: got });
      });
    },
  };
}

function positionOf({ epoch, rev, low }: Room): At | null {
  return epoch === null ? null : { epoch, rev, low };
}
