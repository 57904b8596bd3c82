import type { FastifyInstance } from 'fastify';
import type { Place } from '../protocol/index.ts';
import type { Position } from '../room/position.ts';
import { answered } from './api.ts';
import { escapeHtml } from './document.ts';
import { embedAddress, homeOf, placeAt } from './links.ts';

type Asked = { Querystring: { [name in 'url' | 'format' | 'maxwidth' | 'maxheight']?: string } };

const WIDTH = 640;
const HEIGHT = 480;
const FRESH_S = 3_600;
/** A pasted link is another's page: the room may run, and open what is pressed. */
const SANDBOX = 'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox';

/** `/oembed`: a pasted link of a room becomes the room (oembed.com, 1.0). */
export function addOembed(app: FastifyInstance, positionOf: (place: Place) => Promise<Position>, publicUrl: string): void {
  app.get<Asked>('/oembed', async (request, reply) => {
    reply.header('access-control-allow-origin', '*');
    const { url = '', format = 'json' } = request.query;
    if (format !== 'json') return reply.problem(501, 'bad_format', 'Only "json" is spoken here.');
    const [width, height] = [bounded(request.query.maxwidth, WIDTH), bounded(request.query.maxheight, HEIGHT)];
    if (width === null || height === null) return reply.problem(400, 'bad_size', '"maxwidth" and "maxheight" are numbers of pixels.');
    const home = homeOf(request, publicUrl);
    const place = placeAt(url, home);
    if (!place) return reply.problem(404, 'not_found', `This is no room of ${home}.`);
    const { facts } = await answered(positionOf(place));
    const title = facts.title ?? place.post;
    const src = embedAddress(place, home);
    return reply.header('cache-control', `public, max-age=${FRESH_S}`).send({
      version: '1.0', type: 'rich', provider_name: 'Aside', provider_url: home, title, width, height, cache_age: FRESH_S,
      html: `<iframe src="${escapeHtml(src)}" title="${escapeHtml(title)}" width="${width}" height="${height}" sandbox="${SANDBOX}" loading="lazy" style="border:0;max-width:100%"></iframe>`,
    });
  });
}

/** At most what is asked for; null when that is no size. */
function bounded(asked: string | undefined, own: number): number | null {
  if (asked === undefined) return own;
  return /^[1-9]\d{0,4}$/.test(asked) ? Math.min(Number(asked), own) : null;
}
