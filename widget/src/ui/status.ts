import type { Store } from '../state/store.ts';

/** What the header tells of the connection. */
export type Status = 'live' | 'joining' | 'offline' | 'closed';

export function readStatus(at: Store['link']['value']['at'], online: boolean): Status {
  if (at === 'live' || at === 'closed') return at;
  return online ? 'joining' : 'offline';
}
