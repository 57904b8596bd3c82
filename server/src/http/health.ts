import type { FastifyInstance } from 'fastify';

/** `/readyz` means started, migrated, not draining. A lost database shows in the metrics: rooms stay readable without it. */
export function addHealth(app: FastifyInstance, isReady: () => boolean): void {
  app.get('/healthz', (_, reply) => reply.header('cache-control', 'no-store').send({ ok: true }));
  app.get('/readyz', (_, reply) => (isReady() ? reply.header('cache-control', 'no-store').send({ ok: true }) : reply.problem(503, 'draining', 'This server is about to stop.')));
}
