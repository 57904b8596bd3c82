import type { React } from '../../protocol/index.ts';
import type { Actor, Verdict } from '../act.ts';

/** A state, not a count: on or off, however often it is sent. */
export function react(actor: Actor, { n, emoji, on }: React): Verdict {
  if (!actor.ids || actor.nick === null) return { ok: false, code: 'nick_needed' };
  return { ok: true, item: { do: 'react', ...actor.ids, n, emoji, on } };
}
