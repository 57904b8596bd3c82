import t from 'tap';
import { openClient } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { ask, knock } from './raw.ts';

/** One reader a tenth of a second is sent elsewhere: long enough to ask something meanwhile. */
const READERS = 20;

t.test('a server that stops lets nobody in, keeps nobody waiting, and says that it lives', async (t) => {
  const database = await openDatabase();
  t.teardown(() => database.close());
  const server = await openServer(database.url, { DRAIN_SECONDS: '2' });
  const readers = await Promise.all(Array.from({ length: READERS }, () => openClient(server.ws, { room: 'stops' })));
  const [first, last] = [readers[0], readers.at(-1)];
  const stopped = server.close();
  t.match(await first?.closed, { code: 1012 });
  const { status, headers, body } = await knock(server.http, '/ws', []);
  t.match({ status, headers, body }, { status: 503, headers: { 'content-type': /problem/, 'retry-after': '1' }, body: /"draining"/ }, 'a knock is answered, and its connection closed');
  for (const path of ['/readyz', '/room/stops', '/nothing']) t.equal((await ask(server.http, { path })).status, 503, path);
  t.equal((await ask(server.http, { path: '/healthz' })).status, 200);
  t.equal(last?.raw.readyState, 1, 'all this while it still sends readers elsewhere');
  await stopped;
  t.match(await last?.closed, { code: 1012 });
});
