import t from 'tap';
import { ADMIN_TOKEN, enter, ownerKey, seen, textsOf } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openRedis } from '../support/redis.ts';
import { openServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

t.test('an import reaches the readers of other servers', async (t) => {
  const [database, redis] = await Promise.all([openDatabase(), openRedis()]);
  const servers = await Promise.all([1, 2].map(() => openServer(database.url, { REDIS_URL: redis.url, ADMIN_TOKEN })));
  t.teardown(async () => {
    for (const one of servers) await one.close();
    await redis.close();
    await database.close();
  });
  const [here, there] = servers as [TestServer, TestServer];
  const reader = await enter(there, 'both');
  const headers = { authorization: `Bearer ${await ownerKey(here)}`, 'content-type': 'application/x-ndjson' };
  for (const [first, last] of [[1, 3], [4, 1_200]] as const) {
    const body = Array.from({ length: last - first + 1 }, (_, i) => JSON.stringify({ n: first + i, cid: `line-${first + i}-of-a-file`, author: 'bcdefghijklmnopq', nick: '여우', avatar: 'fox', text: `말 ${first + i}`, at: 1_700_000_000_000 + i + first })).join('\n');
    t.match(await (await fetch(`${here.http}/api/v1/rooms/both/import`, { method: 'POST', headers, body })).json(), { imported: last - first + 1, n: last });
    t.ok(await until(() => textsOf(seen(reader).values()).at(-1) === `말 ${last}`, 1_500), `${last} lines, sooner than servers compare`);
  }
  await reader.close();
});
