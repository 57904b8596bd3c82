import type { Bus } from '../bus/bus.ts';
import type { Item, Log, Outcome } from '../log/messages.ts';
import { type Avatar, type Change, keyOf, type Place, type RefusalCode, type Role, type ServerFrame, type StreamFacts } from '../protocol/index.ts';
import type { Networks } from './networks.ts';
import type { Pace } from './pace.ts';
import type { Shed } from './shed.ts';
import type { Talk, Voice } from './talk.ts';
import { spread } from './spread.ts';
import { edit } from './verbs/edit.ts';
import { moderate } from './verbs/moderate.ts';
import { react } from './verbs/react.ts';
import { remove } from './verbs/remove.ts';
import { report } from './verbs/report.ts';
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
  /** Null for who has no id, and so no words. */
  voice: Voice | null;
};
export type Verdict = { ok: true; item: Item } | { ok: false; code: RefusalCode };
export type Answer = Extract<ServerFrame, { t: 'ok' | 'no' | 'wait' }>;
/** What is told to some, on all servers. */
export type Tell = {
  /** Something waits for the room's moderators, or no more. */
  ring(place: Place): void;
  /** Of a ban: what comes from where they spoke waits for approval, from when this ends. */
  banNetwork(place: Place, author: string, act: number): Promise<void>;
  /** What is remembered of somebody in a room: they erased themselves. */
  forget(place: Place, author: string): void;
};
export type ActDeps = { log: Log; bus: Bus; reactionPace: Pace; shed: Shed; talk: Talk; networks: Pick<Networks, 'note'>; desk: Tell; /** How long a moderator's act can be undone. */ undoHours: number };

export type Act = typeof act;

/** The only way anything changes in a room: allow → screen → append → publish. */
export async function act(deps: ActDeps, actor: Actor, place: Place, change: Change): Promise<Answer> {
  const verdict = allow(actor, change, deps.undoHours);
  if (!verdict.ok) return { t: 'no', cid: change.cid, code: verdict.code };
  if (change.t === 'react' && deps.shed.has('reactions')) return { t: 'no', cid: change.cid, code: 'overloaded', retryAfter: SHED_WAIT_MS };
  if (change.t === 'react') await deps.reactionPace.turn(`${keyOf(place)}\n${change.n}`);
  if ((change.t === 'say' || change.t === 'edit') && actor.voice) {
    const ruling = await deps.talk.judge(place, actor.voice, change);
    if (ruling.is === 'no') {
      const { is: _, ...refusal } = ruling;
      return { t: 'no', cid: change.cid, ...refusal };
    }
    if (verdict.item.do === 'say') {
      if (ruling.is === 'hold') verdict.item.hold = true;
      verdict.item.net = actor.voice.net();
      deps.networks.note(place, verdict.item.author, verdict.item.net);
    }
  }
  const outcome = await append(deps, place, verdict.item);
  const whole = outcome.is !== 'saved' || (await spread(deps.log.moderators, (other, item) => append(deps, other, item), place, verdict.item, outcome));
  await tellSome(deps.desk, place, change, outcome);
  return answer(change.cid, whole ? outcome : { is: 'unknown' });
}

async function tellSome(desk: Tell, place: Place, change: Change, outcome: Outcome): Promise<void> {
  if (outcome.is === 'held' || change.t === 'report' || (change.t === 'mod' && DESK_ACTS.has(change.do))) desk.ring(place);
  if (change.t === 'mod' && change.do === 'ban' && change.network && outcome.is === 'saved' && outcome.act !== undefined) await desk.banNetwork(place, change.who, outcome.act);
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
    case 'report': return report(actor, change);
    case 'mod': return moderate(actor, change, undoHours);
  }
}

const DESK_ACTS: ReadonlySet<string> = new Set(['approve', 'refuse', 'dismiss']);
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
