import { integer, ref, listOf, ms, nullable, object, oneOf, type Route, text, flag } from './schema.ts';

const words = listOf(text(50, { minLength: 1 }), { maxItems: 5_000 });
const lists = { blocked: words, allowed: words, standard: flag };

/** What moderators and owners do. */
export const moderation = {
  'GET /api/v1/rooms/:id/desk': { summary: 'What waits for a moderator in a room', tag: 'moderation', answers: { 200: object({ waiting: listOf(ref('Waiting')), reported: listOf(ref('Reported')) }) } },
  'GET /api/v1/rooms/:id/export': { summary: 'What stands in a room, as a file', tag: 'moderation', query: { format: oneOf('ndjson', 'csv', 'md') }, answers: { 200: 'application/x-ndjson' }, codes: ['bad_format'] },
  'POST /api/v1/rooms/:id/import': {
    summary: 'Lines of an export behind what is in a room; what is there already is skipped', tag: 'moderation', takes: 'application/x-ndjson',
    answers: { 200: object({ imported: integer(0), skipped: integer(0), n: integer(0) }), 409: ref('Problem'), 413: ref('Problem'), 415: ref('Problem') }, codes: ['bad_line'],
  },
  'GET /api/v1/words': { summary: 'What a site lets nobody say', tag: 'moderation', answers: { 200: object(lists) } },
  'PUT /api/v1/words': { summary: 'Set what a site lets nobody say', tag: 'moderation', body: object(lists, ['standard']), answers: { 204: null }, codes: ['bad_words'] },
  'POST /api/v1/keys': {
    summary: 'Exchange an invitation, or the operator’s token, for a key', tag: 'access', body: object({ invitation: text() }, ['invitation']),
    answers: { 200: { allOf: [{ ...object({ key: text(), ...whoIs() }) }] }, 401: ref('Problem') },
  },
  'GET /api/v1/me': { summary: 'Whose key this is', tag: 'access', answers: { 200: object(whoIs()) } },
  'GET /api/v1/moderators': { summary: 'Who moderates', tag: 'access', answers: { 200: object({ moderators: listOf(ref('Moderator')) }) } },
  'POST /api/v1/moderators': {
    summary: 'Invite a moderator', tag: 'access', body: object({ name: text(), site: text(64), room: text(255), role: oneOf('moderator', 'owner') }, ['site', 'room', 'role']),
    answers: { 201: object({ id: { type: 'integer' }, invitation: text() }) }, codes: ['bad_name', 'bad_role'],
  },
  'DELETE /api/v1/moderators/:number': { summary: 'Revoke a moderator', tag: 'access', answers: { 204: null, 404: ref('Problem') } },
  'GET /api/v1/pairings/:code': { summary: 'Which frame waits under a code', tag: 'access', answers: { 200: object({ site: text(), room: text(), blog: text(), at: ms, now: ms }), 404: ref('Problem') } },
  'POST /api/v1/pairings/:code': { summary: 'Let the frame in', tag: 'access', answers: { 204: null, 404: ref('Problem') } },
} as const satisfies { readonly [route: string]: Route };

function whoIs() {
  return { role: oneOf('moderator', 'owner'), name: text(), site: nullable(text()), room: nullable(text()) };
}
