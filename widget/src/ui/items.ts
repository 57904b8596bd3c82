import type { LiveRow, Mine, Row } from '@aside/server/protocol';
import { type Deed, type Deeds, overlay, type Reaction, reactionsOf } from '../state/overlay.ts';
import type { Entry, Outbox } from '../state/outbox.ts';
import type { Rows } from '../state/rows.ts';

/** What the list shows, top to bottom. */
export type Item = { t: 'day'; key: string; at: number } | { t: 'mark'; key: string } | Message;
export type Message = {
  t: 'message';
  /** The cid of this reader's own, on its way and after: the line on the screen stays the same one. */
  key: string;
  n: number | null;
  /** Where it stands among the others: by its number, or else by its picture. */
  place: number | null;
  author: string;
  nick: string;
  avatar: string;
  /** Four letters of the public id, where two present people carry one name. */
  tag: string;
  text: string;
  at: number;
  /** The picture time its author was seeing. */
  pic?: number | undefined;
  day: string;
  edited: boolean;
  /** Who wrote it moderates here. */
  role: unknown;
  pinned: boolean;
  answered: boolean;
  /** The number of the message this one answers. */
  re: number | null;
  quote: LiveRow | null;
  reactions: readonly Reaction[];
  /** An edit of it that was refused, with the words. */
  unsaved: Deed | null;
  /** It names this reader. */
  calls: boolean;
  mine: boolean;
  /** First and last of a run of one author's messages: the first carries the name, the last its corner. */
  opens: boolean;
  closes: boolean;
  state: Entry['state'] | null;
};

/** Messages of one author stay together for this long. */
export const GROUP_MS = 5 * 60_000;

/** Who reads, and what they have done to the rows. */
type Own = { nick: string | null; deeds: Deeds; mine: Mine };

/** All that is held, oldest first. A busy room asks for it many times a second: what a row says is made once. */
export function listMessages(rows: Rows, outbox: Outbox, me: string | null, nick: string | null = null, deeds: Deeds = [], mine: Mine = {}, far: Rows = new Map(), hides: ((row: LiveRow) => boolean) | null = null): Message[] {
  const shows = (row: Row | undefined): row is LiveRow => !!row && !row.deleted && !hides?.(row);
  const live = [...rows.values()].filter(shows).sort((a, b) => a.n - b.n);
  const shared = findShared(live);
  const said = new Set(outbox.map(({ say }) => say.cid));
  const quoteOf = (re = 0): LiveRow | null => {
    const row = rows.get(re) ?? far.get(re);
    return shows(row) ? row : null;
  };
  return [
    ...live.flatMap((row) => readRow(row, row.author === me || said.has(row.cid), shared.has(row.nick) ? row.author.slice(0, 4) : '', quoteOf(row.re), { nick, deeds: deedsOn(row, deeds), mine }) ?? []),
    ...outbox.map((entry) => ({ ...readEntry(entry), quote: quoteOf(entry.say.re) })),
  ];
}

const none: Deeds = [];

function deedsOn({ n }: LiveRow, deeds: Deeds): Deeds {
  return deeds.some(({ frame }) => frame.n === n) ? deeds : none;
}

/** Messages of others that came after number `seen`. */
export function listUnread(messages: readonly Message[], seen: number): readonly Message[] {
  return messages.filter((message) => isNew(message, seen));
}

/** The first of what others said after number `mark`, unless older ones than are held were. */
export function findMark(messages: readonly Message[], mark: number | null, low: number): Message | null {
  return mark === null || mark + 1 < low ? null : messages.find((message) => isNew(message, mark)) ?? null;
}

function isNew({ mine, n }: Message, seen: number): boolean {
  return !mine && n !== null && n > seen;
}

const read = new WeakMap<LiveRow, { from: readonly unknown[]; message: Message | null }>();

/** Null when this reader has just deleted it. */
function readRow(row: LiveRow, mine: boolean, tag: string, quote: LiveRow | null, own: Own): Message | null {
  const from = [mine, tag, quote, own.nick, own.deeds, own.mine[row.n]];
  const known = read.get(row);
  if (known && from.every((one, i) => one === known.from[i])) return known.message;
  const message = makeMessage(row, mine, tag, quote, own);
  read.set(row, { from, message });
  return message;
}

