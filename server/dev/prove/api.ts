import { request as ask, Agent } from 'node:http';
import { createDecisions } from '../../src/http/decision.ts';
import { describe } from '../../src/http/docs/openapi.ts';
import { makeRequest, type Request } from '../../test/api/requests.ts';
import { openPlaylist } from '../../test/api/calls.ts';
import { seedRandom } from '../../test/faults/random.ts';
import { ADMIN_TOKEN, authorOf, enter, idOf, moderatorKey, ownerKey } from '../../test/moderation/desk.ts';
import { ticketOf } from '../../test/privacy/person.ts';
import { openDatabase } from '../../test/support/database.ts';
import { openServer } from '../../test/support/server.ts';
import type { Asked, Result } from '../proofs.ts';

const REQUESTS = 100_000;
const SECRET = 'a secret for the requests that has enough letters';
const AT_ONCE = 24;
/** Of these a request was taken for what it is. */
const PAST_THE_DOOR: ReadonlySet<number> = new Set([200, 201, 204, 304, 404, 409, 410, 422]);

/** Requests made from the document that describes the API, right and nearly right, by everybody: none is answered by a fault of ours. */
export async function prove({ share, seed, say }: Asked): Promise<Result> {
  const database = await openDatabase();
  const playlist = await openPlaylist();
  const server = await openServer(database.url, { ADMIN_TOKEN, STREAM_ALLOW: '127.0.0.1', WEBHOOK_ALLOW: '127.0.0.1', IDENTITY_SECRET: SECRET, FRAME_ANCESTORS: 'https://blog.example' });
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  try {
    const random = seedRandom(seed);
    const anna = await enter(server, 'here', { id: idOf(1) });
    for (let i = 0; i < 60; i += 1) await anna.say(`말 ${i}`);
    const document = describe('0') as Parameters<typeof makeRequest>[0];
    const known = { url: ['http://127.0.0.1:1/'], id: ['here'], site: ['', 'other'], author: [authorOf(anna)], number: ['1', '2', '3'], before: ['50'], from: ['0'], to: ['1000'], ids: ['here,there'], code: ['type_error'], version: ['a1b2'], at: ['assets/index.js:1:20'], token: [createDecisions([SECRET]).issue({ held: 1, since: 1, webhook: 1, decides: 'approve' }, Date.now())] };
    const count = Math.max(4_000, Math.round(REQUESTS * share));
    let [owner, moderator] = [await ownerKey(server), (await moderatorKey(server, { room: 'here' })).key];
    const ticket = await ticketOf(anna);
    const tokens = (): string[] => [owner, owner, owner, moderator, ADMIN_TOKEN, ticket, '', 'x'.repeat(43)];
    const faults: string[] = [];
    const statuses = new Map<number, number>();
    const taken = new Set<string>();
    let left = count;
    const work = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const one = makeRequest(document, random, known);
        // Half of them by who may: the smallest part of a run gets behind every door too.
        const token = random.chance(0.5) ? (opensWith(document, one.route) === 'ticket' ? ticket : owner) : random.pick(tokens());
        const { status, code } = await send(agent, server.http, one, token);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (PAST_THE_DOOR.has(status)) taken.add(one.route);
        if (status >= 500 || status === 0) faults.push(`${one.method} ${one.path} ${one.body ?? ''} → ${status} ${code}`);
        // Somebody revoked them.
        if (status === 401 && token === owner) owner = await ownerKey(server);
        if (status === 401 && token === moderator) moderator = await moderatorKey(server, { room: 'here' }).then(({ key }) => key, () => moderator);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    for (const fault of faults.slice(0, 10)) say(fault.slice(0, 400));
    const all = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    const never = all.filter((route) => !taken.has(route));
    if (never.length > 0) say(`never taken for what they are: ${never.join(', ')}`);
    await anna.close();
    return {
      ok: faults.length === 0 && never.length === 0,
      count,
      figure: `${count} requests made from the document to ${all.length} routes, ${[...statuses].sort(([a], [b]) => a - b).map(([status, many]) => `${status}: ${many}`).join(', ')}; ${faults.length} answered by a fault of ours (0), ${never.length} routes never got past the door (0)`,
    };
  } finally {
    agent.destroy();
    await server.close();
    await playlist.close();
    await database.close();
  }
}

/** What a route asks to be brought: a key, or a ticket. */
function opensWith({ paths }: Parameters<typeof makeRequest>[0], route: string): string | undefined {
  const [method = '', path = ''] = route.split(' ');
  const { security = [] } = (paths[path]?.[method.toLowerCase()] ?? {}) as { security?: object[] };
  return Object.keys(security[0] ?? {})[0];
}

function send(agent: Agent, base: string, { method, path, type, body }: Request, token: string): Promise<{ status: number; code: string }> {
  return new Promise((resolve) => {
    const asking = ask(base + path, { method, agent, headers: { ...(token && { authorization: `Bearer ${token}` }), ...(type && body !== undefined && { 'content-type': type }), ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) } }, (answer) => {
      let said = '';
      answer.setEncoding('utf8').on('data', (part: string) => { said += part; }).on('end', () => resolve({ status: answer.statusCode ?? 0, code: said.slice(0, 120) })).on('error', () => resolve({ status: 0, code: 'cut' }));
    });
    asking.on('error', ({ message }) => resolve({ status: 0, code: message }));
    asking.end(body);
  });
}
