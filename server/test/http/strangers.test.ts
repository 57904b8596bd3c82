import t from 'tap';
import { openDatabase } from '../support/database.ts';
import { openProcess } from './process.ts';
import { visit } from './strangers.ts';

const database = await openDatabase();
const server = await openProcess(database.url);
t.teardown(async () => {
  await server.close();
  await database.close();
});

t.test('10,000 pages and 10,000 hellos of posts that do not exist leave no trace', async (t) => {
  const count = 10_000;
  const quiet = server.log.length;
  t.same(await visit({ ...server, sql: database.sql }, count), { gets: count, hellos: count, answered: count, welcomed: count, written: 0 });
  t.same(await database.sql`select * from rooms`, []);
  t.equal(server.log.slice(quiet), '');
});
