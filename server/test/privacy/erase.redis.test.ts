import { nanoid } from 'nanoid';
import t from 'tap';
import { ADMIN_TOKEN, authorOf, enter, idOf, ownerKey, seen, textsOf } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openRedis } from '../support/redis.ts';
import { openServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { erase, tellingsOf, ticketOf } from './person.ts';

t.test('an erasure reaches the readers of other servers, and Redis keeps nothing of it', async (t) => {
  const [database, redis] = await Promise.all([openDatabase(), openRedis()]);
  const servers = await Promise.all([1, 2].map(() => openServer(database.url, { REDIS_URL: redis.url, ADMIN_TOKEN })));
  t.teardown(async () => {
    for (const one of servers) await one.close();
    await redis.close();
    await database.close();
  });
  const [here, there] = servers as [TestServer, TestServer];
  const word = `planted-${nanoid(8)}`;
  const [anna, ben] = await Promise.all([enter(here, 'both', { id: idOf(1) }), enter(there, 'both', { id: idOf(2) })]);
  for (let i = 0; i < 250; i += 1) await anna.say(`${word} ${i}`);
  t.equal(await until(() => textsOf(seen(ben).values()).length === 250, 5_000), true);
  const key = await ownerKey(here);
  // What a server keeps of an answer would be seen below.
  for (const one of [here, there]) t.match((await tellingsOf(one, 'both', key)).csv, word);
  // A ticket of one server is good at every other.
  t.match(await erase(there, await ticketOf(anna)), { rooms: 1, messages: 250 });
  t.equal(await until(() => textsOf(seen(ben).values()).length === 0 && textsOf(seen(anna).values()).length === 0, 5_000), true, 'gone from both');
  t.match(await redis.say('dbsize'), /^0/);
  t.notMatch(await redis.say('--scan'), new RegExp(`${word}|${authorOf(anna)}`));
  for (const one of [here, there]) for (const [place, text] of Object.entries(await tellingsOf(one, 'both', key))) for (const planted of [word, authorOf(anna)]) t.equal(text.includes(planted), false, `${planted} in ${place}`);
  for (const one of [anna, ben]) await one.close();
});
