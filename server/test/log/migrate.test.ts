import { readdir } from 'node:fs/promises';
import t from 'tap';
import { migrate } from '../../src/log/migrate.ts';
import { openSql } from '../../src/log/sql.ts';
import { openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { readTables } from '../http/tables.ts';

const database = await openDatabase();
t.teardown(() => database.close());

t.test('three servers that start at once on an empty database all come up, and see one another', async (t) => {
  t.same(await readTables(database.sql), {}, 'it is empty');
  const servers = await Promise.all([1, 2, 3].map(() => openServer(database.url)));
  t.teardown(() => Promise.all(servers.map((server) => server.close())));
  const files = (await readdir(new URL('../../../sql/migrations/', import.meta.url))).filter((name) => name.endsWith('.sql')).sort();
  t.same((await database.sql`select name from migrations order by name`).map(({ name }) => name as string), files, 'each migration ran once');
  for (const [i, server] of servers.entries()) {
    const client = await openClient(server.ws, { room: 'meeting', ...person() });
    t.match(await client.say(`from server ${i}`), { t: 'ok', n: i + 1 });
    await client.close();
  }
});

t.test('a database that is up to date is left as it is', async (t) => {
  const sql = openSql(database.url, { max: 1 });
  t.teardown(() => sql.end());
  const before = await readTables(database.sql);
  t.equal(await migrate(sql), 0);
  t.same(await readTables(database.sql), before);
});
