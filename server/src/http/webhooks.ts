import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../log/messages.ts';
import { type Webhook, webhookEvents, webhookKinds } from '../log/webhooks.ts';
import { isPostId, isSite, PAGE_ROWS } from '../protocol/index.ts';
import { act, type ActDeps } from '../room/act.ts';
import type { Guard } from '../stream/guard.ts';
import type { Gate } from './admin.ts';
import { answered, BAD_ROOM, BAD_SITE, count } from './api.ts';
import type { Decisions } from './decision.ts';
import type { Deliverer } from './deliverer.ts';

type Means = { log: Log; gate: Gate; guard: Guard; deliverer: Pick<Deliverer, 'keyOf' | 'test'>; decisions: Decisions; deps: ActDeps };
type Asked = { url?: unknown; kind?: unknown; events?: unknown; site?: unknown; room?: unknown; lang?: unknown };
type Numbered = { Params: { number: string }; Querystring: { before?: string; limit?: string } };

const WEBHOOKS_MAX = 50;
const REFUSED = {
  bad_url: 'A webhook’s address starts with http:// or https:// and carries no name or password.',
  bad_port: 'Only the ports 80 and 443 are told, or what WEBHOOK_ALLOW names.',
  private_address: 'This address is inside the server’s own network; WEBHOOK_ALLOW may name it.',
} as const;

