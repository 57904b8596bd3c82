import type { ModItem } from '../../log/messages.ts';
import { isAtLeast, type Mod, rights } from '../../protocol/index.ts';
import type { Actor, Verdict } from '../act.ts';

/** Whether a moderator's reach ends before this room, or they were revoked, is seen once more under the room's lock. */
export function moderate(actor: Actor, mod: Mod, undoHours: number): Verdict {
  const { own, others } = rights[mod.do];
  const least = 'who' in mod && mod.who === actor.ids?.author ? own : others;
  if (!isAtLeast(actor.role, least) || actor.moderator === null) return { ok: false, code: 'forbidden' };
  const { t: _, do: act, ...asked } = mod;
  const item = { do: 'mod', by: actor.moderator, act, ...asked } as ModItem;
  return { ok: true, item: item.act === 'undo' ? { ...item, hours: undoHours } : item };
}
