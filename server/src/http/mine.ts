import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Bus } from '../bus/bus.ts';
import type { Log } from '../log/messages.ts';
import type { Privacy } from '../log/privacy.ts';
import type { Tell } from '../room/act.ts';
import { erase } from '../room/erase.ts';
import type { Holder, Tickets } from '../room/ticket.ts';
import { bearer, type Gate } from './admin.ts';
import { answered } from './api.ts';

type Means = { log: Pick<Log, 'privacy'>; bus: Pick<Bus, 'publish'>; desk: Pick<Tell, 'forget' | 'ring'>; tickets: Tickets; gate: Gate };

/** Each goes through all of a site's rooms, on connections that everybody's reads share. */
const AT_ONCE = 2;
const LINES = 'application/x-ndjson; charset=utf-8';

/** `/api/v1/mine`, what one wrote, by a ticket from the socket; and `/api/v1/erasures`, what an older copy of the database must be told. */
export function addMine(app: FastifyInstance, { log: { privacy }, bus, desk, tickets, gate }: Means): void {
  /** Who is being served: one thing at a time for each. */
  const served = new Set<string>();

  app.get('/api/v1/mine', async (request, reply) => {
    const holder = holderOf(request, reply);
    if (!holder) return reply;
    const { site, ...ids } = holder;
    serve(holder, reply);
    return sendLines(reply, 'what-i-wrote.ndjson', await begun(privacy.written(site, ids), { is: 'person', site, author: ids.author, at: Date.now() }));
  });

  app.delete('/api/v1/mine', async (request, reply) => {
    const holder = holderOf(request, reply);
    if (!holder) return reply;
    serve(holder, reply);
    return reply.header('cache-control', 'no-store').send(await answered(erase({ privacy, bus, desk }, holder)));
  });

  app.get('/api/v1/erasures', async (request, reply) => {
    if (!(await gate(request, reply, 'GET /api/v1/erasures'))) return reply;
    return sendLines(reply, 'erasures.ndjson', await begun(erasures(privacy)));
  });

  function holderOf(request: FastifyRequest, reply: FastifyReply): Holder | null {
    const holder = tickets.read(bearer(request), Date.now());
    if (!holder) {
      reply.header('www-authenticate', 'Bearer').problem(401, 'unauthorized', 'This needs a ticket, which the socket gives for ten minutes.');
      return null;
    }
    if (served.size < AT_ONCE && !served.has(holder.author)) return holder;
    reply.header('retry-after', 5).problem(429, 'rate', 'This is under way, or others are being served. Try again in a moment.');
    return null;
  }

  /** Until the answer is out, or nobody waits for it. */
  function serve({ author }: Holder, reply: FastifyReply): void {
    served.add(author);
    reply.raw.once('close', () => served.delete(author));
  }
}

async function* erasures(privacy: Privacy): AsyncGenerator<object> {
  for (let after = 0; ; ) {
    const page = await privacy.erasures(after);
    for (const { id, ...line } of page) {
      yield line;
      after = id;
    }
    if (page.length === 0) return;
  }
}

/** The first of them is read before anything is answered: where nothing can be read, that is said by the status. */
async function begun(lines: AsyncGenerator<object>, ...head: object[]): Promise<AsyncGenerator<object>> {
  const first = await answered(lines.next());
  return (async function* () {
    yield* head;
    if (!first.done) yield first.value;
    yield* lines;
  })();
}

function sendLines(reply: FastifyReply, name: string, lines: AsyncGenerator<object>): FastifyReply {
  const text = Readable.from((async function* () {
    for await (const line of lines) yield `${JSON.stringify(line)}\n`;
  })());
  return reply.header('cache-control', 'no-store').header('content-disposition', `attachment; filename="${name}"`).type(LINES).send(text);
}
