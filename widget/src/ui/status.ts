import type { View } from '../state/view.ts';

/** What the header tells of the connection; nothing before there was one. */
export type Status = 'live' | 'doubtful' | 'joining' | 'offline' | 'closed' | 'quiet';

/** A loss that is not worth telling leaves what was said last. */
export function readStatus({ link, lapsed, room }: Pick<View, 'link' | 'lapsed' | 'room'>, online: boolean): Status {
  const { here, doubtful } = room.value;
  if (link.value.at === 'closed') return 'closed';
  if (lapsed.value) return online ? 'joining' : 'offline';
  if (here === null) return 'quiet';
  return doubtful ? 'doubtful' : 'live';
}