function makeMessage(row: LiveRow, mine: boolean, tag: string, quote: LiveRow | null, own: Own): Message | null {
  const shown = overlay(row, own.deeds);
  if (!shown || shown.deleted) return null;
  const { n, cid, author, nick, avatar, text, at, edited, re, pic, pin, extra } = shown;
  return {
    ...ofMine, key: mine ? cid : String(n), n, place: n, author, nick, avatar, tag, text, at, pic, day: dayOf(at), mine, quote,
    role: extra?.role, pinned: !!pin, answered: !!extra?.answered, edited: edited !== undefined, re: re ?? null, reactions: reactionsOf(row, own.mine, own.deeds),
    unsaved: own.deeds.find(({ frame, why }) => why !== null && frame.n === n) ?? null,
    calls: !mine && own.nick !== null && text.includes(`@${own.nick}`),
  };
}

function readEntry({ say, madeAt, state }: Entry): Message {
  return { ...ofMine, key: say.cid, text: say.text, re: say.re ?? null, at: madeAt, day: dayOf(madeAt), state };
}

const ofMine: Omit<Message, 'key' | 'text' | 'at' | 'day'> = {
  t: 'message', n: null, place: null, author: '', nick: '', avatar: '', tag: '', role: undefined, pinned: false, answered: false, edited: false, re: null, quote: null, reactions: [], unsaved: null, calls: false, mine: true, opens: true, closes: true, state: null,
};

function findShared(rows: readonly LiveRow[]): Set<string> {
  const first = new Map<string, string>();
  const shared = new Set<string>();
  for (const { nick, author } of rows) {
    const known = first.get(nick);
    if (known === undefined) first.set(nick, author);
    else if (known !== author) shared.add(nick);
  }
  return shared;
}

/** Groups of one author's messages, each day under its name, and a line before what is `fresh`. `above`: what is held and not drawn before them. */
export function group(messages: readonly Message[], fresh: Message | null, above?: Message): Item[] {
  return messages.flatMap((message, i): Item[] => {
    const [before, after] = [messages[i - 1] ?? above, messages[i + 1]];
    const opens = !before || message === fresh || !joins(before, message);
    const closes = !after || after === fresh || !joins(message, after);
    const items: Item[] = [opens && closes ? message : shapeOf(message, opens, closes)];
    if (message === fresh) items.unshift({ t: 'mark', key: 'mark' });
    if (before?.day !== message.day) items.unshift({ t: 'day', key: message.day + message.key, at: message.at });
    return items;
  });
}

export const BLOCK_ROWS = 30;

/** By place, so that a block holds the same messages however much is drawn around it; those without one stay with the last. */
export function blocksOf(items: readonly Item[]): { key: number; items: Item[] }[] {
  const blocks: { key: number; items: Item[] }[] = [];
  let heads: Item[] = [];
  for (const item of items) {
    heads.push(item);
    if (item.t !== 'message') continue;
    const last = blocks.at(-1);
    const key = item.place === null ? last?.key ?? 0 : Math.floor(item.place / BLOCK_ROWS);
    if (last?.key === key) last.items.push(...heads);
    else blocks.push({ key, items: heads });
    heads = [];
  }
  return blocks;
}

const shapes = new WeakMap<Message, Message[]>();

/** The same again while nothing about it changed: what is the same is not drawn again. */
function shapeOf(message: Message, opens: boolean, closes: boolean): Message {
  const made = shapes.get(message) ?? [];
  shapes.set(message, made);
  return made[opens ? 0 : closes ? 1 : 2] ??= { ...message, opens, closes };
}

function joins(a: Message, b: Message): boolean {
  const one = a.mine && b.mine ? !isTrouble(a) && !isTrouble(b) : a.author === b.author && a.nick === b.nick && a.avatar === b.avatar;
  return one && b.at - a.at < GROUP_MS && a.day === b.day;
}

/** A message that needs the reader's hand shows its own line. */
function isTrouble({ state }: Message): boolean {
  return state?.at === 'failed' || state?.at === 'held';
}

function dayOf(at: number): string {
  return new Date(at).toDateString();
}
