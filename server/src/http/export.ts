import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { EXPORT_ROWS, type ExportRead } from '../log/export.ts';
import type { Log } from '../log/messages.ts';
import { type Place, reaches } from '../protocol/index.ts';
import type { Gate } from './admin.ts';
import { answered, type PlaceAsked, placeOf } from './api.ts';
import { type Format, formats } from './formats.ts';

type Asked = PlaceAsked & { Querystring: { format?: string } };

/** `/api/v1/rooms/:id/export`: what stands in a room, as a file. */
export function addExport(app: FastifyInstance, log: Pick<Log, 'export'>, gate: Gate): void {
  app.get<Asked>('/api/v1/rooms/:id/export', async (request, reply) => {
    const place = placeOf(request, reply);
    if (!place) return reply;
    const by = await gate(request, reply, 'GET /api/v1/rooms/:id/export', place.site);
    if (!by) return reply;
    if (!reaches('GET /api/v1/rooms/:id/export', by, place)) return reply.problem(403, 'forbidden', 'This room is another moderator’s.');
    const name = request.query.format ?? 'ndjson';
    if (!Object.hasOwn(formats, name)) return reply.problem(400, 'bad_format', 'A format is "ndjson", "csv" or "md".');
    const format = formats[name as keyof typeof formats];
    // Before the first byte a failure can still be told.
    const first = await answered(log.export(place, 0));
    return reply.type(format.type).header('cache-control', 'no-store').header('content-disposition', `attachment; filename="${fileOf(place)}.${name}"`)
      .send(Readable.from(written(log, place, first, format), { highWaterMark: 1 }));
  });
}

/** Each page is read once the one before is on its way: a slow reader holds no transaction. What fails cuts the answer short, so it is not taken for whole. */
async function* written(log: Pick<Log, 'export'>, place: Place, first: ExportRead, format: Format): AsyncGenerator<string> {
  yield format.head({ room: place.post, site: place.site, title: first.facts.title, exportedAt: Date.now() });
  let page = first;
  while (page.rows.length > 0) {
    yield page.rows.map(format.row).join('');
    if (page.rows.length < EXPORT_ROWS) return;
    page = await log.export(place, page.rows.at(-1)?.n ?? 0);
    if (page.epoch !== first.epoch) throw new Error('The room was restored meanwhile');
  }
}

/** What every system takes for a name, and nothing that ends a header. */
function fileOf({ site, post }: Place): string {
  const safe = [site, post].filter(Boolean).join('-').replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 80);
  return `aside-${safe}`;
}
