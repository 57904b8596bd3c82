import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { WebSocket } from 'ws';
import { FRAME_IN_MAX_BYTES } from '../protocol/index.ts';

/**
 * permessage-deflate (RFC 7692) with nothing remembered from one message to the next: what is the same for everybody is
 * compressed once, and no connection holds a window.
 */
export const DEFLATE = { serverNoContextTakeover: true, clientNoContextTakeover: true };

/** An offer that asks nothing of the server's window, which has one size for all. */
const OFFER = /(?:^|,)\s*permessage-deflate\s*(?:;\s*(?:server_no_context_takeover|client_no_context_takeover|client_max_window_bits(?:="?\d{1,2}"?)?)\s*)*(?:,|$)/;

/** What of a client's offers is handed on to ws, which would answer 400 to one that it does not like; the rest are passed over, as by a server that knows no extension. */
export function acceptable(offers: string | undefined): string | undefined {
  return offers !== undefined && OFFER.test(offers) ? 'permessage-deflate' : undefined;
}

/** Ends every message and is never sent. */
const TRAILER = Buffer.from([0, 0, 0xff, 0xff]);

export function deflate(text: string): Buffer {
  const bytes = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH });
  return bytes.subarray(0, bytes.length - TRAILER.length);
}

/** Small, as nearly all that comes in. */
const CHUNK_BYTES = 1_024;
const INFLATE = { finishFlush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES, maxOutputLength: FRAME_IN_MAX_BYTES };

/** In place of ws's own, which keeps an inflater for each connection that ever sent something compressed: 40 kB and more. */
class Inflater {
  #ws: WebSocket;
  #pieces: Buffer[] | null = null;
  constructor(ws: WebSocket) {
    this.#ws = ws;
  }
  /** ws has counted the pieces and their bytes. Must answer later: in the same call, ws would end its write twice. */
  decompress(data: Buffer, fin: boolean, done: (error: Error | null, bytes?: Buffer) => void): void {
    if (!fin) {
      (this.#pieces ??= []).push(data);
      return process.nextTick(done, null, NOTHING);
    }
    const whole = [...(this.#pieces ?? []), data, TRAILER];
    this.#pieces = null;
    // Who was sent away for a flood must not go on costing an inflater for each of its frames.
    if (this.#ws.readyState !== 1) return process.nextTick(done, null, NOTHING);
    try {
      process.nextTick(done, null, inflateRawSync(Buffer.concat(whole), INFLATE));
    } catch (error) {
      this.#ws.close((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 1009 : 1007);
      process.nextTick(done, error as Error);
    }
  }
  cleanup(): void {}
}

const NOTHING = Buffer.alloc(0);

/** Says whether this socket takes what is compressed. */
export function adopt(ws: WebSocket): boolean {
  if (ws.extensions === '') return false;
  (ws as unknown as { _extensions: Record<string, Inflater> })._extensions[ws.extensions] = new Inflater(ws);
  return true;
}
