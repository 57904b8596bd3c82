import { PAGE_ROWS } from '../../protocol/index.ts';
import { looks } from '../doctor.ts';
import { flag, integer, listOf, ms, nullable, object, oneOf, ref, type Route, type Schema, text, yes } from './schema.ts';

const limit = integer(1, PAGE_ROWS);
const room = text(255, { description: 'one room only' });
const before = integer(0);
const words = text(100);
const listed = object({
  site: text(), room: text(), title: nullable(text()), n: integer(0), first: integer(1), at: ms, reported: integer(0), waiting: integer(0), recent: integer(0, undefined, 'messages of the last five minutes'),
  rules: ref('Rules'), stream: ref('Stream'),
}, ['stream']);
const ban = object({
  act: integer(1, undefined, 'what made it, to undo it by'), id: integer(1), site: text(), room: nullable(text()), doneIn: nullable(text()), who: text(), nick: nullable(text()), until: nullable(ms), mute: flag, network: flag, reason: nullable(text()), at: ms,
});
const deed = object({ id: integer(1), at: ms, by: nullable(text()), action: text(), site: text(), room: nullable(text()), detail: { type: 'object' }, undone: flag });
/** A frame as the socket takes it. */
const act: Schema = { type: 'object', properties: { t: { enum: ['mod', 'delete'] }, do: text(), cid: text(36), n: integer(1) }, required: ['t'], additionalProperties: true };

/** What who moderates sees of all that is theirs, what they do there, and how the server is. */
export const overview = {
  'GET /api/v1/rooms': {
    summary: 'Rooms, first what asks for somebody: by reports, by what waits, by how much is said', tag: 'moderation',
    query: { room, find: words, after: text(80), limit }, answers: { 200: object({ rooms: listOf(listed), next: nullable(text()) }) }, codes: ['bad_room', 'bad_page', 'bad_search'],
  },
  'GET /api/v1/rooms/:id/search': {
    summary: 'Messages of a room by words or by person, newest first; at most the newest 20,000 before "before" are looked at', tag: 'moderation',
    query: { text: words, author: text(16, { pattern: '^[a-z2-7]{16}$' }), before, limit }, answers: { 200: object({ rows: listOf(ref('Row')), next: nullable(integer(0)) }) }, codes: ['bad_page', 'bad_search'],
  },
  'POST /api/v1/rooms/:id/acts': {
    summary: 'What a moderator does, as over the socket: take down, mute, ban, pin, mark, approve, refuse, dismiss, rules, undo', tag: 'moderation',
    body: act, answers: { 200: object({ n: integer(0), rev: integer(0), dup: yes, act: integer(1) }, ['n', 'rev', 'dup', 'act']), 404: ref('Problem'), 409: ref('Problem') }, codes: ['bad_act'],
  },
  'GET /api/v1/bans': { summary: 'Who may not write now, newest first', tag: 'moderation', query: { room, before, limit }, answers: { 200: object({ bans: listOf(ban), next: nullable(integer(1)) }) }, codes: ['bad_room', 'bad_page'] },
  'GET /api/v1/audit': { summary: 'What was done, newest first', tag: 'moderation', query: { room, before, limit }, answers: { 200: object({ audit: listOf(deed), next: nullable(integer(1)) }) }, codes: ['bad_room', 'bad_page'] },
  'GET /api/v1/health': {
    summary: 'How the process that answers is, and its database', tag: 'operations',
    answers: {
      200: object({
        aside: text(), node: text(), protocol: integer(1), startedAt: ms, now: ms,
        database: { oneOf: [object({ ok: { const: true }, ms: integer(0), version: text(), bytes: integer(0), rooms: integer(0) }), object({ ok: { const: false } })] },
        redis: object({ hears: nullable(flag) }), lateMs: integer(0), overloaded: flag, connections: integer(0), rooms: integer(0), shed: listOf(text()),
      }),
    },
  },
  'POST /api/v1/doctor': {
    summary: 'What is wrong with an embed: the page that should have it is fetched and looked at', tag: 'operations',
    body: object({ url: text(2_048, { format: 'uri' }) }), answers: { 200: object({ findings: listOf(object({ look: oneOf(...looks), ok: nullable(flag), about: text() }, ['about'])) }) }, codes: ['bad_url'],
  },
  'GET /api/v1/settings': { summary: 'What this process was started with; of secrets only whether there is one', tag: 'operations', answers: { 200: object({ settings: listOf(object({ name: text(), about: text(), value: nullable(text()), isSet: flag, secret: flag })) }) } },
} as const satisfies { readonly [route: string]: Route };
