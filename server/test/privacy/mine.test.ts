import t from 'tap';
import { authorOf, does, enter, idOf, ownerKey, ADMIN_TOKEN } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { download, ticketOf } from './person.ts';

const database = await openDatabase();
const server = await openServer(database.url, { ADMIN_TOKEN });
t.teardown(async () => {
  await server.close();
  await database.close();
});

t.test('who asks is given all that they wrote, in every room, and nothing of others', async (t) => {
  const [anna, bert] = await Promise.all([enter(server, 'one', { id: idOf(1) }), enter(server, 'one', { id: idOf(2), nick: '여우' })]);
  const there = await enter(server, 'two', { id: idOf(1) });
  const mod = await enter(server, 'held', { key: await ownerKey(server) });
  for (let i = 0; i < 450; i += 1) await anna.say(`words ${i}`);
  await bert.say('of another');
  await there.say('there');
  await does(there, { t: 'edit', n: 1, text: 'there, rewritten' });
  await does(anna, { t: 'react', n: 451, emoji: '👍', on: true });
  await does(anna, { t: 'report', n: 451, reason: 'spam' });
  await does(anna, { t: 'delete', n: 450 });
  await does(mod, { t: 'mod', do: 'rules', rules: { hold: true } });
  const waiting = await enter(server, 'held', { id: idOf(1) });
  await bert.close();
  t.match(await waiting.say('first of the room'), { t: 'ok' });
  const { answer, lines } = await download(server, await ticketOf(anna));
  t.equal(answer.status, 200);
  t.match(answer.headers.get('content-type'), 'application/x-ndjson');
  t.match(answer.headers.get('content-disposition'), /^attachment; filename="[\w.-]+"$/);
  t.equal(answer.headers.get('cache-control'), 'no-store');
  t.match(lines[0], { is: 'person', site: '', author: authorOf(anna) });
  const said = lines.filter(({ is }) => is === 'message');
  t.same(said.filter(({ room }) => room === 'one').map(({ text }) => text), Array.from({ length: 449 }, (_, i) => `words ${i}`), 'in order, without what was deleted');
  t.match(said.filter(({ room }) => room === 'two'), [{ room: 'two', n: 1, text: 'there, rewritten', nick: '너구리', avatar: 'raccoon', at: Number, edited: Number, before: [{ text: 'there' }] }]);
  t.match(lines.filter(({ is }) => is === 'reaction'), [{ room: 'one', n: 451, emoji: '👍' }]);
  t.match(lines.filter(({ is }) => is === 'report'), [{ room: 'one', n: 451, reason: 'spam' }]);
  t.match(lines.filter(({ room }) => room === 'held'), [{ text: 'first of the room' }], 'what waits for approval too');
  t.notMatch(JSON.stringify(lines), /of another|여우/);
  for (const one of [anna, there, mod, waiting]) await one.close();
});

t.test('without a good ticket nobody is given anything', async (t) => {
  for (const ticket of ['', 'x', ADMIN_TOKEN, await ownerKey(server)]) t.match((await download(server, ticket)).answer, { status: 401 });
  t.equal((await fetch(`${server.http}/api/v1/mine`, { method: 'DELETE' })).status, 401);
});
