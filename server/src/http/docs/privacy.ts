import { integer, object, ref, type Route } from './schema.ts';

const LINES = 'application/x-ndjson';

/** What one wrote, for who wrote it; and what an older copy of the database must be told. */
export const privacy = {
  'GET /api/v1/mine': { summary: 'Everything that the holder of a ticket wrote in a site, one JSON object a line', tag: 'privacy', by: 'ticket', answers: { 200: LINES, 401: ref('Problem') } },
  'DELETE /api/v1/mine': {
    summary: 'Erase everything that the holder of a ticket wrote in a site', tag: 'privacy', by: 'ticket',
    answers: { 200: object({ rooms: integer(0), messages: integer(0), reactions: integer(0), held: integer(0) }), 401: ref('Problem') },
  },
  'GET /api/v1/erasures': { summary: 'What to erase again from an older copy of the database, one JSON object a line', tag: 'privacy', answers: { 200: LINES } },
} as const satisfies { readonly [route: string]: Route };
