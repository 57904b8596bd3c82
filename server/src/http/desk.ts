import type { FastifyInstance } from 'fastify';
import type { Log } from '../log/messages.ts';
import { isPostId, isSite, reaches } from '../protocol/index.ts';
import type { Lexicon } from '../room/lexicon.ts';
import type { Gate } from './admin.ts';
import { answered, BAD_ROOM, BAD_SITE } from './api.ts';

type Means = { log: Pick<Log, 'desk' | 'readWords' | 'writeWords'>; gate: Gate; lexicon: Lexicon };
type Lists = { blocked?: unknown; allowed?: unknown; standard?: unknown };

const WORDS_MAX = 5_000;
const WORD_MAX_CHARS = 50;

/** `/api/v1/rooms/:id/desk`, what waits for a moderator, and `/api/v1/words`, what a site lets nobody say. */
export function addDesk(app: FastifyInstance, { log, gate, lexicon }: Means): void {
  app.get<{ Params: { id: string }; Querystring: { site?: string } }>('/api/v1/rooms/:id/desk', async (request, reply) => {
    const place = { site: request.query.site ?? '', post: request.params.id };
    if (!isPostId(place.post)) return reply.problem(400, 'bad_room', BAD_ROOM);
    if (!isSite(place.site)) return reply.problem(400, 'bad_site', BAD_SITE);
    const by = await gate(request, reply, 'GET /api/v1/rooms/:id/desk', place.site);
    if (!by) return reply;
    if (!reaches('GET /api/v1/rooms/:id/desk', by, place)) return reply.problem(403, 'forbidden', 'This room is another moderator’s.');
    return reply.header('cache-control', 'no-store').send(await answered(log.desk(place)));
  });

  app.get<{ Querystring: { site?: string } }>('/api/v1/words', async (request, reply) => {
    const by = await gate(request, reply, 'GET /api/v1/words');
    if (!by) return reply;
    const site = request.query.site ?? '';
    if (!isSite(site)) return reply.problem(400, 'bad_site', BAD_SITE);
    if (!reaches('GET /api/v1/words', by, { site, post: '' })) return reply.problem(403, 'forbidden', ANOTHERS);
    const { blocked, allowed, standard } = (await answered(log.readWords(site, 0))) ?? { blocked: [], allowed: [], standard: lexicon.standard };
    return reply.header('cache-control', 'no-store').send({ blocked, allowed, standard });
  });

  app.put<{ Querystring: { site?: string }; Body: Lists | null }>('/api/v1/words', { bodyLimit: 2 * WORDS_MAX * WORD_MAX_CHARS * 4 }, async (request, reply) => {
    const by = await gate(request, reply, 'PUT /api/v1/words');
    if (!by) return reply;
    const site = request.query.site ?? '';
    if (!isSite(site)) return reply.problem(400, 'bad_site', BAD_SITE);
    if (!reaches('PUT /api/v1/words', by, { site, post: '' })) return reply.problem(403, 'forbidden', ANOTHERS);
    const { blocked, allowed, standard = true } = request.body ?? {};
    const lists = [readList(blocked), readList(allowed)] as const;
    if (!lists[0] || !lists[1] || typeof standard !== 'boolean') return reply.problem(400, 'bad_words', `Words are two lists, "blocked" and "allowed", of at most ${WORDS_MAX} words of 1 to ${WORD_MAX_CHARS} characters each.`);
    await answered(log.writeWords(site, { blocked: lists[0], allowed: lists[1], standard }, by.id ?? 0));
    lexicon.forget(site);
    return reply.code(204).send();
  });
}

const ANOTHERS = 'This site is another moderator’s.';

function readList(value: unknown): string[] | null {
  if (!Array.isArray(value) || value.length > WORDS_MAX) return null;
  const words = value.map((one) => (typeof one === 'string' ? one.normalize('NFC').trim() : ''));
  return words.every((one) => one !== '' && one.length <= WORD_MAX_CHARS && one.isWellFormed() && !one.includes('\0')) ? [...new Set(words)] : null;
}
