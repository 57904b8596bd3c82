import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { describe, routes } from '../../src/http/docs/openapi.ts';
import { parts } from '../../src/http/docs/parts.ts';
import { httpRights } from '../../src/protocol/index.ts';
import { ADMIN_TOKEN, ask, enter, idOf, ownerKey } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { calls, openPlaylist, type Setting } from './calls.ts';

const database = await openDatabase();
const playlist = await openPlaylist();
const server = await openServer(database.url, { ADMIN_TOKEN, STREAM_ALLOW: '127.0.0.1', WEBHOOK_ALLOW: '127.0.0.1', FRAME_ANCESTORS: 'https://blog.example' });
t.teardown(async () => {
  await server.close();
  await playlist.close();
  await database.close();
});

const setting: Setting = { server, owner: await ownerKey(server), playlist: playlist.url };
const anna = await enter(server, 'here', { id: idOf(900) });
for (const text of ['안녕하세요', '잘 읽었어요', '또 올게요']) await anna.say(text);
t.teardown(() => anna.close());

const PARTS = 'https://aside.test/parts';
const ajv = new Ajv2020({ strict: false, validateFormats: false, schemas: [withRefs({ $id: PARTS, components: { schemas: parts } })] });
const check = (schema: object) => ajv.compile(withRefs(schema));

function withRefs(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components', `"${PARTS}#/components`));
}

t.test('the document is OpenAPI 3.1, for programs and for people', async (t) => {
  const answer = await fetch(`${server.http}/api/docs/openapi.json`);
  t.match(await new Validator().validate((await answer.json()) as Record<string, unknown>), { valid: true });
  t.equal((await (await fetch(`${server.http}/api/docs`)).json() as { openapi: string }).openapi, '3.1.0');
  const page = await (await fetch(`${server.http}/api/docs`, { headers: { accept: 'text/html' } })).text();
  for (const route of Object.keys(routes)) t.match(page, (route.split(' ')[1] ?? '').replace(/:(\w+)/g, '{$1}'));
});

t.test('every route there is stands in it, and none besides', async (t) => {
  const { http } = await createApp(readConfig({ DATABASE_URL: database.url, IDENTITY_SECRET: 'a secret for tests that has enough letters', LOG_LEVEL: 'silent', DRAIN_SECONDS: '0' }));
  t.teardown(() => http.close());
  await http.ready();
  for (const route of Object.keys(routes)) {
    const [method = 'GET', url = ''] = route.split(' ');
    t.ok(http.hasRoute({ method: method as 'GET', url }), route);
  }
  const served = http.printRoutes({ commonPrefix: false, includeHooks: false }).split('\n');
  t.ok(served.length > 10);
  const paths: string[] = [];
  const found = new Set<string>();
  for (const line of served) {
    const at = /^([ │]*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (!at) continue;
    const depth = (at[1] ?? '').length / 4;
    paths[depth] = (depth > 0 ? paths[depth - 1] ?? '' : '') + (at[2] ?? '');
    for (const method of (at[3] ?? '').split(', ').filter(Boolean)) found.add(`${method} ${paths[depth]}`);
  }
  const mine = [...found].filter((one) => / \/api\/v1\//.test(one) && !/^(HEAD|OPTIONS) /.test(one)).sort();
  t.same(mine, Object.keys(routes).sort());
  for (const route of Object.keys(httpRights)) t.ok(routes[route], `${route} of the rights is described`);
});

t.test('each answers as it says', async (t) => {
  t.same(Object.keys(calls).sort(), Object.keys(routes).sort());
  for (const [route, call] of Object.entries(calls)) {
    const answer = await call(setting);
    const described = routes[route]?.answers[answer.status];
    t.ok(answer.ok && described !== undefined, `${route}: ${answer.status}`);
    const text = await answer.text();
    if (described === null || described === undefined) t.equal(text, '', route);
    else if (typeof described === 'string') t.match(answer.headers.get('content-type'), described.split(';')[0] ?? '', route);
    else {
      const valid = check(described);
      t.ok(valid(JSON.parse(text)), `${route}: ${ajv.errorsText(valid.errors)}`);
    }
  }
});

t.test('what is asked wrongly is answered by a problem with its code', async (t) => {
  const problem = check(parts.Problem ?? {});
  const document = describe('0') as { paths: Record<string, Record<string, { 'x-role'?: string; responses: Record<string, { description: string }> }>> };
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { responses, 'x-role': role }] of Object.entries(methods)) {
      const asked = path.replace('{id}', '%00').replace('{number}', 'x').replace('{code}', '!');
      const answer = await ask(server, method.toUpperCase(), `${asked}?site=%00`, { token: setting.owner, ...(method === 'put' || method === 'post' ? { body: {} } : {}) });
      if (answer.status < 400) continue;
      t.ok(problem(answer.body), `${method} ${path}: ${ajv.errorsText(problem.errors)}`);
      t.ok(responses[answer.status], `${method} ${path} may answer ${answer.status}`);
      if (answer.status === 400) t.match(responses[400]?.description, answer.body.code ?? 'a code', `${method} ${path}`);
      if (role) t.equal((await ask(server, method.toUpperCase(), path.replace('{id}', 'here').replace('{number}', '999999').replace('{code}', 'ZZZZZZ'), {})).status, 401, `${method} ${path} needs ${role}`);
    }
  }
});
