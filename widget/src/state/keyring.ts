import type { Shelf } from './shelf.ts';

/**
 * The key by which this page or frame moderates. Our own page has one that was redeemed on it; a frame makes one for
 * itself, in its own partition, and moderates by it once a moderator has let it in.
 */
export type Keyring = { read(): string | null; write(key: string | null): void };

export const PAGE_KEY = 'aside:key';

export function openKeyring(shelf: Shelf, site: string, framed = isFramed()): Keyring {
  const name = framed ? `aside:frame-key:${site}` : PAGE_KEY;
  return { read: () => shelf.read(name), write: (key) => void shelf.write(name, key) };
}

/** As the server expects them: 32 random bytes. */
export function makeKey(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
}

function isFramed(): boolean {
  return typeof window !== 'undefined' && window.parent !== window;
}
