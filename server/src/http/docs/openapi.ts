import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { httpRights, POST_ID_MAX_CHARS, SITE_MAX_CHARS } from '../../protocol/index.ts';
import { errors } from './errors.ts';
import { moderation } from './moderation.ts';
import { overview } from './overview.ts';
import { parts } from './parts.ts';
import { privacy } from './privacy.ts';
import { rooms } from './rooms.ts';
import { integer, type Route, type Schema, text } from './schema.ts';
import { webhooks } from './webhooks.ts';

/** Every route of `/api/v1`, by method and path. */
export const routes: { readonly [route: string]: Route } = { ...rooms, ...moderation, ...overview, ...privacy, ...webhooks, ...errors };

const params: { readonly [name: string]: Schema } = {
  id: text(POST_ID_MAX_CHARS, { minLength: 1, description: 'post id' }), number: integer(1), code: text(6, { pattern: '^[A-HJ-NP-Z2-9]{6}$' }),
};
const site = { name: 'site', in: 'query', required: false, schema: text(SITE_MAX_CHARS), description: 'where one server keeps several blogs apart' };
const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
/** Where nothing of a place is named, there is no site either. */
const SITELESS = /\/(me|mine|erasures|keys|moderators|pairings|errors|health|settings|doctor|webhooks|held)\b/;

/** The document (OpenAPI 3.1) that describes what this server answers. */
export function describe(version: string): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const [name, route] of Object.entries(routes)) {
    const [method = '', path = ''] = name.split(' ');
    const at = path.replace(/:(\w+)/g, '{$1}');
    paths[at] ??= {};
    paths[at][method.toLowerCase()] = operation(name, path, route);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Aside', version, description: 'Live chat for every blog post. Errors are application/problem+json with a stable code. What changes without being asked for comes over the socket at /ws.' },
    paths,
    components: {
      schemas: parts,
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'a moderator’s key, or the operator’s token' },
        ticket: { type: 'http', scheme: 'bearer', description: 'what the socket gives the holder of an identity' },
      },
    },
  };
}

function operation(name: string, path: string, { summary, tag, query = {}, required = [], body, takes, answers, codes = [], by }: Route): Schema {
  const role = name in httpRights ? httpRights[name as keyof typeof httpRights] : undefined;
  const bad = ['bad_request', ...(path.includes(':id') ? ['bad_room'] : []), ...(SITELESS.test(path) ? [] : ['bad_site']), ...codes];
  return {
    summary, tags: [tag],
    ...(role !== undefined && { security: [{ key: [] }], 'x-role': role }),
    ...(by === 'ticket' && { security: [{ ticket: [] }] }),
    parameters: [
      ...[...path.matchAll(/:(\w+)/g)].map(([, one = '']) => ({ name: one, in: 'path', required: true, schema: params[one] ?? text() })),
      ...(SITELESS.test(path) ? [] : [site]),
      ...Object.entries(query).map(([one, schema]) => ({ name: one, in: 'query', required: required.includes(one), schema })),
    ],
    ...((body || takes) && { requestBody: { required: true, content: takes ? { [takes]: { schema: text() } } : { 'application/json': { schema: body } } } }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, response(Number(status), answer)])),
      ...(bad.length > 0 && { 400: { description: `Bad request: ${bad.join(', ')}`, content: problem } }),
      ...(role !== undefined && { 401: { description: 'No key, or none that is good', content: problem }, 403: { description: `Only for ${role === 'owner' ? 'owners' : 'moderators of this place'}`, content: problem } }),
      429: { description: 'Too many requests from one address in a minute', content: problem },
      503: { description: 'The database does not answer, or this server is about to stop', content: problem },
    },
  };
}

function response(status: number, answer: Schema | string | null): Schema {
  const description = status < 300 ? 'Done' : status === 404 ? 'There is no such thing' : 'Refused';
  if (answer === null) return { description };
  if (typeof answer === 'string') return { description, content: { [answer]: { schema: text() } } };
  return { description, content: status < 300 ? { 'application/json': { schema: answer } } : problem };
}

/** `/api/docs`: the document, to read and as JSON; and the socket's own, made from the types of its frames. */
export function addDocs(app: FastifyInstance, version: string): void {
  const document = describe(version);
  const page = write(document);
  const wire = readFileSync(new URL('../../protocol/asyncapi.json', import.meta.url), 'utf8');
  app.get('/api/docs', (request, reply) => (/\bhtml\b/.test(request.headers.accept ?? '') ? reply.type('text/html; charset=utf-8').send(page) : reply.send(document)));
  app.get('/api/docs/asyncapi.json', (_, reply) => reply.type('application/json').send(wire));
  app.get('/api/docs/openapi.json', (_, reply) => reply.send(document));
}

/** For a person: every route in one page, without a script. */
function write(document: Schema): string {
  const paths = document.paths as Record<string, Record<string, { summary: string; tags: string[]; 'x-role'?: string; parameters: { name: string; in: string; required: boolean; description?: string; schema: Schema }[]; requestBody?: { content: Schema }; responses: Record<string, { description: string; content?: Schema }> }>>;
  const sections = new Map<string, string>();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { summary, tags: [tag = ''], parameters, requestBody, responses, ...more }] of Object.entries(methods)) {
      const rows = parameters.map((one) => `<tr><td><code>${one.name}</code><td>${one.in}${one.required ? '' : ', optional'}<td><code>${asText(JSON.stringify(one.schema))}</code>`).join('');
      const answers = Object.entries(responses).map(([status, { description, content }]) => `<tr><td><code>${status}</code><td>${asText(description)}<td>${content ? `<code>${asText(JSON.stringify(content))}</code>` : ''}`).join('');
      sections.set(tag, `${sections.get(tag) ?? ''}<details><summary><b>${method.toUpperCase()}</b> <code>${asText(path)}</code> ${asText(summary)}${more['x-role'] ? ` <i>${more['x-role']}</i>` : ''}</summary>
${rows && `<h3>Takes</h3><table>${rows}</table>`}${requestBody ? `<h3>Body</h3><pre>${asText(JSON.stringify(requestBody.content, null, 2))}</pre>` : ''}<h3>Answers</h3><table>${answers}</table></details>`);
    }
  }
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Aside API</title><style>${STYLE}</style>
<h1>Aside API</h1><p>The same as <a href="/api/docs/openapi.json">OpenAPI 3.1</a>. What the socket says: <a href="/api/docs/asyncapi.json">AsyncAPI 3.0</a>. Keys go into <code>Authorization: Bearer …</code>.</p>
${[...sections].map(([tag, html]) => `<h2>${tag}</h2>${html}`).join('')}</html>`;
}

const STYLE = 'body{max-width:60rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui;color-scheme:light dark}code,pre{font:13px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}pre{white-space:pre-wrap}summary{padding:.6rem 0;cursor:pointer}summary b{display:inline-block;min-width:4.5rem}i{opacity:.7}table{border-collapse:collapse;width:100%}td{padding:.3rem .8rem .3rem 0;vertical-align:top;border-top:1px solid #8884}h3{margin:.6rem 0 .2rem;font-size:14px}';

function asText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
