import { webhookEvents, webhookKinds } from '../../log/webhooks.ts';
import { PAGE_ROWS } from '../../protocol/index.ts';
import { flag, integer, listOf, ms, nullable, object, oneOf, ref, type Route, text } from './schema.ts';

const kind = oneOf(...webhookKinds);
const events = listOf(oneOf(...webhookEvents), { minItems: 1 });
const lang = oneOf('ko', 'en');
const key = text(undefined, { description: 'what `aside-signature` is made with' });
const webhook = object({
  id: integer(1), site: nullable(text()), room: nullable(text()), url: text(), kind, events, lang, createdAt: ms, offAt: nullable(ms), waiting: integer(0), dead: integer(0, undefined, 'not tried by itself any more'), key,
});
const delivery = object({ id: integer(1), event: text(), site: text(), room: text(), at: ms, attempts: integer(0), nextAt: ms, deadAt: nullable(ms), error: nullable(text()) });

/** Who is told of what happens. */
export const webhooks = {
  'GET /api/v1/webhooks': { summary: 'Who is told of what', tag: 'webhooks', answers: { 200: object({ webhooks: listOf(webhook) }) } },
  'POST /api/v1/webhooks': {
    summary: 'Somebody more is told: without a room of all of a site’s, without a site of all', tag: 'webhooks',
    body: object({ url: text(8_192, { format: 'uri' }), kind, events, lang, site: text(), room: text(255) }, ['kind', 'events', 'lang', 'site', 'room']),
    answers: { 201: object({ id: integer(1), key }), 409: ref('Problem') }, codes: ['bad_url', 'bad_port', 'private_address', 'bad_kind', 'bad_events', 'bad_lang', 'bad_site', 'bad_room'],
  },
  'DELETE /api/v1/webhooks/:number': { summary: 'They are told no more', tag: 'webhooks', answers: { 204: null, 404: ref('Problem') } },
  'GET /api/v1/webhooks/:number/deliveries': {
    summary: 'What was not told yet, newest first', tag: 'webhooks', query: { before: integer(0), limit: integer(1, PAGE_ROWS) }, answers: { 200: object({ deliveries: listOf(delivery), next: nullable(integer(1)) }) }, codes: ['bad_page'],
  },
  'POST /api/v1/webhooks/:number/replay': { summary: 'What was given up is tried again', tag: 'webhooks', answers: { 200: object({ again: integer(0) }), 404: ref('Problem') } },
  'POST /api/v1/webhooks/:number/test': { summary: 'Tells them that they will be told', tag: 'webhooks', answers: { 200: object({ ok: flag, about: text() }), 404: ref('Problem') } },
  'POST /api/v1/held': {
    summary: 'What a link in a chat decides about words that wait', tag: 'webhooks', by: 'signature', body: object({ token: text(200) }),
    answers: { 200: object({ did: oneOf('approve', 'refuse'), nick: text(), text: text(), site: text(), room: text() }), 401: ref('Problem'), 404: ref('Problem'), 409: ref('Problem') },
  },
} as const satisfies { readonly [route: string]: Route };
