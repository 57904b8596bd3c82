import type { Rules } from '../../protocol/index.ts';
import type { No, Saying } from '../saying.ts';

/** Whether anybody may speak here at all. */
export function doors({ rank }: Saying, { closed, readOnly, shield }: Rules): No | null {
  if (closed) return { is: 'no', code: 'closed' };
  return readOnly || (shield && shield.level >= 4 && rank === 'new') ? { is: 'no', code: 'read_only' } : null;
}
