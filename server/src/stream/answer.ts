import { pipeline, type Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { Outcome } from './breaker.ts';
import { StreamError, type StreamCode } from './refusal.ts';

/** What a host sends back: whether it will do, its body within bounds, and what went wrong in words of ours. */
type Response = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers' | 'body'>;

/** What is wrong with an answer before its body is read. */
export function faultOf({ statusCode, headers }: Response, { maxBytes, gzip = false }: { maxBytes: number; gzip?: boolean }): StreamCode | null {
  if (statusCode >= 400 && statusCode < 500) return 'not_found';
  if (statusCode < 200 || statusCode >= 300) return 'origin_failed';
  // Compressed though nobody asked for it: a range of it could not be read, and counting would miss what it unfolds to.
  if (!['', 'identity', ...(gzip ? ['gzip'] : [])].includes(encodingOf(headers))) return 'origin_failed';
  return Number(headers['content-length'] ?? 0) > maxBytes ? 'too_large' : null;
}

/** The body, counted and readable, and the headers that are true of it. `end` is called once, when it ends in any way. */
export function unfold({ body, headers }: Response, maxBytes: number, end: (error: Error | null | undefined) => void): { body: Readable; headers: Record<string, string> } {
  const { 'set-cookie': _, ...kept } = headers;
  const told = Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, String(value)]));
  const last = createMeter(maxBytes);
  if (encodingOf(headers) !== 'gzip') return { body: pipeline(body, last, end), headers: told };
  const { 'content-encoding': _encoding, 'content-length': _length, ...unfolded } = told;
  // Counted on both sides: endless empty members unfold to nothing.
  return { body: pipeline(body, createMeter(maxBytes), createGunzip(), last, end), headers: unfolded };
}

function encodingOf(headers: Response['headers']): string {
  return String(headers['content-encoding'] ?? '').trim().toLowerCase();
}

/** Lets through so many bytes, and tells whoever reads what went wrong in our own words. */
function createMeter(maxBytes: number): Transform {
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Uint8Array, _, done) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) done(new StreamError('too_large'));
      else done(null, chunk);
    },
    destroy: (error, done) => done(error && explain(error)),
  });
  // Whoever reads is told; when nobody does, it is no uncaught error.
  return meter.on('error', () => 'told');
}

/** Whatever went wrong, in our own words. */
export function explain(error: unknown): StreamError {
  if (error instanceof StreamError) return error;
  const { code = '', name = '' } = error as NodeJS.ErrnoException;
  if (code === 'ERR_STREAM_PREMATURE_CLOSE') return new StreamError('given_up', error);
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return new StreamError('too_slow', error);
  // What came is no HTTP, no gzip, or other than was announced.
  const garbled = name === 'HTTPParserError' || /^(Z_|UND_ERR_(HEADERS_OVERFLOW|RES_))/.test(code);
  return new StreamError(garbled ? 'origin_failed' : 'unreachable', error);
}

/** A host is blamed for what it did; not for what it was asked, nor for readers who left. */
export function outcomeOf(code: StreamCode): Outcome {
  if (code === 'unreachable' || code === 'too_slow' || code === 'origin_failed') return 'bad';
  return code === 'not_found' || code === 'too_large' ? 'good' : 'none';
}