/** `/api/v1/webhooks`: who is told of what happens; and `/api/v1/held`, where a link in a chat leads. */
export function addWebhooks(app: FastifyInstance, { log, gate, guard, deliverer, decisions, deps }: Means): void {
  const { webhooks } = log;

  app.get('/api/v1/webhooks', async (request, reply) => {
    if (!(await gate(request, reply, 'GET /api/v1/webhooks'))) return reply;
    const all = await answered(webhooks.list());
    return reply.header('cache-control', 'no-store').send({ webhooks: all.map((one) => ({ ...one, key: deliverer.keyOf(one.id) })) });
  });

  app.post<{ Body: Asked | null }>('/api/v1/webhooks', async (request, reply) => {
    const by = await gate(request, reply, 'POST /api/v1/webhooks');
    if (!by) return reply;
    if (by.id === null) return reply.problem(403, 'forbidden', 'What its links decide is signed by an owner: exchange the operator’s token for a key first.');
    const asked = read(request.body ?? {}, reply);
    if (!asked) return reply;
    if ((await answered(webhooks.list())).length >= WEBHOOKS_MAX) return reply.problem(409, 'too_many', `There are ${WEBHOOKS_MAX} webhooks already.`);
    const id = await answered(webhooks.make(asked, by.id));
    return reply.code(201).header('cache-control', 'no-store').send({ id, key: deliverer.keyOf(id) });
  });

  app.delete<Numbered>('/api/v1/webhooks/:number', async (request, reply) => {
    const by = await gate(request, reply, 'DELETE /api/v1/webhooks/:number');
    if (!by) return reply;
    return (await answered(webhooks.remove(numberOf(request), by.id))) ? reply.code(204).send() : reply.problem(404, 'not_found', NONE);
  });

  app.get<Numbered>('/api/v1/webhooks/:number/deliveries', async (request, reply) => {
    if (!(await gate(request, reply, 'GET /api/v1/webhooks/:number/deliveries'))) return reply;
    const [before, limit] = [count(request.query.before, Number.MAX_SAFE_INTEGER), count(request.query.limit, PAGE_ROWS)];
    if (before === null || limit === null || limit < 1 || limit > PAGE_ROWS) return reply.problem(400, 'bad_page', `"before" is a number and "limit" one from 1 to ${PAGE_ROWS}.`);
    const deliveries = await answered(webhooks.deliveries(numberOf(request), { before, limit }));
    return reply.header('cache-control', 'no-store').send({ deliveries, next: deliveries.length === limit ? deliveries.at(-1)?.id : null });
  });

  app.post<Numbered>('/api/v1/webhooks/:number/replay', async (request, reply) => {
    const webhook = await found(request, reply, 'POST /api/v1/webhooks/:number/replay');
    return webhook ? reply.send({ again: await answered(webhooks.replay(webhook.id)) }) : reply;
  });

  app.post<Numbered>('/api/v1/webhooks/:number/test', async (request, reply) => {
    const webhook = await found(request, reply, 'POST /api/v1/webhooks/:number/test');
    if (!webhook) return reply;
    const answer = await deliverer.test(webhook);
    return reply.send('status' in answer ? { ok: answer.status >= 200 && answer.status < 300, about: `status_${answer.status}` } : { ok: false, about: answer.error });
  });

  /** Only ever asked by our own page: who previews links must decide nothing. */
  app.post<{ Body: { token?: unknown } | null }>('/api/v1/held', async (request, reply) => {
    const token = request.body?.token;
    const decision = typeof token === 'string' ? decisions.read(token, Date.now()) : null;
    if (!decision) return reply.problem(401, 'unauthorized', 'This link is not one of ours, or older than a week.');
    const words = await answered(webhooks.undecided(decision));
    if (!words) return reply.problem(404, 'not_found', 'This was decided already, or taken back.');
    // The same link again is the same act.
    const cid = createHash('sha256').update(`${decision.held} ${decision.decides}`).digest('hex').slice(0, 32);
    const done = await act(deps, { ids: null, nick: null, avatar: null, role: 'owner', moderator: words.by, stream: null, voice: null }, words.place, { t: 'mod', cid, do: decision.decides, who: words.who, what: words.cid });
    if (done.t === 'ok') return reply.header('cache-control', 'no-store').send({ did: decision.decides, nick: words.nick, text: words.text, site: words.place.site, room: words.place.post });
    if (done.t === 'no') return reply.problem(done.code === 'not_found' ? 404 : 409, done.code, 'This was not done.');
    return reply.header('retry-after', '1').problem(503, 'store_down', 'Nobody can say whether this was done. Open the link again, or look at the room.');
  });

  function read({ url, kind = 'json', events = webhookEvents, site, room, lang = 'ko' }: Asked, reply: FastifyReply): Omit<Webhook, 'id' | 'createdAt' | 'offAt'> | null {
    const refused = typeof url === 'string' && URL.canParse(url) ? guard.judgeUrl(new URL(url)) : 'bad_url';
    const kinds: readonly unknown[] = webhookKinds;
    const known: readonly unknown[] = webhookEvents;
    if (refused) reply.problem(400, refused, REFUSED[refused]);
    else if (!kinds.includes(kind)) reply.problem(400, 'bad_kind', `A kind is one of ${webhookKinds.join(', ')}.`);
    else if (kind === 'telegram' && !new URL(url as string).searchParams.get('chat_id')) reply.problem(400, 'bad_url', 'Telegram’s address is https://api.telegram.org/bot…/sendMessage?chat_id=…');
    else if (!Array.isArray(events) || events.length === 0 || !events.every((one) => known.includes(one))) reply.problem(400, 'bad_events', `Events are some of ${webhookEvents.join(', ')}.`);
    else if (lang !== 'ko' && lang !== 'en') reply.problem(400, 'bad_lang', 'A language is "ko" or "en".');
    else if (site !== undefined && !isSite(site)) reply.problem(400, 'bad_site', BAD_SITE);
    else if (room !== undefined && !isPostId(room)) reply.problem(400, 'bad_room', BAD_ROOM);
    else return { url: url as string, kind: kind as Webhook['kind'], events: [...new Set(events as Webhook['events'])], lang, site: room === undefined ? site ?? null : site ?? '', room: room ?? null };
    return null;
  }

  async function found(request: FastifyRequest<Numbered>, reply: FastifyReply, route: Parameters<Gate>[2]): Promise<Webhook | null> {
    if (!(await gate(request, reply, route))) return null;
    const webhook = await answered(webhooks.find(numberOf(request)));
    if (!webhook) reply.problem(404, 'not_found', NONE);
    return webhook;
  }
}

const NONE = 'There is no such webhook.';

function numberOf(request: FastifyRequest<Numbered>): number {
  return /^\d{1,15}$/.test(request.params.number) ? Number(request.params.number) : 0;
}
