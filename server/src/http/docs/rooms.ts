import { COUNTS_MAX_IDS, HEAT_MAX_BUCKETS, PAGE_ROWS, TITLE_MAX_CHARS } from '../../protocol/index.ts';
import { head } from './parts.ts';
import { integer, listOf, mapOf, ms, object, ref, type Route, text } from './schema.ts';

/** What anybody may read, and the streams. */
export const rooms = {
  'GET /api/v1/rooms/:id': {
    summary: 'What a room is, and how far it has come', tag: 'rooms',
    answers: { 200: object({ room: ref('Room'), ...head }) },
  },
  'GET /api/v1/rooms/:id/messages': {
    summary: 'Messages page by page, newest first; or around a picture time', tag: 'rooms',
    query: { before: integer(0), limit: integer(1, PAGE_ROWS), pic: ms, after: integer(0), until: integer(0) },
    answers: { 200: ref('Page') }, codes: ['bad_page'],
  },
  'GET /api/v1/rooms/:id/feed.atom': { summary: 'The newest messages as an Atom feed; rooms for adults have none', tag: 'rooms', answers: { 200: 'application/atom+xml', 304: null, 403: ref('Problem') } },
  'GET /api/v1/rooms/:id/feed.json': { summary: 'The newest messages as a JSON Feed; rooms for adults have none', tag: 'rooms', answers: { 200: 'application/feed+json', 304: null, 403: ref('Problem') } },
  'GET /api/v1/rooms/:id/heat': {
    summary: 'How much was said in each part of a recording', tag: 'rooms',
    query: { from: ms, to: ms, buckets: integer(1, HEAT_MAX_BUCKETS) }, required: ['from', 'to'],
    answers: { 200: object({ from: ms, to: ms, counts: listOf(integer(0)) }) }, codes: ['bad_range'],
  },
  'GET /api/v1/counts': {
    summary: 'How many messages stand in each of many rooms', tag: 'rooms',
    query: { ids: text(undefined, { description: `1 to ${COUNTS_MAX_IDS} post ids with commas between them; a comma of an id itself is written %2C` }) }, required: ['ids'],
    answers: { 200: object({ counts: mapOf(integer(0)) }) }, codes: ['bad_ids'],
  },
  'PUT /api/v1/rooms/:id/stream': {
    summary: 'Attach an HLS stream to a room', tag: 'streams',
    body: object({ url: text(2_048, { format: 'uri' }), title: text(TITLE_MAX_CHARS), startsAt: ms }, ['title', 'startsAt']),
    answers: { 200: object({ stream: ref('Stream') }), 422: ref('Problem') }, codes: ['bad_url', 'bad_title', 'bad_start'],
  },
  'DELETE /api/v1/rooms/:id/stream': { summary: 'Detach the stream of a room', tag: 'streams', answers: { 204: null, 404: ref('Problem') } },
} as const satisfies { readonly [route: string]: Route };
