import { nanoid } from 'nanoid';
import t from 'tap';
import { createTickets } from '../../src/room/ticket.ts';
import { authorOf, does, enter, idOf } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';

const [NEW, OLD, SECRET] = ['n'.repeat(32), 'o'.repeat(32), 'a secret for tests that has enough letters'];
const NOW = 1_763_690_000_000;
const anna = { site: 'blog', author: 'a'.repeat(15) + 'b', was: 'a'.repeat(15) + 'c' };

t.test('a ticket stands for one person of one site, for ten minutes', async (t) => {
  const tickets = createTickets([NEW]);
  const ticket = tickets.issue(anna, NOW);
  t.same(tickets.read(ticket, NOW + 599_999), anna);
  t.equal(tickets.read(ticket, NOW + 600_000), null, 'no longer');
  t.same(tickets.read(tickets.issue({ site: '', author: anna.author }, NOW), NOW), { site: '', author: anna.author });
});

t.test('while secrets are being changed, tickets of both are good, and of none besides', async (t) => {
  const [before, both, after] = [createTickets([OLD]), createTickets([NEW, OLD]), createTickets([NEW])];
  t.same(both.read(before.issue(anna, NOW), NOW), anna);
  t.same(after.read(both.issue(anna, NOW), NOW), anna, 'what is given out is of the new');
  t.equal(after.read(before.issue(anna, NOW), NOW), null);
});

t.test('what was changed, or is none, is refused', async (t) => {
  const tickets = createTickets([NEW]);
  const ticket = tickets.issue(anna, NOW);
  const [what = '', sealed = ''] = ticket.split('.');
  const forged = Buffer.from(JSON.stringify([NOW * 2, anna.site, 'd'.repeat(16)])).toString('base64url');
  for (const wrong of ['', '.', 'x', what, `${what}.`, `${forged}.${sealed}`, `${what}.${'x'.repeat(43)}`, `${ticket}x`, ` ${ticket}`, `${'x'.repeat(2_000)}.${sealed}`]) t.equal(tickets.read(wrong, NOW), null, wrong.slice(0, 40));
});

t.test('the socket gives one to who has an id, once a second, and the secret id is not in it', async (t) => {
  const database = await openDatabase();
  const server = await openServer(database.url);
  t.teardown(async () => { await server.close(); await database.close(); });
  const reader = await enter(server, 'here', { site: 'blog' });
  t.match(await does(reader, { t: 'ticket' }), { t: 'no', code: 'forbidden' }, 'who only reads wrote nothing');
  reader.send({ t: 'ticket', cid: 'short' });
  t.match(await reader.next('no', ({ code }) => code === 'bad_cid'), { code: 'bad_cid' });
  const known = await enter(server, 'here', { id: idOf(1), site: 'blog' });
  const cid = nanoid();
  const answer = await does(known, { t: 'ticket', cid }) as { ticket: string };
  t.match(answer, { t: 'ok', cid, ticket: String });
  t.same(createTickets([SECRET]).read(answer.ticket, Date.now()), { site: 'blog', author: authorOf(known) });
  t.notMatch(Buffer.from(answer.ticket.split('.')[0] ?? '', 'base64url').toString(), idOf(1));
  t.match(await does(known, { t: 'ticket' }), { t: 'no', code: 'rate', retryAfter: 1_000 });
  await reader.close();
  await known.close();
});
