import type { Report } from '../../protocol/index.ts';
import type { Actor, Verdict } from '../act.ts';

/** Told to who moderates; once for each person and message. */
export function report(actor: Actor, { n, reason }: Report): Verdict {
  if (!actor.ids) return { ok: false, code: 'nick_needed' };
  return { ok: true, item: { do: 'report', ...actor.ids, n, reason } };
}
