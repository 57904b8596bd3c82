import { type Mine, type RefusalCode, refusals } from '@aside/server/protocol';
import type { Entry, Outbox } from './outbox.ts';
import { asRecord, readRecord, type Shelf } from './shelf.ts';

/** Words that must outlive a reload: those on their way, and those still being written. */
export type Drafts = {
  readOutbox(): Outbox;
  /** Writes what changed from one outbox to the next. */
  keepOutbox(before: Outbox, after: Outbox): void;
  readDraft(): string;
  keepDraft(text: string): void;
  /** This reader's own reactions: a page and a resume do not tell of them. */
  readMine(epoch: string | null): Mine;
  keepMine(epoch: string | null, mine: Mine): void;
};

/** Of so many messages, the newest. */
const KEEP_MINE = 200;

/** Each entry under its own key: two tabs of one room must not overwrite each other's words. */
export function openDrafts(shelf: Shelf, site: string, room: string): Drafts {
  const place = JSON.stringify([site, room]);
  const draftKey = `aside:draft:${place}`;
  const mineKey = `aside:signs:${place}`;
  const key = (cid: string) => `aside:out:${place}:${cid}`;
  return {
    readOutbox() {
      const entries = shelf.keys(key('')).flatMap((name) => readEntry(shelf.read(name)) ?? []);
      return entries.sort((a, b) => a.madeAt - b.madeAt);
    },
    keepOutbox(before, after) {
      const left = new Set(after.map(({ say }) => say.cid));
      const known = new Set(before);
      for (const { say } of before) if (!left.has(say.cid)) shelf.write(key(say.cid), null);
      for (const entry of after) if (!known.has(entry)) shelf.write(key(entry.say.cid), JSON.stringify(entry));
    },
    readDraft: () => shelf.read(draftKey) ?? '',
    readMine(epoch) {
      const kept = readRecord(shelf.read(mineKey));
      const mine = Object.entries(asRecord(kept.mine)).filter((entry): entry is [string, string[]] => Array.isArray(entry[1]));
      return kept.epoch === epoch ? Object.fromEntries(mine) : {};
    },
    keepMine(epoch, mine) {
      const newest = Object.entries(mine).filter(([, own]) => own.length > 0).sort(([a], [b]) => Number(b) - Number(a)).slice(0, KEEP_MINE);
      shelf.write(mineKey, newest.length > 0 ? JSON.stringify({ epoch, mine: Object.fromEntries(newest) }) : null);
    },
    keepDraft: (text) => void shelf.write(draftKey, text === '' ? null : text),
  };
}

/** What lies in a browser may have been written by another version: words are kept, the rest is begun anew. */
function readEntry(json: string | null): Entry | null {
  const { say: said, state, madeAt } = readRecord(json);
  const { cid, text, ...more } = asRecord(said);
  if (typeof cid !== 'string' || typeof text !== 'string' || typeof madeAt !== 'number') return null;
  const say: Entry['say'] = { ...more, t: 'say', cid, text };
  const { at, why } = asRecord(state);
  if (at === 'held') return { say, madeAt, state: { at } };
  if (at === 'failed') return { say, madeAt, state: { at, why: isRefusal(why) ? why : 'old' } };
  return { say, madeAt, state: { at: 'sending', due: 0, hold: 0 } };
}

function isRefusal(value: unknown): value is RefusalCode {
  return typeof value === 'string' && Object.hasOwn(refusals, value);
}
