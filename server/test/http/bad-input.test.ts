import t from 'tap';
import { openDatabase } from '../support/database.ts';
import { MARK } from './bad-frame.ts';
import { badFrames } from './bad-frames.ts';
import { badHellos } from './bad-hellos.ts';
import { openProcess } from './process.ts';
import { refuse } from './refuse.ts';

const database = await openDatabase();
const server = await openProcess(database.url);
t.teardown(async () => {
  await server.close();
  await database.close();
});
const heard: string[] = [];
const quiet = server.log.length;

for (const [kind, rows] of Object.entries({ 'on a live socket': badFrames, 'before the welcome': badHellos })) {
  t.test(`every bad frame ${kind} is refused by its code, harms no socket and writes nothing`, async (t) => {
    for (const row of rows) {
      const fate = await refuse({ ws: server.ws, sql: database.sql }, row, heard);
      t.same(fate, { name: row.name, refused: true, harmed: false, written: 0, seen: 'refused' }, row.name);
    }
  });
}

t.test('no word of a bad frame comes back or reaches the log, however fine it is', async (t) => {
  t.equal(server.log.slice(quiet), '');
  t.ok(heard.length > 0);
  t.same(heard.filter((text) => text.includes(MARK) && !text.includes('"t":"welcome"') && !text.includes('"t":"you"')), []);
});
