import { type At, type Avatar, type Page, type PageData, type PicturePage, type RefusalCode, type Say, type ServerFrame, SINCE_EVERY_MS, type Stamp, type You } from '@aside/server/protocol';
import { nanoid } from 'nanoid';
import type { Connection } from '../net/connect.ts';
import type { Link } from '../net/link.ts';
import { createAlarm } from './alarm.ts';
import { type Company, openCompany } from './company.ts';
import { type DeedEvent, nextDue as nextDeed, step as stepDeeds } from './deeds.ts';
import type { Drafts } from './drafts.ts';
import { type Around, type Far, openFar } from './far.ts';
import { type Gavel, openGavel } from './gavel.ts';
import type { Room } from './held.ts';
import { openLapse } from './lapse.ts';
import { nextDue, type OutboxEvent, step as stepOutbox } from './outbox.ts';
import type { Deed } from './overlay.ts';
import { openPoll } from './poll.ts';
import { type RoomEffect, type RoomEvent, step as stepRoom } from './room.ts';
import { merge } from './rows.ts';
import type { Speaker } from './speaker.ts';
import { KEEP_ROWS, KEEP_ROWS_AT_MOST, type View } from './view.ts';

/** What moves the view: the connection, and the reader's own hand. */
export type Store = {
  company: Company;
  drafts: Drafts;
  speaker: Speaker;
  happen: Connection['happen'];
  /** `pic`: the picture time that was on the screen when the first letter was typed. */
  say(text: string, re: number | null, pic?: number | null): void;
  retry(cid: string): void;
  discard(cid: string): void;
  /** Edits, deletes or reacts; without a `cid` of its own. */
  act(change: Change): void;
  /** Takes back an edit that was refused. */
  undo(cid: string): void;
  rename(nick: string, avatar: Avatar): RefusalCode | null;
  /** Fetches a message that is to be quoted and is not held. */
  lookUp(n: number): void;
  /** The reader is at the end: older ones may go. */
  trim(): void;
  loadOlder(): void;
  /** While words follow a picture, what is fetched and let go is another's: numbers say nothing of what the screen shows. */
  hold(by: Holder | null): void;
  far: Far;
  gavel: Gavel;
};
/** `older`: true when it fetches them. */
export type Holder = { trim(): void; older(): boolean };
type Change = Deed['frame'] extends infer F ? (F extends { cid: string } ? Omit<F, 'cid'> : never) : never;
export type Means = {
  speaker: Speaker;
  drafts: Drafts;
  dial(wire: { greet: () => object; deliver: (frame: ServerFrame) => void; tell: (link: Link) => void }): Connection;
  /** Without a number, the newest. */
  fetchPage(before?: number): Promise<Page | null>;
  fetchAround(around: Around): Promise<PicturePage | null>;
};

/** A page that could not be had is not asked for again at once: the list asks whenever it is drawn. */
const REST_MS = 3_000;
/** One that was never found is asked for anew. */
const STAMP_WITHIN_MS = 60_000;

