import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Kind } from './playlist.ts';

/** What an address of ours leads to: part of which stream, and where it is fetched. */
export type Sealed = { stream: string; kind: Kind; url: string };

/** Makes and reads our own addresses. Nobody else can make one, and each ends: it belongs to one stream and one window of time. */
export type Seal = {
  address(sealed: Sealed, lasting: boolean): string;
  /** What an address says, from its path on; null when it is not ours, was changed or has ended. */
  open(address: string): Sealed | null;
};

/** A player asks for a playlist under the address it began with for as long as it plays; for a segment once. */
const PLAYLIST_MS = 6 * 3_600_000;
const SEGMENT_MS = 15 * 60_000;
/** An address is the same for every viewer within a window, so that one fetch and every cache serve all of them. */
const WINDOWS = 3;
const TAG_BYTES = 16;
const ENDINGS: Record<Kind, string> = { playlist: '.m3u8', segment: '.seg', part: '.seg', map: '.seg', key: '.key', data: '.dat' };
const FORM = /^\/stream\/([\w-]{16})\/(playlist|segment|part|map|key|data)\/([\w-]+)\.[\da-z]+\?e=([\da-z]{1,9})&s=([\w-]{22})(?:&|$)/;

/** `secrets`: the first seals, all open, so that they can be changed while people watch. */
export function createSeal(secrets: readonly string[], now: () => number): Seal {
  const keys = secrets.map((secret) => createHmac('sha256', secret).update('aside stream 1').digest());
  const tag = (key: Buffer, { stream, kind, url }: Sealed, ends: number): Buffer =>
    createHmac('sha256', key).update(`${stream}\n${kind}\n${ends}\n${url}`).digest().subarray(0, TAG_BYTES);

  return {
    address(sealed, lasting) {
      const life = lasting || sealed.kind === 'playlist' ? PLAYLIST_MS : SEGMENT_MS;
      const window = life / WINDOWS;
      const ends = Math.floor(now() / window) * window + life;
      const key = keys[0] as Buffer;
      // What changes with the window stands in the query: a player takes another path for another segment.
      return `/stream/${sealed.stream}/${sealed.kind}/${Buffer.from(sealed.url).toString('base64url')}${ENDINGS[sealed.kind]}?e=${ends.toString(36)}&s=${tag(key, sealed, ends).toString('base64url')}`;
    },
    open(address) {
      const [, stream, kind, place, until, told] = FORM.exec(address) ?? [];
      if (!stream || !kind || !until || !told || !place) return null;
      const ends = Number.parseInt(until, 36);
      if (ends < now()) return null;
      const sealed = { stream, kind: kind as Kind, url: Buffer.from(place, 'base64url').toString() };
      const given = Buffer.from(told, 'base64url');
      return keys.some((key) => timingSafeEqual(tag(key, sealed, ends), given)) ? sealed : null;
    },
  };
}
