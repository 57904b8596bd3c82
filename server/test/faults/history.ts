import type { ClientFrame, Row, ServerFrame } from '../../src/protocol/index.ts';
import { checkAnswers } from './answers.ts';
import { checkDatabase } from './database.ts';
import { checkFrames } from './frames.ts';
import { readLedger } from './ledger.ts';
import { checkOrder } from './order.ts';
import { checkSights } from './sights.ts';
import { checkViews } from './views.ts';
import type { Violation } from './violations.ts';

/** All that clients sent and received in one run, and what one SELECT found afterwards. The checker knows nothing else. */
export type History = { clients: ClientRecord[]; rooms: StoredRoom[] };

/** One client in one room: its events in the order they happened, and what it shows at the end. */
export type ClientRecord = { name: string; room: string; secret: string | null; events: ClientEvent[]; view: View };

/** `when` comes from one clock for all clients and never repeats, so "before" is certain. */
export type ClientEvent = { when: number; socket: number } & (
  | { is: 'opened' }
  | { is: 'sent'; frame: ClientFrame }
  | { is: 'got'; frame: ServerFrame; bytes: number; took: Took }
  | { is: 'unread'; text: string }
  | { is: 'closed'; code: number }
);

/** What the client did with a frame by P2; `kept` is a part that waits for its last one, `none` a frame without rows. */
export type Took = 'applied' | 'ignored' | 'asked' | 'kept' | 'none';

/** What a client shows: every row from `low` on, as of `rev`. */
export type View = { epoch: string; rev: number; first: number; low: number; rows: Row[] };

export type StoredRoom = { room: string; rev: number; n: number; first: number; rows: StoredRow[] };
export type StoredRow = {
  n: number;
  rev: number;
  cid: string;
  author: string;
  nick: string;
  text: string;
  re: number | null;
  /** Milliseconds with their fraction. */
  at: number;
  edited: boolean;
  deleted: boolean;
};

/** Every promise that the history breaks, with what is needed to find out why. None means it kept all of them. */
export function checkHistory(history: History): Violation[] {
  const ledger = readLedger(history);
  return [
    ...checkDatabase(ledger),
    ...checkAnswers(ledger),
    ...checkOrder(ledger),
    ...checkFrames(ledger),
    ...checkSights(ledger),
    ...checkViews(ledger),
  ];
}

/** What a run may claim: messages acknowledged, those sent more than once, and those of them whose first answer had been lost. */
export function countMessages(history: History): { acknowledged: number; resent: number; answerLost: number } {
  const told = readLedger(history).letters.filter(({ frame, oks }) => frame.t === 'say' && oks.length > 0);
  const resent = told.filter(({ sends }) => sends.length > 1);
  return { acknowledged: told.length, resent: resent.length, answerLost: resent.filter(({ oks }) => oks.some(({ dup }) => dup)).length };
}
