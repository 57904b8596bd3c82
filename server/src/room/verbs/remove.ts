import { type Delete, isAtLeast, rights } from '../../protocol/index.ts';
import type { Actor, Verdict } from '../act.ts';

/** One's own message, of which nothing stays; a moderator's hand takes others' away, and can bring them back. */
export function remove(actor: Actor, { cid, n }: Delete): Verdict {
  const by = isAtLeast(actor.role, rights.delete.others) ? actor.moderator : null;
  if (!actor.ids && by === null) return { ok: false, code: 'forbidden' };
  return { ok: true, item: { do: 'delete', ...(actor.ids ?? NOBODY), n, ...(by !== null && { by, cid }) } };
}

/** A moderator who never spoke here has no id: no message is theirs. */
const NOBODY = { author: '' };