/** Carries what the pure reducers ask for to the connection, the clock and the browser's storage. */
export function openStore(page: PageData, view: View, { speaker, drafts, dial, fetchPage, fetchAround }: Means): Store {
  const { room, outbox, link, far, deeds } = view;
  const deedAlarm = createAlarm(() => moveDeeds({ t: 'due', now: Date.now() }));
  const dueAlarm = createAlarm(() => moveBox({ t: 'due', now: Date.now() }));
  const sinceAlarm = createAlarm(askSince);
  const lapse = openLapse(view.lapsed);
  const poll = openPoll(view.polling, () => fetchPage(), takeNewest, () => connection.happen({ t: 'hint' }));
  let missing: number | null = null;
  let askedAt = 0;
  let pages = 0;
  let holder: Holder | null = null;
  let restUntil = 0;
  const around = openFar(view, fetchAround);
  const connection = dial({
    greet: () => ({ t: 'hello', v: 1, room: page.room, site: page.site, ...speaker.introduce(), at: positionOf(room.value, around.greet) }),
    deliver,
    tell(now) {
      link.value = now;
      lapse.follow(now);
      poll.follow(now);
    },
  });
  room.value = { ...room.value, mine: drafts.readMine(room.value.epoch) };
  outbox.value = drafts.readOutbox();

  const { send } = connection;
  const company = openCompany(view, send);
  const gavel = openGavel(send);

  function moveRoom(event: RoomEvent): void {
    const [next, effects] = stepRoom(room.value, event);
    if (next.mine !== room.value.mine) drafts.keepMine(next.epoch, next.mine);
    room.value = next;
    for (const effect of effects) obey(effect);
  }

  function obey(effect: RoomEffect): void {
    if (effect.do === 'renew') return connection.happen({ t: 'renew' });
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

  function moveDeeds(event: DeedEvent): void {
    const [next, frames] = stepDeeds(deeds.value, event);
    deeds.value = next;
    if (speaker.maySpeak()) frames.forEach(send);
    deedAlarm.set(link.value.at === 'live' ? nextDeed(next) : null);
  }

  function deliver(frame: ServerFrame): void {
    const arriving = room.value.epoch === null;
    if (frame.t === 'welcome') missing = null;
    around.hear(frame);
    moveRoom({ t: 'frame', frame });
    if (arriving && room.value.epoch !== null) view.arrive();
    const rows = frame.t === 'rows' || frame.t === 'welcome' || frame.t === 'reset' ? frame.rows : [];
    moveBox({ t: 'rows', rows, n: room.value.n });
    moveDeeds({ t: 'rows', rows, rev: room.value.rev });
    company.hear(frame);
    gavel.hear(frame);
    hear(frame);
    if (room.value.rows.size > KEEP_ROWS_AT_MOST) moveRoom({ t: 'trim', keep: KEEP_ROWS_AT_MOST - KEEP_ROWS });
  }

  function takeNewest(newest: Page): void {
    const { reloads } = room.value;
    moveRoom({ t: 'newest', page: newest });
    if (room.value.reloads !== reloads) around.clear();
    moveBox({ t: 'rows', rows: newest.rows, n: room.value.n });
  }

  function hear(frame: ServerFrame): void {
    switch (frame.t) {
      case 'welcome': return listen(frame.you, frame.dropped);
      case 'reset': return listen(frame.you);
      case 'you': return listen(frame);
      case 'ok': case 'wait': return answer(frame);
      case 'no': return frame.cid === undefined ? speaker.refused(frame.code) : answer(frame);
      case 'rows': case 'here': case 'names': case 'typing': case 'beat': case 'bye': case 'pair': case 'desk': return;
    }
  }

  function answer(frame: Extract<OutboxEvent, { t: 'answer' }>['frame']): void {
    const deed = deeds.value.find((one) => one.frame.cid === frame.cid)?.frame;
    if (deed) {
      if (frame.t === 'ok' && deed.t === 'react') moveRoom({ ...deed, t: 'reacted' });
      moveDeeds({ t: 'answer', frame, now: Date.now() });
      return moveDeeds({ t: 'rows', rows: [], rev: room.value.rev });
    }
    if (frame.t === 'no' && frame.stamp) return stamp(frame.cid ?? '', frame.stamp);
    moveBox({ t: 'answer', frame, now: Date.now() });
    moveBox({ t: 'rows', rows: [], n: room.value.n });
  }

  /** Worked out beside the page, while the words wait. */
  function stamp(cid: string, asked: Stamp): void {
    moveBox({ t: 'answer', frame: { t: 'wait', cid, retryAfter: STAMP_WITHIN_MS }, now: Date.now() });
    void import('./stamp.ts').then(({ solve }) => solve(asked)).then((solved) => moveBox(solved ? { t: 'stamped', cid, stamp: solved, now: Date.now() } : { t: 'answer', frame: { t: 'no', cid, code: 'stamp' }, now: Date.now() }));
  }

  function listen(you: You, dropped: readonly string[] = []): void {
    speaker.know(you, dropped, send);
    gavel.ready();
    if (!speaker.maySpeak()) return;
    moveBox({ t: 'ready', now: Date.now() });
    moveDeeds({ t: 'ready', now: Date.now() });
  }

  return {
    company, drafts, speaker, gavel, far: around,
    happen: connection.happen,
    say(text, re, pic = null) {
      if (view.passed) view.mark.value = null;
      const say: Say = { t: 'say', cid: nanoid(), text };
      moveBox({ t: 'say', say: { ...say, ...(re !== null && { re }), ...(pic !== null && { pic }) }, now: Date.now() });
    },
    retry: (cid) => moveBox({ t: 'retry', cid, fresh: nanoid(), now: Date.now() }),
    discard: (cid) => moveBox({ t: 'discard', cid }),
    act: (change) => moveDeeds({ t: 'do', frame: { ...change, cid: nanoid() }, now: Date.now() }),
    undo: (cid) => moveDeeds({ t: 'discard', cid }),
    rename: (nick, avatar) => speaker.rename(nick, avatar, send),
    lookUp(n) {
      if (room.value.rows.has(n) || far.value.has(n) || n >= room.value.n || n < room.value.first) return;
      // Held from now on, so that a deletion that comes before the page is not undone by it.
      far.value = merge(far.value, [{ n, rev: -1, deleted: true }]);
      void fetchPage(n + 1).then((page) => {
        if (page && page.epoch === room.value.epoch) far.value = merge(far.value, page.rows.filter((row) => row.n === n));
      });
    },
    hold(by) {
      holder = by;
    },
    trim() {
      if (holder) holder.trim();
      else if (room.value.rows.size > 2 * KEEP_ROWS) moveRoom({ t: 'trim', keep: KEEP_ROWS });
    },
    loadOlder() {
      const { low, first, paging } = room.value;
      if (holder?.older() || paging || low <= first || (link.value.at !== 'live' && !view.polling.value) || Date.now() < restUntil) return;
      const id = pages += 1;
      moveRoom({ t: 'paging', id });
      void fetchPage(low).then((got) => {
        if (got === null) restUntil = Date.now() + REST_MS;
        moveRoom({ t: 'page', id, page: got });
      });
    },
  };
}

function positionOf({ epoch, rev, low }: Room, lowest: (low: number) => number): At | null {
  return epoch === null ? null : { epoch, rev, low: lowest(low) };
}
