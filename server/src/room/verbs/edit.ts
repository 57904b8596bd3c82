import type { Edit } from '../../protocol/index.ts';
import type { Actor, Verdict } from '../act.ts';

/** One's own words; that they are one's own is seen under the room's lock, where nothing can change it. */
export function edit(actor: Actor, { n, text }: Edit): Verdict {
  if (!actor.ids) return { ok: false, code: 'nick_needed' };
  return { ok: true, item: { do: 'edit', ...actor.ids, n, text } };
}
