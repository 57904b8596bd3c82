import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Whether a request brings the operator's token, as `Authorization: Bearer …`; if not, it is refused here. */
export function mayAdminister(request: FastifyRequest, reply: FastifyReply, token: string): boolean {
  const [, given = ''] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token !== '' && timingSafeEqual(digest(given), digest(token))) return true;
  reply.header('www-authenticate', 'Bearer').problem(401, 'unauthorized', token === '' ? 'This server has no ADMIN_TOKEN, so nobody may do this.' : 'This needs the operator’s token.');
  return false;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
