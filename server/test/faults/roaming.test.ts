import t from 'tap';
import { openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';

t.test('a reader who comes from a server that knew more is not shown an older room (P12)', async (t) => {
  const database = await openDatabase();
  const [north, south] = [await openServer(database.url), await openServer(database.url)];
  t.teardown(async () => {
    await Promise.all([north.close(), south.close()]);
    await database.close();
  });
  const anna = await openClient(north.ws, { room: 'roam', ...person() });
  await anna.say('first');
  // South opens the room now; of what follows it learns by its next comparison only.
  const ben = await openClient(south.ws, { room: 'roam' });
  await anna.say('second');
  anna.send({ t: 'delete', cid: 'delete-0123456789abcd', n: 1 });
  await anna.next('rows', ({ to }) => to === 3);
  const { epoch } = await anna.next('rows', ({ from }) => from === 0);
  const back = await openClient(south.ws, { room: 'roam', at: { epoch, rev: 3, low: 1 } });
  t.match(await back.next('welcome'), { resumed: true, rev: 3, rows: [] }, 'what was deleted is not shown again');
  await anna.say('third');
  const { from, rows } = await back.next('rows', ({ to }) => to === 4, 8_000);
  t.ok(from <= 3, 'and then it goes on without a gap (P2)');
  t.match(rows.at(-1), { n: 3, text: 'third' });
  await Promise.all([anna.close(), ben.close(), back.close()]);
});
