import type { Delete } from '../../protocol/index.ts';
import type { Actor, Verdict } from '../act.ts';

/** One's own message; nothing of it stays. */
export function remove(actor: Actor, { n }: Delete): Verdict {
  return { ok: true, item: { do: 'delete', ...actor.ids, n } };
}
