import type { FastifyInstance } from 'fastify';
import type { Log } from '../log/messages.ts';
import { PROTOCOL_VERSION } from '../protocol/index.ts';
import type { Gate } from './admin.ts';

/** What this process says of itself. `hears`: null where no other server is. */
export type Now = { lateMs: () => number; overloaded: () => boolean; connections: () => number; rooms: () => number; hears: () => boolean | null; shed: () => string[] };
/** A setting as it holds; of a secret only whether there is one. */
export type ShownSetting = { name: string; about: string; value: string | null; isSet: boolean; secret: boolean };

/** `/api/v1/health` and `/api/v1/settings`, for owners: how this process is, and what it was started with. */
export function addStatus(app: FastifyInstance, { log, gate, now, settings, version }: { log: Pick<Log, 'overview'>; gate: Gate; now: Now; settings: readonly ShownSetting[]; version: string }): void {
  const startedAt = Date.now();

  app.get('/api/v1/health', async (request, reply) => {
    if (!(await gate(request, reply, 'GET /api/v1/health'))) return reply;
    const began = performance.now();
    const database = await log.overview.database().then((found) => ({ ok: true as const, ms: Math.round(performance.now() - began), ...found }), () => ({ ok: false as const }));
    return reply.header('cache-control', 'no-store').send({
      aside: version, node: process.versions.node, protocol: PROTOCOL_VERSION, startedAt, now: Date.now(), database,
      redis: { hears: now.hears() }, lateMs: now.lateMs(), overloaded: now.overloaded(), connections: now.connections(), rooms: now.rooms(), shed: now.shed(),
    });
  });

  app.get('/api/v1/settings', async (request, reply) => {
    if (!(await gate(request, reply, 'GET /api/v1/settings'))) return reply;
    return reply.header('cache-control', 'no-store').send({ settings });
  });
}
