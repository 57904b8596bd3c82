import t from 'tap';
import { openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';

const database = await openDatabase();
t.teardown(() => database.close());

t.test('a room that a restore took away, or gave another past, starts over for everybody (P12)', async (t) => {
  const server = await openServer(database.url);
  t.teardown(() => server.close());
  const [anna, ben] = [await openClient(server.ws, { room: 'restored', ...person() }), await openClient(server.ws, { room: 'restored' })];
  for (const text of ['one', 'two', 'three']) await anna.say(text);
  await ben.next('rows', ({ to }) => to === 3);
  await database.sql`delete from messages where room_id = (select id from rooms where post_id = 'restored')`;
  await database.sql`delete from rooms where post_id = 'restored'`;
  t.match(await ben.next('reset', undefined, 8_000), { epoch: '0', rev: 0, n: 0, rows: [], resumed: false });
  t.match(await anna.say('a new beginning'), { t: 'ok', n: 1, rev: 1 });
  t.match(await ben.next('rows', ({ epoch, rows }) => epoch !== undefined && rows.some((row) => !row.deleted && row.text === 'a new beginning')), { from: 0, to: 1 });
  await database.sql`update rooms set epoch = gen_random_uuid() where post_id = 'restored'`;
  t.match(await ben.next('reset', ({ rev }) => rev === 1, 8_000), { rows: [{ text: 'a new beginning' }] });
  for (const client of [anna, ben]) await client.close();
});

t.test('while secrets are being changed a person stays the author, and gives an emoji once', async (t) => {
  const [old, young] = ['the old secret of at least thirty-two', 'the new secret of at least thirty-two'];
  const [before, after] = [await openServer(database.url, { IDENTITY_SECRET: old }), await openServer(database.url, { IDENTITY_SECRET: `${young},${old}` })];
  t.teardown(() => Promise.all([before.close(), after.close()]));
  const who = person();
  const cid = 'said-before-the-change';
  const anna = await openClient(before.ws, { room: 'rotated', ...who });
  t.match(await anna.say('mine', cid), { t: 'ok', n: 1, rev: 1 });
  anna.send({ t: 'react', cid: 'react-before-01234567', n: 1, emoji: '👍', on: true });
  await anna.next('ok', ({ rev }) => rev === 2);
  await anna.close();
  const again = await openClient(after.ws, { room: 'rotated', ...who });
  t.match(await again.next('welcome'), { mine: { 1: ['👍'] } });
  t.match(await again.say('mine', cid), { t: 'ok', n: 1, dup: true });
  again.send({ t: 'react', cid: 'react-after-012345678', n: 1, emoji: '👍', on: true });
  t.match(await again.next('ok', (frame) => frame.cid === 'react-after-012345678'), { rev: 2 }, 'nothing changed, so no number is taken');
  again.send({ t: 'edit', cid: 'edit-after-0123456789', n: 1, text: 'still mine' });
  t.match(await again.next('ok', (frame) => frame.cid === 'edit-after-0123456789'), { rev: 3 });
  await again.close();
});
