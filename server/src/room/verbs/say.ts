import type { Item } from '../../log/messages.ts';
import type { Say } from '../../protocol/index.ts';
import type { Actor, Verdict } from '../act.ts';

/** Anybody with a name may speak. */
export function say(actor: Actor, { cid, text, re, pic }: Say): Verdict {
  if (actor.nick === null || actor.avatar === null) return { ok: false, code: 'nick_needed' };
  const item: Item = { do: 'say', ...actor.ids, cid, nick: actor.nick, avatar: actor.avatar, text };
  if (re !== undefined) item.re = re;
  if (pic !== undefined) item.pic = pic;
  return { ok: true, item };
}
