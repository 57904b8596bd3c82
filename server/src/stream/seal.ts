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
/** What an address says, and its tag. */
const SAID = /^([^&]+)&s=([\w-]{22})(?:&|$)/;
const FORM = /^\/stream\/([\w-]{16})\/(playlist|segment|part|map|key|data)\/([\w-]+)\.[\da-z]+\?e=([\da-z]{1,9})$/;
const RIGHT_MAX = 4_096;

type Right = { sealed: Sealed; ends: number; tag: Buffer };

/** `secrets`: the first seals, all open, so that they can be changed while people watch. */
export function createSeal(secrets: readonly string[], now: () => number): Seal {
  const keys = secrets.map((secret) => createHmac('sha256', secret).update('aside stream 1').digest());
  /** Making a tag costs more than all else of an answer: every tag is compared, and made once. */
  const right = new Map<string, Right>();
  const tag = (key: Buffer, { stream, kind, url }: Sealed, ends: number): Buffer =>
    createHmac('sha256', key).update(`${stream}\n${kind}\n${ends}\n${url}`).digest().subarray(0, TAG_BYTES);

  /** The right tag of what an address says, where it was given: only good addresses are remembered, and nobody else can fill the memory. */
  function find(said: string, given: Buffer): Right | null {
    const [, stream, kind, place, until] = FORM.exec(said) ?? [];
    if (!stream || !kind || !until || !place) return null;
    const ends = Number.parseInt(until, 36);
    if (ends < now()) return null;
    const sealed = { stream, kind: kind as Kind, url: Buffer.from(place, 'base64url').toString() };
    if (!keys.some((key) => timingSafeEqual(tag(key, sealed, ends), given))) return null;
    const one = { sealed, ends, tag: given };
    const [oldest] = right.keys();
    if (right.size >= RIGHT_MAX && oldest !== undefined) right.delete(oldest);
    right.set(said, one);
    return one;
  }

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
      const [, said, told] = SAID.exec(address) ?? [];
      if (!said || !told) return null;
      // As bytes: the last letter of a tag has spellings that mean the same.
      const given = Buffer.from(told, 'base64url');
      const known = right.get(said) ?? find(said, given);
      return known && known.ends >= now() && timingSafeEqual(known.tag, given) ? known.sealed : null;
    },
  };
}
