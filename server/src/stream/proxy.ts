import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Origin } from './origin.ts';
import { createCalendar } from './calendar.ts';
import { type Rewritten, rewritePlaylist } from './playlist.ts';
import { StreamError } from './refusal.ts';
import type { Seal, Sealed } from './seal.ts';
import { createStore, type Piece } from './store.ts';

/** What stands between viewers and a stream's origin: each thing is fetched once, and given out under our own addresses. */
export type StreamProxy = {
  /** A playlist in our words. `query`: what a player asks of a low-latency one. */
  playlist(stream: string, url: string, query: string): Promise<Playlist>;
  /** Anything else, from its first byte on. */
  piece(sealed: Sealed, range: string | undefined): Promise<Piece>;
  /** What can be known of a stream before it is attached: that it is there, and which picture times it has. */
  look(stream: string, url: string): Promise<Look>;
  /** What is kept of segments at this moment. */
  readonly bytes: number;
};
export type Playlist = { plain: Buffer; /** Made when the first asks for it, for everybody. */ zipped(): Promise<Buffer>; /** ms since 1970: from then on it is asked for again. */ until: number };
export type Look = { from: number; to?: number; /** Of a live one: how far our clock is ahead of its newest picture, and how long its segments are, in ms. */ skew?: number; targetMs?: number };

const PLAYLIST_BYTES = 1_048_576;
const PIECE_BYTES: Record<Exclude<Sealed['kind'], 'playlist' | 'data'>, number> = { segment: 33_554_432, part: 33_554_432, map: 1_048_576, key: 1_024 };
/** An origin that starts over may give other bytes under a name it had before. */
const LIVES_MS: Record<keyof typeof PIECE_BYTES, number> = { segment: 900_000, part: 60_000, map: 60_000, key: 60_000 };
const FRESH_MS = 1_000;
const FAILED_MS = 1_000;
const KEPT_PLAYLISTS = 2_000;
/** A master leads to a media playlist, and that to nothing more. */
const DEPTH_MAX = 2;
const KNOWN_STREAMS = 1_000;
/** Two segments more than the next is as far as the specification lets players look; a list may leave out some it has. */
const AHEAD_MAX = 2;

const zip = promisify(gzip);

/** Of a stream. `variables`: what its master defines, its other playlists may import. `next`: of each playlist that waits for what comes, the number of the segment that does. */
type Known = { variables: Rewritten['variables']; next: Map<string, number> };
type Kept = { answer: Promise<Playlist>; until: number };

export function openProxy({ origin, seal, storeBytes, now }: { origin: Origin; seal: Seal; storeBytes: number; now: () => number }): StreamProxy {
  const store = createStore(storeBytes, now);
  const playlists = new Map<string, Kept>();
  const calendar = createCalendar();
  const streams = new Map<string, Known>();

  function knownOf(stream: string): Known {
    const one = streams.get(stream) ?? { variables: {}, next: new Map() };
    streams.delete(stream);
    streams.set(stream, one);
    const [oldest] = streams.keys();
    if (streams.size > KNOWN_STREAMS && oldest !== undefined) streams.delete(oldest);
    return one;
  }

  async function fetchPlaylist(stream: string, url: string, query = ''): Promise<Rewritten> {
    const { body, url: base } = await origin.ask(query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`, { waits: query !== '', maxBytes: PLAYLIST_BYTES, gzip: true, accept: 'application/vnd.apple.mpegurl, application/x-mpegurl, */*' });
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    // A recording is played from one playlist, however long that takes; a live one is asked for again and again.
    const lasting = /^#EXT-X-(ENDLIST|PLAYLIST-TYPE)/m.test(text);
    const address = (kind: Sealed['kind'], to: string): string => seal.address({ stream, kind, url: to }, lasting);
    const here = knownOf(stream);
    const given = { variables: here.variables };
    const first = rewritePlaylist(text, base, address, given);
    if (first.canBlock) here.next.set(url, first.mediaSequence + skippedIn(text) + first.uris.filter(({ kind }) => kind === 'segment').length);
    if (first.kind === 'master') here.variables = first.variables;
    return first.kind === 'media' && !first.dated ? rewritePlaylist(text, base, address, { ...given, firstDate: calendar.place(stream, url, text, first, now()) }) : first;
  }

  async function answer(stream: string, url: string, query: string): Promise<Playlist> {
    const { text, ended, targetMs, kind } = await fetchPlaylist(stream, url, query);
    let zipped: Promise<Buffer> | undefined;
    const plain = Buffer.from(text);
    return { plain, zipped: () => (zipped ??= zip(plain)), until: now() + (kind === 'master' || ended ? FRESH_MS : Math.min(FRESH_MS, (targetMs ?? FRESH_MS) / 2)) };
  }

  return {
    get bytes() { return store.bytes; },
    playlist(stream, url, asked) {
      // Who does not say so cannot wait for what comes next, and nobody waits for what is further ahead.
      const next = streams.get(stream)?.next.get(url);
      const query = next !== undefined && numberOf(asked) <= next + AHEAD_MAX ? asked : '';
      const name = `${stream}\n${url}\n${query}`;
      const known = playlists.get(name);
      if (known && known.until > now()) return known.answer;
      // On its way it is everybody's, however long that takes.
      const kept: Kept = { answer: answer(stream, url, query), until: Number.POSITIVE_INFINITY };
      playlists.delete(name);
      playlists.set(name, kept);
      kept.answer.then(({ until }) => { kept.until = until; }, () => { kept.until = now() + FAILED_MS; });
      const [oldest] = playlists.keys();
      if (playlists.size > KEPT_PLAYLISTS && oldest !== undefined) playlists.delete(oldest);
      return kept.answer;
    },
    piece({ stream, kind, url }, range) {
      // Lists of assets and steering manifests name addresses of the origin's in a form of their own: they lead nowhere.
      if (kind === 'playlist' || kind === 'data') throw new StreamError('not_found');
      // What is here whole serves every part of it.
      const whole = range === undefined ? null : store.peek(`${stream}\n${url}`);
      return whole ?? store.get(`${stream}\n${url}${range === undefined ? '' : `\n${range}`}`, LIVES_MS[kind], async () => origin.ask(url, { maxBytes: PIECE_BYTES[kind], ...(range === undefined ? {} : { range }) }));
    },
    async look(stream, url) {
      let found = await fetchPlaylist(stream, url);
      for (let depth = 1; found.kind === 'master'; depth += 1) {
        const next = found.uris.find(({ kind }) => kind === 'playlist');
        if (!next || depth >= DEPTH_MAX) throw new StreamError(next ? 'too_deep' : 'bad_playlist');
        found = await fetchPlaylist(stream, next.url);
      }
      const to = found.edge ?? now();
      const from = to - found.durationMs;
      return found.ended ? { from: Math.floor(from), to: Math.ceil(to) } : { from: Math.floor(from), skew: Math.round(now() - to), targetMs: found.targetMs ?? 0 };
    },
  };
}

function numberOf(asked: string): number {
  return Number(/_HLS_msn=(\d+)/.exec(asked)?.[1] ?? 0);
}

function skippedIn(text: string): number {
  return Number(/^#EXT-X-SKIP:(?:.*,)?SKIPPED-SEGMENTS=(\d{1,9})/m.exec(text)?.[1] ?? 0);
}
