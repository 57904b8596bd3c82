import type { Rules } from '../../protocol/index.ts';
import type { No, Saying } from '../saying.ts';

/** What a text may be made of. A stranger brings no link while the shield is up. */
export function links({ shape, rank }: Saying, { emojiOnly, noLinks, shield }: Rules): No | null {
  if (emojiOnly && !shape.onlyEmoji) return { is: 'no', code: 'emoji_only' };
  return shape.links > 0 && (noLinks || (shield && rank === 'new')) ? { is: 'no', code: 'no_links' } : null;
}
