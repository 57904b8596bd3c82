import { type Delete, type Edit, type Mine, type React, type RefusalCode, refusals, type Row, type ServerFrame } from '@aside/server/protocol';
import { ANSWER_WITHIN_MS, RETRY_MS } from './outbox.ts';

/** A change of this reader's to a message that stands. It shows at once, and goes out until it is answered: it sets a state (P5). */
export type Deed = {
  frame: Edit | Delete | React;
  due: number;
  /** The answer: it holds from this change of the room on. */
  rev: number | null;
  /** Words that were refused stay until the reader takes them back. */
  why: RefusalCode | null;
};
export type Deeds = readonly Deed[];
export type DeedEvent =
  | { t: 'do'; frame: Deed['frame']; now: number }
  | { t: 'answer'; frame: Extract<ServerFrame, { t: 'ok' | 'no' | 'wait' }>; now: number }
  /** `rev`: everything up to this change is held. */
  | { t: 'rows'; rows: readonly Row[]; rev: number }
  | { t: 'ready'; now: number }
  | { t: 'due'; now: number }
  | { t: 'discard'; cid: string };
type Step = [Deeds, readonly Deed['frame'][]];

export function step(deeds: Deeds, event: DeedEvent): Step {
  switch (event.t) {
    // Only the last word on the same thing counts.
    case 'do': return send([...deeds.filter((deed) => !isSame(deed.frame, event.frame)), { frame: event.frame, due: event.now, rev: null, why: null }], event.now);
    case 'answer': return [deeds.flatMap((deed) => (deed.frame.cid === event.frame.cid ? settle(deed, event.frame, event.now) : [deed])), []];
    case 'rows': return [deeds.filter((deed) => !isOver(deed, event.rows, event.rev)), []];
    case 'ready': return send(deeds.map((deed) => ({ ...deed, due: event.now })), event.now);
    case 'due': return send(deeds, event.now);
    case 'discard': return [deeds.filter(({ frame }) => frame.cid !== event.cid), []];
  }
}

export function nextDue(deeds: Deeds): number | null {
  const dues = deeds.flatMap((deed) => (isOpen(deed) ? [deed.due] : []));
  return dues.length > 0 ? Math.min(...dues) : null;
}

/** The rows as this reader has changed them. */
export function overlay(row: Row, deeds: Deeds): Row | null {
  let shown: Row = row;
  for (const { frame, why } of deeds) {
    if (shown.deleted || frame.n !== row.n || why !== null) continue;
    if (frame.t === 'delete') return null;
    if (frame.t === 'edit') shown = { ...shown, text: frame.text, edited: shown.edited ?? shown.at };
  }
  return shown;
}

/** What stands below a message: each emoji, how many, and whether this reader is among them. */
export type Reaction = { emoji: string; count: number; own: boolean };

const none: readonly Reaction[] = [];

export function reactionsOf({ n, reactions }: { n: number; reactions?: Record<string, number> }, mine: Mine, deeds: Deeds): readonly Reaction[] {
  if (!reactions && !deeds.some(({ frame }) => frame.n === n)) return none;
  const own = new Set(mine[n]);
  const counts = new Map(Object.entries(reactions ?? {}));
  for (const { frame, rev } of deeds) {
    if (frame.t !== 'react' || frame.n !== n || rev !== null || own.has(frame.emoji) === frame.on) continue;
    counts.set(frame.emoji, (counts.get(frame.emoji) ?? 0) + (frame.on ? 1 : -1));
    if (frame.on) own.add(frame.emoji);
    else own.delete(frame.emoji);
  }
  return [...counts].flatMap(([emoji, count]) => (count > 0 ? [{ emoji, count, own: own.has(emoji) }] : []));
}

function send(deeds: Deeds, now: number): Step {
  const due = new Set(deeds.filter((deed) => isOpen(deed) && deed.due <= now));
  return [deeds.map((deed) => (due.has(deed) ? { ...deed, due: now + ANSWER_WITHIN_MS } : deed)), [...due].map(({ frame }) => frame)];
}

function settle(deed: Deed, answer: Extract<DeedEvent, { t: 'answer' }>['frame'], now: number): Deed[] {
  if (answer.t === 'ok') return [{ ...deed, rev: answer.rev ?? 0 }];
  if (answer.t === 'wait' || refusals[answer.code] === 'retry') return [{ ...deed, due: now + (answer.retryAfter ?? RETRY_MS) }];
  // Nothing is lost with a sign or a wish to delete: what is true shows again.
  return deed.frame.t === 'edit' ? [{ ...deed, why: answer.code }] : [];
}

function isOver({ frame, rev }: Deed, rows: readonly Row[], held: number): boolean {
  return (rev !== null && rev <= held) || (frame.t !== 'edit' && rows.some((row) => row.deleted && row.n === frame.n));
}

function isOpen({ rev, why }: Deed): boolean {
  return rev === null && why === null;
}

function isSame(a: Deed['frame'], b: Deed['frame']): boolean {
  return a.n === b.n && a.t === b.t && (a.t !== 'react' || b.t !== 'react' || a.emoji === b.emoji);
}
