/** Where a request comes from, as far as it says. No cookie and no address gives it any right. */
export type From = 'own' | 'sandboxed' | 'program' | 'foreign';

/**
 * A page's socket carries the widget's own origin, never the blog's; `null` is a page that sandboxes us.
 * A request without Origin comes from a program. `publicUrl` '' means: whatever host it was asked by.
 */
export function whoAsks(origin: string | undefined, host: string | undefined, publicUrl: string): From {
  if (origin === undefined) return 'program';
  if (origin === 'null') return 'sandboxed';
  if (publicUrl !== '') return origin === publicUrl ? 'own' : 'foreign';
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`) ? 'own' : 'foreign';
}

/** The key under which an address is counted: IPv6 by its /64, since one reader has all of that. */
export function addressKey(address: string): string {
  const mapped = address.match(/^::ffff:(\d+\.\d+\.\d+\.\d+)$/i);
  if (mapped?.[1]) return mapped[1];
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = address.includes('::') ? Array(Math.max(0, 8 - left.length - right.length)).fill('0') : [];
  return [...left, ...zeros, ...right].slice(0, 4).map((group) => Number.parseInt(group || '0', 16).toString(16)).join(':');
}
