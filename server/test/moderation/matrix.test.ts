import t from 'tap';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { type Act, covers, httpReach, httpRights, isAtLeast, reaches, type Role, rights, type Scope } from '../../src/protocol/index.ts';
import type { Client } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { ADMIN_TOKEN, ask, authorOf, does, enter, idOf, moderatorKey, ownerKey } from './desk.ts';

const database = await openDatabase();
const server = await openServer(database.url, { ADMIN_TOKEN });
t.teardown(async () => {
  await server.close();
  await database.close();
});

const HERE = { site: '', post: 'here' };
const EVERYWHERE: Scope = { site: null, post: null };
const nobody = { role: 'reader' as Role, scope: EVERYWHERE };
const actors: Record<string, { role: Role; scope: Scope; key?: string }> = {
  'a reader': nobody,
  'a reader with a key that was never given': { ...nobody, key: 'x'.repeat(43) },
  'a moderator of this room': { role: 'moderator', scope: { site: '', post: 'here' }, key: (await moderatorKey(server, { room: 'here' })).key },
  'a moderator of another room': { role: 'moderator', scope: { site: '', post: 'there' }, key: (await moderatorKey(server, { room: 'there' })).key },
  'a moderator of this site': { role: 'moderator', scope: { site: '', post: null }, key: (await moderatorKey(server, { site: '' })).key },
  'a moderator of another site': { role: 'moderator', scope: { site: 'other', post: null }, key: (await moderatorKey(server, { site: 'other' })).key },
  'a moderator of everything': { role: 'moderator', scope: EVERYWHERE, key: (await moderatorKey(server)).key },
  'an owner': { role: 'owner', scope: EVERYWHERE, key: await ownerKey(server) },
  'a moderator who was revoked': { ...nobody, key: await revoked() },
};

async function revoked(): Promise<string> {
  const { key, id } = await moderatorKey(server);
  await ask(server, 'DELETE', `/api/v1/moderators/${id}`, { token: await ownerKey(server) });
  return key;
}

/** The frame that asks for an act upon message `n` of `who`; `done`: an act that may be undone. */
const frames: Record<Act, (n: number, who: string, done: number) => { t: string } & Record<string, unknown>> = {
  say: () => ({ t: 'say', text: 'words' }),
  edit: (n) => ({ t: 'edit', n, text: `edited ${Math.random()}` }),
  delete: (n) => ({ t: 'delete', n }),
  react: (n) => ({ t: 'react', n, emoji: '👍', on: true }),
  ban: (_, who) => ({ t: 'mod', do: 'ban', who, seconds: 1 }),
  mute: (_, who) => ({ t: 'mod', do: 'mute', who, seconds: 1 }),
  unban: (_, who) => ({ t: 'mod', do: 'unban', who }),
  pin: (n) => ({ t: 'mod', do: 'pin', n, on: true }),
  answer: (n) => ({ t: 'mod', do: 'answer', n, on: true }),
  report: (n) => ({ t: 'report', n, reason: 'spam' }),
  // Nothing waits there: who may is told so, who may not is not.
  approve: (_, who) => ({ t: 'mod', do: 'approve', who, what: 'nothing-waits-under-this' }),
  refuse: (_, who) => ({ t: 'mod', do: 'refuse', who, what: 'nothing-waits-under-this' }),
  dismiss: (n) => ({ t: 'mod', do: 'dismiss', n }),
  rules: () => ({ t: 'mod', do: 'rules', rules: {} }),
  lower: () => ({ t: 'mod', do: 'lower', seconds: 1 }),
  undo: (_, __, done) => ({ t: 'mod', do: 'undo', of: done }),
};

const DONE_BY_NOTHING: ReadonlySet<string> = new Set(['approve', 'refuse']);

let readers = 100;
const named = (): string => idOf(readers += 1);
const said = async (client: Client): Promise<number> => ((await client.say('words')) as { n: number }).n;

