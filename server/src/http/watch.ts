import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Shed } from '../room/shed.ts';
import type { Playlist, StreamProxy } from '../stream/proxy.ts';
import { StreamError } from '../stream/refusal.ts';
import type { Seal } from '../stream/seal.ts';
import type { Piece } from '../stream/store.ts';
import { answered } from './api.ts';
import type { AttachedStreams } from './attached.ts';
import { readsGzip } from './compress.ts';
import { rangeOf, typeOf } from './media.ts';
import { problem, problemOf } from './problem.ts';

export const GONE = 'There is no such stream any more.';
export const SHED = 'Nothing is shown while there is so much to do.';
export const SHED_S = 30;
/** An answer that is whole, and good for some time. */
export type Ready = { kind: 'playlist' | 'piece'; type: string; body: Buffer; zipped: Buffer | null; /** ms since 1970. */ until: number };
export type Watch = {
  /** False when the request is for somebody else. */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
  /** Whether an address is sealed, and whether its stream is known to be attached at this moment. */
  judge(url: string): 'no' | 'perhaps' | 'yes';
  /** What stands behind a sealed address; null where it is not whole in a moment. */
  ready(url: string): Promise<Ready | null>;
};
export type Watching = { attached: AttachedStreams; proxy: StreamProxy; seal: Seal; shed: Shed; /** Of what is our own fault. */ report: (error: unknown) => void };

/** With what we keep ourselves, no viewer sees a playlist that is older than a second and what the way takes. */
export const PLAYLIST_KEPT = 'public, max-age=0, s-maxage=1';
/** Sealed for one file at one address: it never changes, and it is for whoever has the address. */
const PIECE_KEPT = 'public, max-age=900, immutable';
const NEVER_KEPT = 'no-store';
/** Others are none, and the whole is sent. */
const RANGE = /^bytes=(\d{1,15}-\d{0,15}|-\d{1,15})$/;
/** What players of low-latency streams ask for; nothing else of an address reaches the origin. */
const QUERY = /^_HLS_(msn=\d{1,15}|part=\d{1,6}|skip=(YES|v2))$/;
const SEALED = /^\/stream\/[\w-]{16}\/[a-z]+\//;
/** What was sealed for one address is made again now and then: it may have been let go. */
const PIECE_READY_MS = 60_000;
export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';
/** Below, the header of the form costs what it saves. */
const ZIPPED_FROM_BYTES = 1_000;

/**
 * `/stream/{id}/{kind}/…`, the sealed addresses in playlists. Thousands ask for the same bytes in one moment: no router,
 * hook or stream stands in between.
 */
export function createWatch({ attached, proxy, seal, shed, report }: Watching): Watch {
  async function answer(request: IncomingMessage, response: ServerResponse, url: string): Promise<void> {
    if (shed.has('streams')) return refuse(response, 503, 'shed', SHED, ['retry-after', String(SHED_S)]);
    const sealed = seal.open(url);
    // Before the log is asked: strangers can make up addresses faster than it answers.
    if (!sealed) return refuse(response, 403, 'bad_address', 'This address is not ours, or it has ended.');
    if ((await answered(attached.find(sealed.stream))) === null) return refuse(response, 404, 'not_found', GONE);
    if (sealed.kind === 'playlist') return sendPlaylist(request, response, await proxy.playlist(sealed.stream, sealed.url, askedOf(url)));
    const range = RANGE.test(request.headers.range ?? '') ? request.headers.range : undefined;
    const piece = await proxy.piece(sealed, range);
    // What arrives in a moment is sent in one go.
    await piece.settled;
    await sendPiece(request, response, piece, range);
  }

  return {
    answer(request, response) {
      const { url = '', method } = request;
      if (!SEALED.test(url) || (method !== 'GET' && method !== 'HEAD')) return false;
      answer(request, response, url).catch((error: unknown) => {
        // In the middle of its bytes there is no other way to say that they are not all.
        if (response.headersSent) return void response.destroy();
        const told = problemOf(error);
        if (told.status === 500) report(error);
        refuse(response, told.status, told.code, told.detail);
      });
      return true;
    },
    judge(url) {
      const sealed = shed.has('streams') ? null : seal.open(url);
      return sealed === null ? 'no' : attached.knows(sealed.stream) ? 'yes' : 'perhaps';
    },
    async ready(url) {
      const sealed = seal.open(url);
      if (!sealed || (await attached.find(sealed.stream)) === null) return null;
      if (sealed.kind === 'playlist') return readyPlaylist(await proxy.playlist(sealed.stream, sealed.url, askedOf(url)));
      const piece = await proxy.piece(sealed, undefined);
      await piece.settled;
      const { whole: body, status } = piece;
      const type = body && status === 200 ? typeOf(body.subarray(0, 16)) : null;
      return body && type !== null ? { kind: 'piece', type, body, zipped: null, until: Date.now() + PIECE_READY_MS } : null;
    },
  };
}

