import t from 'tap';
import { authorOf, does, enter, idOf, ownerKey, ADMIN_TOKEN } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { download, erase, ticketOf } from './person.ts';

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

t.test('one thing is done at a time for each person', async (t) => {
  const [anna, bert] = await Promise.all([enter(server, 'turns', { id: idOf(11) }), enter(server, 'turns', { id: idOf(12) })]);
  await anna.say('words');
  await bert.say('words');
  const [ticket, other] = [await ticketOf(anna), await ticketOf(bert)];
  let first: Promise<unknown> | undefined;
  await database.sql.begin(async (sql) => {
    await sql`select from rooms where post_id = 'turns' for update`;
    first = erase(server, ticket);
    t.equal(await until(async () => (await download(server, ticket)).answer.status === 429, 1_500), true, 'the same person waits for their turn');
    t.equal((await download(server, other)).answer.status, 200, 'another does not');
  });
  t.match(await first, { messages: 1 });
  t.equal(await until(async () => (await download(server, ticket)).answer.status === 200, 1_500), true);
  for (const one of [anna, bert]) await one.close();
});

t.test('without a good ticket nobody is given anything', async (t) => {
  for (const ticket of ['', 'x', ADMIN_TOKEN, await ownerKey(server)]) t.match((await download(server, ticket)).answer, { status: 401 });
  t.equal((await fetch(`${server.http}/api/v1/mine`, { method: 'DELETE' })).status, 401);
});
