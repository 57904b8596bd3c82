import type { FastifyInstance } from 'fastify';
import type { LiveRow, Place } from '../protocol/index.ts';
import type { Position } from '../room/position.ts';
import { answered, type PlaceAsked, placeOf } from './api.ts';
import { escapeHtml } from './document.ts';
import { homeOf, roomAddress } from './links.ts';

type Feed = { title: string; home: string; self: string; rows: readonly LiveRow[] };

/** Short enough that a deletion reaches who reads by feed. */
const FRESH_S = 30;
const TITLE_CHARS = 80;

/** `/api/v1/rooms/:id/feed.atom` and `feed.json`: the newest messages, for who follows a room without being in it. */
export function addFeeds(app: FastifyInstance, positionOf: (place: Place) => Promise<Position>, publicUrl: string): void {
  for (const [ending, { type, write }] of Object.entries(forms)) {
    app.get<PlaceAsked>(`/api/v1/rooms/:id/feed.${ending}`, async (request, reply) => {
      const place = placeOf(request, reply);
      if (!place) return reply;
      const { head, facts, kept } = await answered(positionOf(place));
      if (facts.rules?.adults) return reply.problem(403, 'forbidden', 'A room for adults has no feed.');
      const etag = `"${head.epoch}-${head.rev}"`;
      reply.header('cache-control', `public, max-age=${FRESH_S}`).header('etag', etag).header('access-control-allow-origin', '*');
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      const home = homeOf(request, publicUrl);
      const rows = kept.flatMap(({ row }) => (row.deleted ? [] : [row])).reverse();
      return reply.type(type).send(write({ title: facts.title ?? place.post, home: roomAddress(place, home), self: new URL(request.url, home).href, rows }));
    });
  }
}

const forms = {
  atom: { type: 'application/atom+xml; charset=utf-8', write: atom },
  json: { type: 'application/feed+json; charset=utf-8', write: json },
} as const;

function atom({ title, home, self, rows }: Feed): string {
  const updated = iso(Math.max(0, ...rows.map(({ at, edited }) => edited ?? at)));
  const entries = rows.map(({ n, nick, text, at, edited }) => `<entry><id>${xml(`${home}#m${n}`)}</id><title>${xml(headOf(nick, text))}</title><link href="${xml(`${home}#m${n}`)}"/><published>${iso(at)}</published><updated>${iso(edited ?? at)}</updated><author><name>${xml(nick)}</name></author><content type="text">${xml(text)}</content></entry>`);
  return `<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><id>${xml(home)}</id><title>${xml(title)}</title><updated>${updated}</updated><link rel="self" type="application/atom+xml" href="${xml(self)}"/><link rel="alternate" type="text/html" href="${xml(home)}"/>${entries.join('')}</feed>\n`;
}

function json({ title, home, self, rows }: Feed): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1', title, home_page_url: home, feed_url: self,
    items: rows.map(({ n, nick, text, at, edited }) => ({
      id: `${home}#m${n}`, url: `${home}#m${n}`, title: headOf(nick, text), content_text: text, date_published: iso(at), ...(edited !== undefined && { date_modified: iso(edited) }), authors: [{ name: nick }],
    })),
  });
}

function headOf(nick: string, text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return `${nick}: ${[...line].length > TITLE_CHARS ? `${[...line].slice(0, TITLE_CHARS).join('')}…` : line}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** XML has no way to say most control characters, not even escaped. */
function xml(text: string): string {
  return escapeHtml(text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''));
}
