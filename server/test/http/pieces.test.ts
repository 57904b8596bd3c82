import t from 'tap';
import { openProxy } from '../faults/proxy.ts';
import { seedRandom } from '../faults/random.ts';
import { openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';

t.test('a long word is heard though the road brings it byte by byte', async (t) => {
  const database = await openDatabase();
  t.teardown(() => database.close());
  const server = await openServer(database.url);
  t.teardown(() => server.close());
  const proxy = await openProxy(Number(new URL(server.http).port), seedRandom('pieces'));
  t.teardown(() => proxy.close());
  const client = await openClient(`ws://127.0.0.1:${proxy.port}/ws`, { room: 'pieces', ...person() });
  t.teardown(() => client.close());
  await client.next('welcome');
  proxy.up.split = 1;
  const text = '🦝'.repeat(1_900);
  t.match(await client.say(text), { t: 'ok', n: 1 });
  t.ok(proxy.effects.pieces > 7_000, `${proxy.effects.pieces} pieces`);
});
