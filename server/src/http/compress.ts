import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

/** Below, the header of the form costs what it saves. */
const LEAST_CHARS = 1_000;
const zip = promisify(gzip);

/** What is made for each request is sent compressed to who can read it. Files were compressed when they were built. */
export function addCompression(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || payload.length < LEAST_CHARS) return payload;
    reply.header('vary', 'accept-encoding');
    if (!readsGzip(request.headers['accept-encoding'])) return payload;
    reply.header('content-encoding', 'gzip');
    return zip(payload);
  });
}

/** Named, and not with a weight of nothing. */
export function readsGzip(accepted: string | string[] = ''): boolean {
  return String(accepted).split(',').some((one) => /^\s*gzip\s*(;|$)/i.test(one) && !/;\s*q=0(\.0*)?\s*$/i.test(one));
}
