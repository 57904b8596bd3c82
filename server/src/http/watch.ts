import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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
export type Watching = { attached: AttachedStreams; proxy: StreamProxy; seal: Seal; /** Of what is our own fault. */ report: (error: unknown) => void };

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
/** Below, the header of the form costs what it saves. */
const ZIPPED_FROM_BYTES = 1_000;

/**
 * `/stream/{id}/{kind}/…`, the sealed addresses in playlists. Thousands ask for the same bytes in one moment: no router,
 * hook or stream stands in between. False when the request is for somebody else.
 */
export function createWatch({ attached, proxy, seal, report }: Watching): (request: IncomingMessage, response: ServerResponse) => boolean {
  async function answer(request: IncomingMessage, response: ServerResponse, url: string): Promise<void> {
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

  return (request, response) => {
    const { url = '', method } = request;
    if (!SEALED.test(url)) return false;
    if (method !== 'GET' && method !== 'HEAD') return false;
    answer(request, response, url).catch((error: unknown) => {
      // In the middle of its bytes there is no other way to say that they are not all.
      if (response.headersSent) return void response.destroy();
      const told = problemOf(error);
      if (told.status === 500) report(error);
      refuse(response, told.status, told.code, told.detail);
    });
    return true;
  };
}

/** What a player of a low-latency stream asks its playlist for. */
export function askedOf(url: string): string {
  const at = url.indexOf('_HLS_');
  return at < 0 ? '' : url.slice(url.indexOf('?') + 1).split('&').filter((one) => QUERY.test(one)).sort().join('&');
}

async function sendPlaylist(request: IncomingMessage, response: ServerResponse, { plain, zipped }: Playlist): Promise<void> {
  const zips = plain.length >= ZIPPED_FROM_BYTES && readsGzip(request.headers['accept-encoding']);
  const body = zips ? await zipped() : plain;
  send(request, response, 200, PLAYLIST_KEPT, ['content-type', 'application/vnd.apple.mpegurl', 'content-length', body.length, 'vary', 'accept-encoding, origin', ...(zips ? ['content-encoding', 'gzip'] : [])]).end(body);
}

async function sendPiece(request: IncomingMessage, response: ServerResponse, piece: Piece, range: string | undefined): Promise<void> {
  const type = typeOf(await beginningOf(piece));
  if (type === null) throw new StreamError('origin_failed');
  const head = ['content-type', type, 'vary', 'origin', 'accept-ranges', 'bytes'];
  const part = range !== undefined && piece.status !== 206 ? rangeOf(range, (await piece.all()).length) : undefined;
  if (part === null) return void send(request, response, 416, NEVER_KEPT, ['content-range', `bytes */${piece.whole?.length}`, 'content-length', 0]).end();
  if (part) return void send(request, response, 206, PIECE_KEPT, [...head, 'content-range', `bytes ${part.from}-${part.to}/${piece.whole?.length}`, 'content-length', part.to - part.from + 1]).end(piece.whole?.subarray(part.from, part.to + 1));
  const told = piece.status === 206 ? ['content-range', piece.headers['content-range'] ?? ''] : [];
  if (piece.whole) return void send(request, response, piece.status, PIECE_KEPT, [...head, ...told, 'content-length', piece.whole.length]).end(piece.whole);
  send(request, response, piece.status, PIECE_KEPT, [...head, ...told]);
  await pipeline(Readable.from(piece.read(), { objectMode: false }), response);
}

async function beginningOf(piece: Piece): Promise<Uint8Array> {
  if (piece.whole) return piece.whole.subarray(0, 16);
  for await (const chunk of piece.read()) return chunk;
  return new Uint8Array();
}

/** Nothing of a stream runs or is framed, and only our own page reads it; a page that sandboxes us makes its origin `null`. */
const GUARDED = ['x-content-type-options', 'nosniff', 'content-security-policy', "default-src 'none'; sandbox", 'cross-origin-resource-policy', 'same-origin'];
const SANDBOXED = ['access-control-allow-origin', 'null', 'cross-origin-resource-policy', 'cross-origin'];

function send({ headers: { origin } }: IncomingMessage, response: ServerResponse, status: number, kept: string, head: (string | number)[]): ServerResponse {
  return response.writeHead(status, [...GUARDED.slice(0, 4), ...(origin === 'null' ? SANDBOXED : GUARDED.slice(4)), 'cache-control', kept, ...head] as string[]);
}

function refuse(response: ServerResponse, status: number, code: string, detail: string): void {
  const body = problem(status, code, detail);
  response.writeHead(status, [...GUARDED, 'cache-control', NEVER_KEPT, 'content-type', 'application/problem+json', 'content-length', Buffer.byteLength(body)] as string[]).end(body);
}
