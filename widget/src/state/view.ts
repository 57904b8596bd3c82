import type { PageData } from '@aside/server/protocol';
import type { Link } from '../net/link.ts';
import type { Cell, Cells } from './cells.ts';
import type { Present } from './company.ts';
import { openRoom, type Room } from './held.ts';
import type { Outbox } from './outbox.ts';
import type { Deeds } from './overlay.ts';
import type { Rows } from './rows.ts';

/** Everything the screen is drawn from. The page itself fills it for a reader who only passes by; `store.ts` moves it from then on. */
export type View = {
  room: Cell<Room>;
  outbox: Cell<Outbox>;
  /** Edits, deletions and reactions on their way. */
  deeds: Cell<Deeds>;
  /** Messages that are quoted and lie outside of what is held. */
  far: Cell<Rows>;
  link: Cell<Link>;
  /** There has been no socket for so long that the reader should know. */
  lapsed: Cell<boolean>;
  /** The newest messages come as pages, because no socket comes through. */
  polling: Cell<boolean>;
  /** The authors who write now, and how many more. */
  typing: Cell<{ authors: readonly string[]; more: number }>;
  /** The names of those present; null until somebody asked. */
  names: Cell<readonly Present[] | null>;
  /** The newest number the reader has had before their eyes. */
  seen: Cell<number>;
  /** What came after this number came while the reader was away; null when nothing did. */
  mark: Cell<number | null>;
  /** The reader has been past the mark: it may move, or go. */
  passed: boolean;
  /** While words follow a picture, and nothing comes by number: the newest of those it has come to. */
  shown: number | null;
  /** The first of the room is here. */
  arrive(): void;
  /** Everything held is before the reader's eyes. */
  see(): void;
  /** What came last is not. */
  miss(): void;
  /** Whether message `n` may come by loading older ones, or by the connection that is not there yet. */
  mayLoad(n: number): boolean;
};

/** Rows held while the reader sits at the end; scrolled up, what they read is not taken away until the second number. */
export const KEEP_ROWS = 200;
export const KEEP_ROWS_AT_MOST = 4_000;
/** An address that lies further back would have to forget what it came through. */
const LOAD_ROWS_AT_MOST = KEEP_ROWS_AT_MOST - KEEP_ROWS;
export const nobody: View['typing']['value'] = { authors: [], more: 0 };

/** `seenBefore`: the newest number seen in an earlier visit. */
export function openView(page: PageData, cell: Cells, seenBefore: number | null): View {
  const room = cell(openRoom(page.facts, page.snapshot));
  const link = cell<Link>({ at: 'idle', dial: 0 });
  const seen = cell(0);
  const mark = cell<number | null>(null);
  const view: View = {
    room, link, seen, mark,
    outbox: cell<Outbox>([]),
    deeds: cell<Deeds>([]),
    far: cell<Rows>(new Map()),
    lapsed: cell(false),
    polling: cell(false),
    typing: cell(nobody),
    names: cell<readonly Present[] | null>(null),
    passed: true,
    shown: null,
    // Who comes for the first time has missed nothing; a number from before the room was cleared says nothing.
    arrive() {
      seen.value = Math.min(seenBefore ?? room.value.n, room.value.n);
      view.miss();
    },
    see() {
      view.passed = true;
      seen.value = Math.max(seen.value, view.shown ?? room.value.n);
    },
    miss() {
      if (!view.passed || seen.value >= room.value.n) return;
      view.passed = false;
      mark.value = seen.value;
    },
    mayLoad(n) {
      const { low, first, n: newest } = room.value;
      const { at } = link.value;
      return n > newest ? at !== 'live' && at !== 'closed' : view.shown === null && n < low && n >= first && newest - n < LOAD_ROWS_AT_MOST && at !== 'closed';
    },
  };
  if (page.snapshot) view.arrive();
  return view;
}
