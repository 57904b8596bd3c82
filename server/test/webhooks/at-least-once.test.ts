import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import t, { type Test } from 'tap';
import { createDecisions } from '../../src/http/decision.ts';
import { createDeliverer } from '../../src/http/deliverer.ts';
import { openLog } from '../../src/log/messages.ts';
import { migrate } from '../../src/log/migrate.ts';
import { openSql } from '../../src/log/sql.ts';
import { openCourier } from '../../src/stream/courier.ts';
import { createGuard } from '../../src/stream/guard.ts';
import { startServer } from '../faults/servers.ts';
import { ADMIN_TOKEN, ask, idOf } from '../moderation/desk.ts';
import { openClient } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { openReceiver } from './receiver.ts';

const BURST = 1_000;
const SECRET = 'a secret for tests that has enough letters';
const HOUR_MS = 3_600_000;

t.test('each of a burst of a thousand is told, though the server is killed in the middle of it', async (t) => {
  const [database, receiver, logs] = [await openDatabase(), await openReceiver(), await mkdtemp(path.join(tmpdir(), 'aside-hooks-'))];
  const server = await startServer('chat', database.url, logs, { ADMIN_TOKEN, WEBHOOK_ALLOW: receiver.host });
  t.teardown(async () => {
    await server.close();
    await receiver.close();
    await database.close();
    await rm(logs, { recursive: true });
  });
  await server.untilReady();
  const here = { http: `http://127.0.0.1:${server.port}` } as never;
  const { key } = (await ask(here, 'POST', '/api/v1/keys', { token: ADMIN_TOKEN, body: {} })).body;
  t.match(await ask(here, 'POST', '/api/v1/webhooks', { token: key, body: { url: receiver.url, events: ['message'] } }), { status: 201 });
  const anna = await openClient(`ws://127.0.0.1:${server.port}/ws`, { room: 'burst', id: idOf(1), nick: '너구리', avatar: 'raccoon' });
  const said = await Promise.all(Array.from({ length: BURST }, (_, i) => anna.say(`글 ${i}`)));
  t.equal(said.filter((answer) => answer.t === 'ok').length, BURST);

  await until(() => receiver.told.length >= BURST / 4, 20_000);
  const before = receiver.told.length;
  await server.kill();
  await server.untilReady();
  const [left] = await database.sql<{ count: number }[]>`select count(*)::int from webhook_queue`;
  t.ok(before < BURST && (left?.count ?? 0) > 0, `${before} were told before it was killed, ${left?.count} still waited`);
  await until(async () => (await database.sql`select from webhook_queue limit 1`).length === 0, 60_000);
  const numbers = new Set(receiver.told.map(({ body }) => body.message.n));
  t.equal(numbers.size, BURST);
  t.ok(receiver.told.length <= BURST + 8, 'again only what was on its way');
  t.equal(new Set(receiver.told.map(({ headers }) => headers['aside-delivery'])).size, BURST, 'and what comes again has the number it had');
});

t.test('a receiver that fails for an hour gets all of it afterwards', async (t) => {
  const { log, deliverer, receiver, id, clock } = await openPlace(t);
  const saved = await Promise.all(Array.from({ length: 50 }, (_, i) => log.append({ site: '', post: 'hour' }, { do: 'say', author: 'abcdefghijklmnop', cid: `cid-${i}`, nick: '너구리', avatar: 'raccoon', text: `글 ${i}` })));
  t.ok(saved.every(({ is }) => is === 'saved'));

  receiver.answers = 503;
  const [from, tries] = [clock.now, new Map<number, number>()];
  for (; clock.now < from + HOUR_MS; clock.now += 20_000) {
    const known = receiver.told.length;
    await deliverer.look();
    for (const { body } of receiver.told.slice(known)) tries.set(body.message.n, (tries.get(body.message.n) ?? 0) + 1);
  }
  t.equal(tries.size, 50, 'all were tried');
  t.ok([...tries.values()].every((times) => times >= 5 && times <= 12), `each ${Math.min(...tries.values())} to ${Math.max(...tries.values())} times, ever less often`);
  t.same((await log.webhooks.deliveries(id, { before: Number.MAX_SAFE_INTEGER, limit: 50 })).length, 50);

  receiver.answers = 204;
  const known = receiver.told.length;
  for (const back = clock.now; clock.now < back + HOUR_MS * 1.3; clock.now += 20_000) await deliverer.look();
  t.same(receiver.told.slice(known).map(({ body }) => body.message.n).sort((a, b) => a - b), Array.from({ length: 50 }, (_, i) => i + 1), 'each once');
  t.same(await log.webhooks.deliveries(id, { before: Number.MAX_SAFE_INTEGER, limit: 50 }), []);
});

t.test('what is given up after a day is seen, and told when somebody asks for it', async (t) => {
  const { log, deliverer, receiver, id, clock } = await openPlace(t);
  await log.append({ site: '', post: 'day' }, { do: 'say', author: 'abcdefghijklmnop', cid: 'cid', nick: '너구리', avatar: 'raccoon', text: '오래된 글' });
  receiver.answers = 500;
  for (let i = 0; i < 40; i += 1, clock.now += HOUR_MS) await deliverer.look();
  const asked = { before: Number.MAX_SAFE_INTEGER, limit: 50 };
  const [dead] = await log.webhooks.deliveries(id, asked);
  t.match(dead, { event: 'message', room: 'day', error: 'status_500' });
  t.ok(dead?.deadAt);
  t.match(await log.webhooks.list(), [{ waiting: 0, dead: 1 }]);
  const known = receiver.told.length;
  await deliverer.look();
  t.equal(receiver.told.length, known, 'it is not tried by itself');
  receiver.answers = 204;
  t.equal(await log.webhooks.replay(id), 1);
  clock.now = Math.max(clock.now, Date.now());
  await deliverer.look();
  t.match(receiver.told.slice(known), [{ body: { message: { text: '오래된 글' } } }]);
  t.same(await log.webhooks.deliveries(id, asked), []);
});

/** A log with one webhook, and a deliverer whose clock the test turns. */
async function openPlace(t: Test) {
  const [database, receiver] = [await openDatabase(), await openReceiver()];
  const sql = openSql(database.url, { max: 1 });
  await migrate(sql);
  await sql.end();
  const log = openLog(database.url);
  const courier = openCourier(createGuard([receiver.host]));
  const clock = { now: Date.now() };
  const deliverer = createDeliverer({ webhooks: log.webhooks, courier, decisions: createDecisions([SECRET]), secret: SECRET, home: () => 'http://chat.example', clock: () => clock.now });
  t.teardown(async () => {
    await deliverer.close();
    await courier.close();
    await log.close();
    await receiver.close();
    await database.close();
  });
  const owner = await log.moderators.operator('a key of tests');
  const id = await log.webhooks.make({ site: null, room: null, url: receiver.url, kind: 'json', events: ['message'], lang: 'ko' }, owner.id);
  return { log, deliverer, receiver, id, clock };
}
