import { StreamError } from '../refusal.ts';
import type { Kind } from '../playlist.ts';

/** Where a playlist leads, and what stands there instead. */
export type Uris = {
  /** Our address of what an origin refers to. */
  replace(kind: Kind, reference: string): string;
  found(): { kind: Kind; url: string }[];
};

/** In characters, so that a line has room for it in base64 and for what else stands there. */
const URL_MAX = 4_096;
/** Names and numbers. A URL takes most other characters too, be it a quote. */
const HOST = /^(\[[\da-f:.]+\]|[\w.-]+)$/;
/** What may stand both in a line of its own and between quotes. */
const SEAMLESS = /^(?!#)[!$-~]+$/;

export function openUris(base: URL, address: (kind: Kind, url: string) => string): Uris {
  const found = new Map<string, { kind: Kind; url: string; ours: string }>();
  return {
    replace(kind, reference) {
      const url = resolve(reference, base, kind);
      const name = `${kind} ${url}`;
      const known = found.get(name);
      if (known) return known.ours;
      const ours = address(kind, url);
      if (!SEAMLESS.test(ours) || ours.includes('{$')) throw new TypeError('An address of ours has to fit into a playlist.');
      found.set(name, { kind, url, ours });
      return ours;
    },
    found: () => Array.from(found.values(), ({ kind, url }) => ({ kind, url })),
  };
}

function resolve(reference: string, base: URL, kind: Kind): string {
  const trimmed = reference.trim();
  const url = trimmed === '' || trimmed.startsWith('#') ? null : URL.parse(trimmed, base);
  if (url?.protocol === 'skd:') throw new StreamError('drm_unsupported');
  if (!url || !/^https?:$/.test(url.protocol) || !HOST.test(url.hostname)) throw new StreamError('bad_playlist', 'an address');
  // A key that anybody on the way can read protects nothing, unless all of it comes that way.
  if (kind === 'key' && url.protocol !== 'https:' && url.origin !== base.origin) throw new StreamError('bad_playlist', 'a key in the clear');
  if (url.href.length > URL_MAX) throw new StreamError('too_large', 'an address');
  // No server ever sees what follows it.
  return url.href.split('#', 1)[0] as string;
}