async function readyPlaylist({ plain, zipped, until }: Playlist): Promise<Ready> {
  return { kind: 'playlist', type: PLAYLIST_TYPE, body: plain, zipped: plain.length >= ZIPPED_FROM_BYTES ? await zipped() : null, until };
}

/** What a player of a low-latency stream asks its playlist for. */
export function askedOf(url: string): string {
  const at = url.indexOf('_HLS_');
  return at < 0 ? '' : url.slice(url.indexOf('?') + 1).split('&').filter((one) => QUERY.test(one)).sort().join('&');
}

async function sendPlaylist({ headers, method }: IncomingMessage, response: ServerResponse, playlist: Playlist): Promise<void> {
  const ready = await readyPlaylist(playlist);
  const zips = ready.zipped !== null && readsGzip(headers['accept-encoding']);
  response.writeHead(200, headOf(ready, headers.origin === 'null', zips)).end(method === 'HEAD' ? undefined : zips ? ready.zipped : ready.body);
}

/** Names and values in turn. */
export function headOf({ kind, type, body, zipped }: Pick<Ready, 'kind' | 'type' | 'body' | 'zipped'>, sandboxed: boolean, zips: boolean): string[] {
  const length = String((zips && zipped ? zipped : body).length);
  const own = kind === 'playlist' ? ['vary', 'accept-encoding, origin', ...(zips ? ['content-encoding', 'gzip'] : [])] : ['vary', 'origin', 'accept-ranges', 'bytes'];
  return [...guarded(sandboxed), 'cache-control', kind === 'playlist' ? PLAYLIST_KEPT : PIECE_KEPT, 'content-type', type, 'content-length', length, ...own];
}

async function sendPiece(request: IncomingMessage, response: ServerResponse, piece: Piece, range: string | undefined): Promise<void> {
  const type = typeOf(await beginningOf(piece));
  if (type === null) throw new StreamError('origin_failed');
  const sandboxed = request.headers.origin === 'null';
  const head = [...guarded(sandboxed), 'content-type', type, 'vary', 'origin', 'accept-ranges', 'bytes'];
  const part = range !== undefined && piece.status !== 206 ? rangeOf(range, (await piece.all()).length) : undefined;
  if (part === null) return void response.writeHead(416, [...head, 'cache-control', NEVER_KEPT, 'content-range', `bytes */${piece.whole?.length}`, 'content-length', '0']).end();
  head.push('cache-control', PIECE_KEPT);
  if (part) return void response.writeHead(206, [...head, 'content-range', `bytes ${part.from}-${part.to}/${piece.whole?.length}`, 'content-length', String(part.to - part.from + 1)]).end(piece.whole?.subarray(part.from, part.to + 1));
  if (piece.status === 206) head.push('content-range', piece.headers['content-range'] ?? '');
  if (piece.whole) return void response.writeHead(piece.status, [...head, 'content-length', String(piece.whole.length)]).end(piece.whole);
  response.writeHead(piece.status, head);
  await pipeline(Readable.from(piece.read(), { objectMode: false }), response);
}

async function beginningOf(piece: Piece): Promise<Uint8Array> {
  if (piece.whole) return piece.whole.subarray(0, 16);
  for await (const chunk of piece.read()) return chunk;
  return new Uint8Array();
}

/** Nothing of a stream runs or is framed, and only our own page reads it; a page that sandboxes us makes its origin `null`. */
function guarded(sandboxed: boolean): string[] {
  const whose = sandboxed ? ['access-control-allow-origin', 'null', 'cross-origin-resource-policy', 'cross-origin'] : ['cross-origin-resource-policy', 'same-origin'];
  return ['x-content-type-options', 'nosniff', 'content-security-policy', "default-src 'none'; sandbox", ...whose];
}

function refuse(response: ServerResponse, status: number, code: string, detail: string, also: string[] = []): void {
  const body = problem(status, code, detail);
  response.writeHead(status, [...guarded(true), ...also, 'cache-control', NEVER_KEPT, 'content-type', 'application/problem+json', 'content-length', String(Buffer.byteLength(body))]).end(body);
}