t.test('on a socket everybody may do what the table says and nothing else', async (t) => {
  const owner = await enter(server, HERE.post, { key: actors['an owner']?.key ?? '' });
  for (const [name, { role, scope, key }] of Object.entries(actors)) {
    const here: Role = role !== 'reader' && covers(scope, HERE) ? role : 'reader';
    for (const [act, right] of Object.entries(rights) as [Act, { own: Role | null; others: Role | null }][]) {
      for (const whose of ['own', 'others'] as const) {
        // Nobody says another's words: there is no frame for it.
        if (act === 'say' && whose === 'others') continue;
        // Each comes anew: who asks for so much at once is told to wait.
        const actor = await enter(server, HERE.post, { id: named(), ...(key && { key }) });
        t.match(actor.frames[0], { you: { role: here } }, name);
        const author = whose === 'own' ? actor : await enter(server, HERE.post, { id: named() });
        const n = await said(author);
        const done = act === 'undo' ? ((await does(owner, { t: 'delete', n })) as { act: number }).act : 0;
        const answer = await does(actor, frames[act](n, authorOf(author), done));
        const may = isAtLeast(here, right[whose]);
        t.match(answer, may ? (DONE_BY_NOTHING.has(act) ? { t: 'no', code: 'not_found' } : { t: 'ok' }) : { t: 'no', code: 'forbidden' }, `${name} ${may ? 'may' : 'may not'} ${act} ${whose}`);
        if (author !== actor) await author.close();
        await actor.close();
      }
    }
  }
});

t.test('what no table names is no act', async (t) => {
  // Who sends so much that is no frame is shown out, an owner too: each comes anew.
  for (const act of ['sweep', 'restore', 'remove', 'grant', 'invite', 'delete', '', '__proto__', 'constructor', null, 1]) {
    const owner = await enter(server, HERE.post, { id: named(), key: actors['an owner']?.key ?? '' });
    const n = await said(owner);
    t.match(await does(owner, { t: 'mod', do: act, n, who: authorOf(owner), of: 1, on: true, seconds: 1 }), { t: 'no', code: 'bad_frame' }, `${act}`);
    await owner.close();
  }
});

t.test('over HTTP too; and there is no way to change anything that the table does not name', async (t) => {
  const token = (name: string): string | undefined => actors[name]?.key;
  const bodies: Record<string, unknown> = { 'PUT /api/v1/rooms/:id/stream': { url: 'nonsense' }, 'POST /api/v1/moderators': {}, 'PUT /api/v1/words': {}, 'POST /api/v1/rooms/:id/acts': { t: 'mod', do: 'dismiss', n: 999 } };
  for (const [route, least] of Object.entries(httpRights)) {
    const [method = '', path = ''] = route.split(' ');
    const asked = path.replace(':id', 'here').replace(':number', '999999').replace(':code', 'ZZZZZZ');
    for (const [name, { role, scope }] of Object.entries(actors)) {
      const there = !(route in httpReach) || reaches(route as keyof typeof httpReach, scope, HERE);
      const { status } = await ask(server, method, asked, { ...(token(name) && { token: token(name) as string }), ...(bodies[route] !== undefined && { body: bodies[route] }) });
      if (isAtLeast(role, least) && there) t.ok([200, 204, 400, 404].includes(status), `${name} may ${route} (${status})`);
      else t.equal(status, role === 'reader' ? 401 : 403, `${name} may not ${route}`);
    }
    t.equal((await ask(server, method, asked, bodies[route] === undefined ? {} : { body: bodies[route] })).status, 401, `without a key nobody may ${route}`);
  }
  const { http } = await createApp(readConfig({ DATABASE_URL: database.url, IDENTITY_SECRET: 'a secret for tests that has enough letters', LOG_LEVEL: 'silent', DRAIN_SECONDS: '0' }));
  t.teardown(() => http.close());
  const listed = new Set([...Object.keys(httpRights), 'POST /api/v1/keys', 'DELETE /api/v1/mine', 'POST /api/v1/held', 'POST /api/v1/errors']);
  const changing = http.printRoutes({ commonPrefix: false }).split('\n').flatMap((line) => {
    const [, path = '', methods = ''] = /(?:── )(\S+) \(([A-Z, ]+)\)/.exec(line) ?? [];
    return methods.split(', ').filter((method) => method && !['GET', 'HEAD', 'OPTIONS'].includes(method)).map((method) => ({ method, path }));
  });
  t.ok(changing.length >= 5, `${changing.length} routes change something`);
  for (const { method, path } of changing) t.ok([...listed].some((one) => one.startsWith(`${method} `) && one.endsWith(path)), `${method} … ${path} is in the table`);
});
