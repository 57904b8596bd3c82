import type { Item } from '../../log/messages.ts';
import type { Say, StreamFacts } from '../../protocol/index.ts';
import type { Actor, Verdict } from '../act.ts';

/** Anybody with a name may speak; who moderates here is marked where no text can. */
export function say(actor: Actor, { cid, text, re, pic }: Say): Verdict {
  if (!actor.ids || actor.nick === null || actor.avatar === null) return { ok: false, code: 'nick_needed' };
  const item: Item = { do: 'say', ...actor.ids, cid, nick: actor.nick, avatar: actor.avatar, text };
  // Whether they still are is looked at again under the room's lock.
  if (actor.role !== 'reader' && actor.moderator !== null) Object.assign(item, { role: actor.role, by: actor.moderator });
  if (re !== undefined) item.re = re;
  if (pic !== undefined && actor.stream && wasShown(pic, actor.stream, Date.now())) item.pic = pic;
  return { ok: true, item };
}

/** An origin's clock may be ahead of ours by so much. */
const AHEAD_MS = 120_000;

/** Whether there can have been such a picture: nobody's words wait for one that will never come. */
function wasShown(pic: number, { from, to }: StreamFacts, now: number): boolean {
  return pic >= from && pic <= (to ?? now + AHEAD_MS);
}
