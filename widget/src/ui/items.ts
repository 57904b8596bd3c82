import type { LiveRow, Mine, Row } from '@aside/server/protocol';
import { type Deed, type Deeds, overlay, type Reaction, reactionsOf } from '../state/deeds.ts';
import type { Entry, Outbox } from '../state/outbox.ts';
import type { Rows } from '../state/rows.ts';

/** What the list shows, top to bottom. */
export type Item = { t: 'day'; key: string; at: number } | Message;
export type Message = {
  t: 'message';
  /** The cid of this reader's own, on its way and after: the line on the screen stays the same one. */
  key: string;
  n: number | null;
  author: string;
  nick: string;
  avatar: string;
  /** Four letters of the public id, where two present people carry one name. */
  tag: string;
  text: string;
  at: number;
  edited: boolean;
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

export function listItems(rows: Rows, outbox: Outbox, me: string | null, nick: string | null = null, deeds: Deeds = [], mine: Mine = {}, far: Rows = new Map()): Item[] {
  return group([...readRows(rows, outbox, me, nick, deeds, mine), ...outbox.map(readEntry)].map((message) => (message.re === null ? message : { ...message, quote: readLive(rows.get(message.re) ?? far.get(message.re)) })));
}

/** Messages of others that came after number `seen`. */
export function countUnread(items: readonly Item[], seen: number): number {
  return items.filter((item) => item.t === 'message' && !item.mine && item.n !== null && item.n > seen).length;
}

function readRows(rows: Rows, outbox: Outbox, me: string | null, myNick: string | null, deeds: Deeds, own: Mine): Message[] {
  const live = [...rows.values()].map((row) => overlay(row, deeds)).filter((row): row is LiveRow => row !== null && !row.deleted).sort((a, b) => a.n - b.n);
  const shared = findShared(live);
  const said = new Set(outbox.map(({ say }) => say.cid));
  return live.map((row) => {
    const mine = row.author === me || said.has(row.cid);
    const tag = shared.has(row.nick) ? row.author.slice(0, 4) : '';
    return {
      ...ofMine, key: mine ? row.cid : String(row.n), n: row.n, author: row.author, nick: row.nick, avatar: row.avatar, tag, text: row.text, at: row.at, mine,
      edited: row.edited !== undefined, re: row.re ?? null, reactions: reactionsOf(row, own, deeds),
      unsaved: deeds.find(({ frame, why }) => why !== null && frame.n === row.n) ?? null, calls: !mine && myNick !== null && row.text.includes(`@${myNick}`),
    };
  });
}

function readEntry({ say, madeAt, state }: Entry): Message {
  return { ...ofMine, key: say.cid, text: say.text, re: say.re ?? null, at: madeAt, state };
}

function readLive(row: Row | undefined): LiveRow | null {
  return row && !row.deleted ? row : null;
}

const ofMine: Omit<Message, 'key' | 'text' | 'at'> = {
  t: 'message', n: null, author: '', nick: '', avatar: '', tag: '', edited: false, re: null, quote: null, reactions: [], unsaved: null, calls: false, mine: true, opens: true, closes: true, state: null,
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

function group(messages: readonly Message[]): Item[] {
  return messages.flatMap((message, i): Item[] => {
    const [before, after] = [messages[i - 1], messages[i + 1]];
    const grouped = { ...message, opens: !before || !joins(before, message), closes: !after || !joins(message, after) };
    const day = dayOf(message.at);
    return before && dayOf(before.at) === day ? [grouped] : [{ t: 'day', key: day + message.key, at: message.at }, grouped];
  });
}

function joins(a: Message, b: Message): boolean {
  const one = a.mine && b.mine ? !isTrouble(a) && !isTrouble(b) : a.author === b.author && a.nick === b.nick && a.avatar === b.avatar;
  return one && b.at - a.at < GROUP_MS && dayOf(a.at) === dayOf(b.at);
}

/** A message that needs the reader's hand shows its own line. */
function isTrouble({ state }: Message): boolean {
  return state?.at === 'failed' || state?.at === 'held';
}

function dayOf(at: number): string {
  return new Date(at).toDateString();
}
