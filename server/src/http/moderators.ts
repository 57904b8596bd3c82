import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Listed, Moderators } from '../log/moderators.ts';
import { checkNick, covers, type httpRights, INVITATION_S, isPostId, isSite, PAIRING_CODE } from '../protocol/index.ts';
import { type Gate, isOperator } from './admin.ts';
import { answered, BAD_ROOM, BAD_SITE } from './api.ts';
import { homeOf } from './links.ts';

type Means = { moderators: Moderators; gate: Gate; adminToken: string; publicUrl: string };
type Invited = { name?: unknown; site?: unknown; room?: unknown; role?: unknown };
type Route = keyof typeof httpRights;

/** A secret of 256 bits, as keys and invitations are. */
export function makeKey(): string {
  return randomBytes(32).toString('base64url');
}

/** `/api/v1/me`, `/keys`, `/moderators` and `/pairings`: who may moderate, for our own page; other origins are not answered. */
export function addModerators(app: FastifyInstance, { moderators, gate, adminToken, publicUrl }: Means): void {
  /** An invitation, or the operator's token, for a key that our own page keeps. */
  app.post<{ Body: { invitation?: unknown } | null }>('/api/v1/keys', async (request, reply) => {
    const key = makeKey();
    const { invitation } = request.body ?? {};
    const who = typeof invitation === 'string' ? await answered(moderators.redeem(invitation, key)) : isOperator(request, adminToken) ? await answered(moderators.operator(key)) : null;
    if (!who) return reply.problem(401, 'unauthorized', 'This invitation was used, or is older than a day.');
    return reply.header('cache-control', 'no-store').send({ key, ...shown(who) });
  });

  app.get('/api/v1/me', async (request, reply) => {
    const who = await gate(request, reply, 'GET /api/v1/me');
    return who ? reply.header('cache-control', 'no-store').send(shown(who)) : reply;
  });

  app.get('/api/v1/moderators', async (request, reply) => {
    if (!(await gate(request, reply, 'GET /api/v1/moderators'))) return reply;
    const all = await answered(moderators.list());
    return reply.header('cache-control', 'no-store').send({ moderators: all.map((one) => ({ ...shown(one), id: one.id, createdAt: one.createdAt, invitedUntil: one.invitedUntil })) });
  });

  app.post<{ Body: Invited | null }>('/api/v1/moderators', async (request, reply) => {
    if (!(await gate(request, reply, 'POST /api/v1/moderators'))) return reply;
    const { name, site, room, role = 'moderator' } = request.body ?? {};
    // Theirs may look like a moderator's.
    const checked = typeof name === 'string' ? checkNick(name) : null;
    if (typeof name !== 'string' || !(checked?.ok || checked?.code === 'nick_lookalike')) return reply.problem(400, 'bad_name', 'A name has 2 to 15 letters.');
    if (site !== undefined && !isSite(site)) return reply.problem(400, 'bad_site', BAD_SITE);
    if (room !== undefined && !isPostId(room)) return reply.problem(400, 'bad_room', BAD_ROOM);
    if (role !== 'moderator' && (role !== 'owner' || site !== undefined || room !== undefined)) return reply.problem(400, 'bad_role', 'A role is "moderator", or "owner" of everything.');
    const code = makeKey();
    const who = { role: role === 'owner' ? ('owner' as const) : ('moderator' as const), name: checked.ok ? checked.value : name.trim(), site: room === undefined ? site ?? null : site ?? '', post: room ?? null };
    const id = await answered(moderators.invite(who, code, INVITATION_S));
    return reply.code(201).header('cache-control', 'no-store').send({ id, invitation: invitationTo(homeOf(request, publicUrl), code) });
  });

  app.delete<{ Params: { number: string } }>('/api/v1/moderators/:number', async (request, reply) => {
    const who = await gate(request, reply, 'DELETE /api/v1/moderators/:number');
    if (!who) return reply;
    const id = /^\d{1,15}$/.test(request.params.number) ? Number(request.params.number) : 0;
    return (await answered(moderators.revoke(id))) ? reply.code(204).send() : reply.problem(404, 'not_found', 'There is no such moderator.');
  });

  app.get<{ Params: { code: string } }>('/api/v1/pairings/:code', async (request, reply) => {
    const asked = await pairing(request, reply, 'GET /api/v1/pairings/:code');
    if (!asked) return reply;
    return reply.header('cache-control', 'no-store').send({ site: asked.place.site, room: asked.place.post, blog: asked.blog, at: asked.at, now: Date.now() });
  });

  app.post<{ Params: { code: string } }>('/api/v1/pairings/:code', async (request, reply) => {
    const asked = await pairing(request, reply, 'POST /api/v1/pairings/:code');
    if (!asked) return reply;
    if (asked.by.id === null) return reply.problem(403, 'forbidden', 'A frame is let in by a key, not by the operator’s token: exchange it first.');
    return (await answered(moderators.admit(asked.code, asked.by.id))) ? reply.code(204).send() : reply.problem(404, 'not_found', NOBODY_WAITS);
  });

  async function pairing(request: FastifyRequest<{ Params: { code: string } }>, reply: FastifyReply, route: Route) {
    const by = await gate(request, reply, route);
    if (!by) return null;
    const code = request.params.code.toUpperCase();
    const found = PAIRING_CODE.test(code) ? await answered(moderators.asked(code)) : null;
    // A room that is not theirs is none of their business.
    if (found && covers(by, found.place)) return { ...found, code, by };
    reply.problem(404, 'not_found', NOBODY_WAITS);
    return null;
  }
}

const NOBODY_WAITS = 'Nobody waits under this code, or no longer.';

/** Read by nobody but our own page: what stands after # is not sent. */
export function invitationTo(home: string, code: string): string {
  return `${home}/admin#invite=${code}`;
}

function shown({ role, name, site, post }: Pick<Listed, 'role' | 'name' | 'site' | 'post'>): { role: string; name: string; site: string | null; room: string | null } {
  return { role, name, site, room: post };
}
