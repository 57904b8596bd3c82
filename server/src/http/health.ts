import type { FastifyInstance } from 'fastify';

/**
 * From the first moment of a stop on nobody is taken in: what stands before several servers asks another.
 * Left to the framework, a knock at /ws would be answered and its connection kept, and the stop with it.
 */
export function refuseWhileStopping(app: FastifyInstance): void {
  let stopping = false;
  app.addHook('preClose', async () => { stopping = true; });
  app.addHook('onRequest', async (request, reply) => {
    if (stopping && request.routeOptions.url !== '/healthz') return reply.header('retry-after', '1').problem(503, 'draining', 'This server is about to stop.');
  });
}

/** `/readyz` means started, migrated, not draining. A lost database shows in the metrics: rooms stay readable without it. */
export function addHealth(app: FastifyInstance, isReady: () => boolean): void {
  app.get('/healthz', (_, reply) => reply.header('cache-control', 'no-store').send({ ok: true }));
  app.get('/readyz', (_, reply) => (isReady() ? reply.header('cache-control', 'no-store').send({ ok: true }) : reply.problem(503, 'draining', 'This server is about to stop.')));
}
