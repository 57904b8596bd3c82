import type { Store } from '../state/store.ts';

/** What the header tells of the connection. */
export type Status = 'live' | 'joining' | 'offline' | 'closed';

export function readStatus(at: Store['link']['value']['at'], online: boolean): Status {
  switch (at) {
    case 'live': return 'live';
    case 'closed': return 'closed';
    case 'idle': case 'dialing': case 'greeting': case 'waiting': return online ? 'joining' : 'offline';
  }
}
