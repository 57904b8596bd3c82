import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Moderator, Moderators } from '../log/moderators.ts';
import { httpRights, isAtLeast } from '../protocol/index.ts';
import { answered } from './api.ts';

/** Who asks, if they may ask for this, by the key or the operator's token they bring as `Authorization: Bearer …`; if not, they are refused here. With a site, a frame's key that was made in it is one too. */
export type Gate = (request: FastifyRequest, reply: FastifyReply, asked: keyof typeof httpRights, site?: string) => Promise<Holder | null>;
/** `id`: null for who brings the operator's token itself. */
export type Holder = Omit<Moderator, 'id'> & { id: number | null };

export function createGate(moderators: Pick<Moderators, 'find'>, adminToken: string): Gate {
  return async (request, reply, asked, site) => {
    const given = bearer(request);
    const who = isOperator(request, adminToken) ? OPERATOR : given === '' ? null : await answered(moderators.find(given, site ?? null));
    if (who && isAtLeast(who.role, httpRights[asked])) return who;
    if (who) reply.problem(403, 'forbidden', 'This is the owner’s to do.');
    else reply.header('www-authenticate', 'Bearer').problem(401, 'unauthorized', 'This needs a moderator’s key, or the operator’s token.');
    return null;
  };
}

const OPERATOR: Holder = { id: null, role: 'owner', name: 'operator', site: null, post: null };

export function isOperator(request: FastifyRequest, token: string): boolean {
  return token !== '' && timingSafeEqual(digest(bearer(request)), digest(token));
}

export function bearer(request: FastifyRequest): string {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
