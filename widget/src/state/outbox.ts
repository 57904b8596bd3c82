import { OUTBOX_RETRY_FOR_MS, type RefusalCode, refusals, type Row, type Say, type ServerFrame } from '@aside/server/protocol';

/** Words of this reader's on their way. They leave the box only as a row that everybody sees, or by the reader's own hand. */
export type Entry = {
  say: Say;
  madeAt: number;
  state:
    /** `due`: when the frame goes out (again). Until `hold` the server asked for quiet, and `why`. */
    | { at: 'sending'; due: number; hold: number; why?: RefusalCode }
    | { at: 'sent'; n: number }
    /** Saved, and shown to others when a moderator says yes. */
    | { at: 'held' }
    | { at: 'failed'; why: RefusalCode | 'old' };
};
export type Outbox = readonly Entry[];

export type OutboxEvent =
  | { t: 'say'; say: Say; now: number }
  | { t: 'answer'; frame: Answer; now: number }
  /** `n`: the newest number of the room as it is held, all before it seen. */
  | { t: 'rows'; rows: readonly Row[]; n: number }
  /** The session may speak: what is not settled goes out once more, under its old cid (P5). */
  | { t: 'ready'; now: number }
  | { t: 'due'; now: number }
  /** What the server asked of a stranger was worked out. */
  | { t: 'stamped'; cid: string; stamp: string; now: number }
  | { t: 'retry'; cid: string; fresh: string; now: number }
  | { t: 'discard'; cid: string };
export type Answer = Extract<ServerFrame, { t: 'ok' | 'no' | 'wait' }>;
type Step = [Outbox, readonly Say[]];

/** A frame that nobody answers is sent again after this. */
export const ANSWER_WITHIN_MS = 10_000;
/** For a refusal that does not say when. */
export const RETRY_MS = 3_000;

export function step(box: Outbox, event: OutboxEvent): Step {
  switch (event.t) {
    case 'say': return send(add(box, event.say, event.now), event.now);
    case 'answer': return [queue(settle(box, event.frame, event.now)), []];
    case 'rows': return [box.filter((entry) => !isSeen(entry, event.rows, event.n)), []];
    case 'ready': {
      const [next, says] = send(box.map((entry) => renew(entry, event.now)), event.now);
      // What waits is asked for once more: it may have been let through while nobody was here.
      return [next, [...says, ...next.flatMap(({ say, state }) => (state.at === 'held' ? [say] : []))]];
    }
    case 'due': return send(box, event.now);
    case 'stamped': return send(box.map((entry) => (entry.say.cid === event.cid ? { ...entry, say: { ...entry.say, stamp: event.stamp }, state: { at: 'sending', due: event.now, hold: event.now } } : entry)), event.now);
    case 'retry': return send(box.map((entry) => (entry.say.cid === event.cid ? retry(entry, event.fresh, event.now) : entry)), event.now);
    case 'discard': return [box.filter(({ say }) => say.cid !== event.cid), []];
  }
}

/** When something is to be done next, or null. */
export function nextDue(box: Outbox): number | null {
  const dues = box.flatMap(({ state }) => (state.at === 'sending' ? [state.due] : []));
  return dues.length > 0 ? Math.min(...dues) : null;
}

function add(box: Outbox, say: Say, now: number): Outbox {
  if (box.some((entry) => entry.say.cid === say.cid)) return box;
  return queue([...box, { say, madeAt: now, state: { at: 'sending', due: now, hold: now } }]);
}

/** While earlier words must wait, later ones wait behind them: what was said first is read first. */
function queue(box: Outbox): Outbox {
  let hold = 0;
  return box.map((entry) => {
    const { state } = entry;
    if (state.at !== 'sending') return entry;
    hold = Math.max(hold, state.hold);
    return hold === state.hold ? entry : { ...entry, state: { ...state, hold, due: Math.max(hold, state.due) } };
  });
}

function send(box: Outbox, now: number): Step {
  const says: Say[] = [];
  const next = box.map((entry): Entry => {
    const { state } = entry;
    if (state.at !== 'sending' || state.due > now) return entry;
    says.push(entry.say);
    return { ...entry, state: { ...state, due: now + ANSWER_WITHIN_MS } };
  });
  return [next, says];
}

/** Whichever comes first, the row's cid or the `ok`'s number, settles an entry (P4). */
function isSeen({ say, state }: Entry, rows: readonly Row[], n: number): boolean {
  return (state.at === 'sent' && state.n <= n) || rows.some((row) => !row.deleted && row.cid === say.cid);
}

function settle(box: Outbox, frame: Answer, now: number): Outbox {
  return box.map((entry) => (entry.say.cid === frame.cid && (entry.state.at === 'sending' || (entry.state.at === 'held' && frame.t === 'ok')) ? { ...entry, state: read(frame, now) } : entry));
}

function read(frame: Answer, now: number): Entry['state'] {
  if (frame.t === 'ok') return frame.n === undefined ? { at: 'held' } : { at: 'sent', n: frame.n };
  if (frame.t === 'no' && refusals[frame.code] !== 'retry') return { at: 'failed', why: frame.code };
  const due = now + (frame.retryAfter ?? RETRY_MS);
  return { at: 'sending', due, hold: due, ...(frame.t === 'no' && { why: frame.code }) };
}

function renew(entry: Entry, now: number): Entry {
  if (entry.state.at !== 'sending') return entry;
  const old = now - entry.madeAt > OUTBOX_RETRY_FOR_MS;
  return { ...entry, state: old ? { at: 'failed', why: 'old' } : { ...entry.state, due: Math.max(now, entry.state.hold) } };
}

/** After a final refusal the words are a new message; where the outcome is unknown the old cid still guards against two. */
function retry(entry: Entry, fresh: string, now: number): Entry {
  if (entry.state.at !== 'failed') return entry;
  const say = entry.state.why === 'old' ? entry.say : { ...entry.say, cid: fresh };
  return { say, madeAt: now, state: { at: 'sending', due: now, hold: now } };
}
