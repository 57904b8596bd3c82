import type { Store } from '../state/store.ts';

/** What the header tells of the connection. */
export type Status = 'live' | 'doubtful' | 'joining' | 'offline' | 'closed';

export function readStatus(at: Store['link']['value']['at'], online: boolean, doubtful: boolean): Status {
  if (at === 'live') return doubtful ? 'doubtful' : 'live';
  if (at === 'closed') return 'closed';
  return online ? 'joining' : 'offline';
}
