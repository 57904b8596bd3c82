import type { FastifyInstance, FastifyReply } from 'fastify';

declare module 'fastify' {
  interface FastifyReply {
    /** Answers with an error a person and a program understand (RFC 9457). `code` is stable. */
    problem(status: number, code: string, detail: string): FastifyReply;
  }
}

/** Every error of the HTTP side has this form; strangers never see a stack. */
export function addProblems(app: FastifyInstance): void {
  app.decorateReply('problem', function (this: FastifyReply, status: number, code: string, detail: string) {
    return this.code(status).header('cache-control', 'no-store').type('application/problem+json').send(JSON.stringify({ status, code, title: detail }));
  });
  app.setNotFoundHandler((_, reply) => reply.problem(404, 'not_found', 'There is nothing at this address.'));
  app.setErrorHandler((error: { statusCode?: number; validation?: unknown; code?: string; message: string }, request, reply) => {
    const status = error.validation ? 400 : (error.statusCode ?? 500);
    if (status === 500) request.log.error({ err: error }, 'request failed');
    const detail = status === 500 ? 'Something failed here. It was logged.' : error.message;
    return reply.problem(status, error.validation ? 'bad_request' : status === 429 ? 'rate' : status === 503 ? 'store_down' : status >= 500 ? 'internal' : 'bad_request', detail);
  });
}
