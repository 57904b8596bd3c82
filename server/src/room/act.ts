import type { Bus } from '../bus/bus.ts';
import type { Item, Log, Outcome } from '../log/messages.ts';
import { type Avatar, type Change, keyOf, type Place, type RefusalCode, type ServerFrame, type StreamFacts } from '../protocol/index.ts';
import type { Pace } from './pace.ts';
import type { Shed } from './shed.ts';
import { edit } from './verbs/edit.ts';
import { react } from './verbs/react.ts';
import { remove } from './verbs/remove.ts';
import { say } from './verbs/say.ts';

/** Who acts, as the session knows it; nothing of it comes from the frame. */
export type Actor = { ids: { author: string; was?: string }; nick: string | null; avatar: Avatar | null; /** What plays in the room. */ stream: StreamFacts | null };
export type Verdict = { ok: true; item: Item } | { ok: false; code: RefusalCode };
export type Answer = Extract<ServerFrame, { t: 'ok' | 'no' | 'wait' }>;
export type ActDeps = { log: Log; bus: Bus; reactionPace: Pace; shed: Shed };

/** The only way anything changes in a room: allow → append → publish. */
export async function act({ log, bus, reactionPace, shed }: ActDeps, actor: Actor, place: Place, change: Change): Promise<Answer> {
  const verdict = allow(actor, change);
  if (!verdict.ok) return { t: 'no', cid: change.cid, code: verdict.code };
  if (change.t === 'react' && shed.has('reactions')) return { t: 'no', cid: change.cid, code: 'overloaded', retryAfter: SHED_WAIT_MS };
  if (change.t === 'react') await reactionPace.turn(`${keyOf(place)}\n${change.n}`);
  const outcome = await log.append(place, verdict.item);
  if (outcome.is === 'saved' && outcome.commit) bus.publish(outcome.commit);
  return answer(change.cid, outcome);
}

function allow(actor: Actor, change: Change): Verdict {
  switch (change.t) {
    case 'say': return say(actor, change);
    case 'edit': return edit(actor, change);
    case 'delete': return remove(actor, change);
    case 'react': return react(actor, change);
  }
}

const WAIT_MS = 1_000;
/** What was turned off stays so for a while: everybody's signs would come again every second. */
const SHED_WAIT_MS = 30_000;

function answer(cid: string, outcome: Outcome): Answer {
  switch (outcome.is) {
    case 'saved': return { t: 'ok', cid, n: outcome.n, rev: outcome.rev, ...(outcome.dup ? { dup: true } : {}) };
    case 'held': return { t: 'ok', cid, held: true };
    case 'refused': return { t: 'no', cid, code: outcome.code };
    case 'unsent': return { t: 'no', cid, code: outcome.code, retryAfter: WAIT_MS };
    case 'unknown': return { t: 'wait', cid, retryAfter: WAIT_MS };
  }
}
