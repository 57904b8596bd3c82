import { setImmediate as breathe } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Bus } from '../bus/bus.ts';
import type { Log } from '../log/messages.ts';
import { type Line, readLine } from '../protocol/index.ts';
import type { Gate, Holder } from './admin.ts';
import { answered, type PlaceAsked, placeOf } from './api.ts';

type Means = { log: Pick<Log, 'import'>; bus: Pick<Bus, 'publish'>; gate: Gate };
type Read = { lines: Line[]; deleted: number } | { at: number; why: string };
type Asked = PlaceAsked & { Body: string | null };

const ROUTE = '/api/v1/rooms/:id/import';
const BODY_MAX_BYTES = 8 * 1024 * 1024;
const LINES_AT_ONCE = 200;
/** So far may clocks be apart. */
const CLOCKS_MS = 60_000;

/** `/api/v1/rooms/:id/import`: what an export wrote, behind what is in a room. */
export function addImport(app: FastifyInstance, { log, bus, gate }: Means): void {
  const holders = new WeakMap<object, Holder>();
  // Apart: nothing else takes lines, and here nothing else is taken.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/x-ndjson', { parseAs: 'string' }, (_, body, done) => done(null, body));
    scope.post<Asked>(ROUTE, {
      bodyLimit: BODY_MAX_BYTES,
      // Before its bytes are read: nobody else's are kept in memory.
      onRequest: async (request, reply) => {
        const place = placeOf(request, reply);
        const by = place && (await gate(request, reply, `POST ${ROUTE}`, place.site));
        if (by) holders.set(request, by);
        return by ? undefined : reply;
      },
    }, async (request, reply) => {
      const [place, by] = [placeOf(request, reply), holders.get(request)];
      if (!place || !by) return reply;
      const read = await readLines(request.body ?? '', Date.now() + CLOCKS_MS);
      if ('why' in read) return reply.problem(400, 'bad_line', `Line ${read.at}: ${read.why}. Nothing was taken.`);
      const outcome = await answered(log.import(place, read.lines, by.id ?? 0));
      if (outcome === 'room_is_newer') return reply.problem(409, 'room_is_newer', 'The room has a message that is newer than the first new line. Nothing was taken.');
      const { hint, imported, skipped, n } = outcome;
      if (hint) bus.publish(hint);
      return reply.header('cache-control', 'no-store').send({ imported, skipped: skipped + read.deleted, n });
    });
  });
}

/** Who talks meanwhile is served in between. */
async function readLines(body: string, until: number): Promise<Read> {
  const lines: Line[] = [];
  let deleted = 0;
  let last = { n: 0, at: 0 };
  for (const [i, text] of body.split('\n').entries()) {
    if (i % LINES_AT_ONCE === LINES_AT_ONCE - 1) await breathe();
    if (text.trim() === '') continue;
    const bad = (why: string): Read => ({ at: i + 1, why });
    const read = readLine(text);
    if (read.is === 'bad') return bad(read.why);
    if (read.is === 'head' && i > 0) return bad('a head stands in the first line only');
    if (read.is === 'deleted') deleted += 1;
    if (read.is !== 'message') continue;
    const { line } = read;
    if (line.n <= last.n || line.at < last.at) return bad('it stands behind a line that is newer');
    if (line.at > until || (line.edited ?? 0) > until) return bad('its time is still to come');
    lines.push(line);
    last = line;
  }
  return { lines, deleted };
}
