import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { StreamError } from '../stream/refusal.ts';

declare module 'fastify' {
  interface FastifyReply {
    /** Answers with an error a person and a program understand (RFC 9457). `code` is stable. */
    problem(status: number, code: string, detail: string): FastifyReply;
  }
}

const HEARD_WITHIN_MS = 2_000;

/** Every error of the HTTP side has this form; strangers never see a stack. `note`: of what is our own fault. */
export function addProblems(app: FastifyInstance, note: (error: unknown) => void): void {
  app.decorateReply('problem', function (this: FastifyReply, status: number, code: string, detail: string) {
    return send(this, status, code, detail);
  });
  app.setNotFoundHandler((_, reply) => reply.problem(404, 'not_found', 'There is nothing at this address.'));
  app.setErrorHandler((error: Failure, request, reply) => {
    const { status, code, detail } = problemOf(error);
    if (status === 500) {
      request.log.error({ err: error }, 'request failed');
      note(error);
    }
    return reply.problem(status, code, detail);
  });
}

type Failure = { statusCode?: number; validation?: unknown; message: string };

/** What a stranger is told of an error: what is our own fault, as little as can be. */
export function problemOf(error: unknown): { status: number; code: string; detail: string } {
  if (error instanceof StreamError) return { status: ITS_OWN.has(error.code) ? 502 : 422, code: error.code, detail: error.message };
  const { validation, statusCode, message } = error as Failure;
  const status = validation ? 400 : (statusCode ?? 500);
  const detail = status === 500 ? 'Something failed here. It was logged.' : message;
  return { status, code: validation ? 'bad_request' : status === 429 ? 'rate' : status === 503 ? 'store_down' : status >= 500 ? 'internal' : 'bad_request', detail };
}

/** What is not the fault of who asks: the stream's origin does not do its part. */
const ITS_OWN: ReadonlySet<string> = new Set(['unreachable', 'too_slow', 'origin_failed', 'too_large']);

/** An address that is none: refused before any route, hook or decorator, and never told back. */
export function refuseAddress(error: { statusCode?: number }, request: FastifyRequest, reply: FastifyReply): void {
  // An upgrade has left Node's care: without this its connection would stay, uncounted, for ever.
  reply.raw.once('finish', () => request.raw.socket.end());
  send(reply.header('connection', 'close'), error.statusCode ?? 400, 'bad_request', 'This is no address.');
}

/**
 * What is no HTTP. To close over bytes not yet read resets the connection, and the reset overtakes the answer:
 * the rest is read and dropped for as long as a slow line needs to hear us.
 */
export function refuseBytes({ code }: ConnectionError, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) return;
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const body = problem(status, 'bad_request', 'This is no request we can read.');
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), HEARD_WITHIN_MS).unref();
}

function send(reply: FastifyReply, status: number, code: string, detail: string): FastifyReply {
  return reply.code(status).header('cache-control', 'no-store').type('application/problem+json').send(problem(status, code, detail));
}

export function problem(status: number, code: string, title: string): string {
  return JSON.stringify({ status, code, title });
}

/** What the log says of an error: Node and Postgres hang the stranger's own bytes and rows on theirs, and name them in what they say. */
export function reportError(error: Error & { code?: unknown }): { type: string; code?: unknown; message: string; stack: string } {
  const { name, message, stack = '', code } = error;
  const told = QUOTES.has(name) ? { message: '', stack: `${name}${framesOf(error)}` } : { message, stack };
  return { type: name, ...(code === undefined ? {} : { code }), ...told };
}

/** Their sentences repeat what they could not make sense of. */
const QUOTES: ReadonlySet<string> = new Set(['PostgresError', 'RangeError', 'SyntaxError', 'TypeError', 'URIError']);

/** The stack without what the error says: that stands before the frames, and may look like one. */
export function framesOf({ message, stack = '' }: Error): string {
  const said = stack.indexOf(message);
  return said < 0 ? '' : stack.slice(said + message.length);
}
