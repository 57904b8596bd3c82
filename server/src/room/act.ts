import type { Bus } from '../bus/bus.ts';
import type { Item, Log, Outcome } from '../log/messages.ts';
import { type Avatar, type Change, keyOf, type Place, type RefusalCode, type Role, type ServerFrame, type StreamFacts } from '../protocol/index.ts';
import type { Pace } from './pace.ts';
import type { Shed } from './shed.ts';
import { spread } from './spread.ts';
import { edit } from './verbs/edit.ts';
import { moderate } from './verbs/moderate.ts';
import { react } from './verbs/react.ts';
import { remove } from './verbs/remove.ts';
import { say } from './verbs/say.ts';

/** Who acts, as the session knows it; nothing of it comes from the frame. `ids`: null for a moderator who never spoke. */
export type Actor = {
  ids: { author: string; was?: string } | null;
  nick: string | null;
  avatar: Avatar | null;
  role: Role;
  moderator: number | null;
  /** What plays in the room. */
  stream: StreamFacts | null;
};
export type Verdict = { ok: true; item: Item } | { ok: false; code: RefusalCode };
export type Answer = Extract<ServerFrame, { t: 'ok' | 'no' | 'wait' }>;
export type ActDeps = { log: Log; bus: Bus; reactionPace: Pace; shed: Shed; /** How long a moderator's act can be undone. */ undoHours: number };

/** The only way anything changes in a room: allow → append → publish. */
export async function act(deps: ActDeps, actor: Actor, place: Place, change: Change): Promise<Answer> {
  const verdict = allow(actor, change, deps.undoHours);
  if (!verdict.ok) return { t: 'no', cid: change.cid, code: verdict.code };
  if (change.t === 'react' && deps.shed.has('reactions')) return { t: 'no', cid: change.cid, code: 'overloaded', retryAfter: SHED_WAIT_MS };
  if (change.t === 'react') await deps.reactionPace.turn(`${keyOf(place)}\n${change.n}`);
  const outcome = await append(deps, place, verdict.item);
  const whole = outcome.is !== 'saved' || (await spread(deps.log.moderators, (other, item) => append(deps, other, item), place, verdict.item, outcome));
  return answer(change.cid, whole ? outcome : { is: 'unknown' });
}

/** One change of a room, told to everybody when it is saved. A bulk act goes on until nothing is left of it. */
async function append(deps: Pick<ActDeps, 'log' | 'bus'>, place: Place, item: Item): Promise<Outcome> {
  const outcome = await deps.log.append(place, item);
  if (outcome.is !== 'saved') return outcome;
  if (outcome.commit) deps.bus.publish(outcome.commit);
  return outcome.more ? append(deps, place, item) : outcome;
}

function allow(actor: Actor, change: Change, undoHours: number): Verdict {
  switch (change.t) {
    case 'say': return say(actor, change);
    case 'edit': return edit(actor, change);
    case 'delete': return remove(actor, change);
    case 'react': return react(actor, change);
    case 'mod': return moderate(actor, change, undoHours);
  }
}

const WAIT_MS = 1_000;
/** What was turned off stays so for a while: everybody's signs would come again every second. */
const SHED_WAIT_MS = 30_000;

function answer(cid: string, outcome: Outcome): Answer {
  switch (outcome.is) {
    case 'saved': {
      const { n, rev, dup, act } = outcome;
      return { t: 'ok', cid, ...(n !== null && { n }), rev, ...(dup && { dup }), ...(act !== undefined && { act }) };
    }
    case 'held': return { t: 'ok', cid, held: true };
    case 'refused': return { t: 'no', cid, code: outcome.code, ...(outcome.retryAfter !== undefined && { retryAfter: outcome.retryAfter }) };
    case 'unsent': return { t: 'no', cid, code: outcome.code, retryAfter: WAIT_MS };
    case 'unknown': return { t: 'wait', cid, retryAfter: WAIT_MS };
  }
}
