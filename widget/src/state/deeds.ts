import { refusals, type Row, type ServerFrame } from '@aside/server/protocol';
import { ANSWER_WITHIN_MS, RETRY_MS } from './outbox.ts';
import type { Deed, Deeds } from './overlay.ts';

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
