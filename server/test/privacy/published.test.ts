import { nanoid } from 'nanoid';
import t from 'tap';
import { createCounts } from '../../src/http/counts.ts';
import { openLog } from '../../src/log/messages.ts';
import { openRetention } from '../../src/log/retention.ts';
import { ADMIN_TOKEN, authorOf, does, enter, idOf, ownerKey } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { erase, exportedTexts, tellingsOf, ticketOf } from './person.ts';

const database = await openDatabase();
const server = await openServer(database.url, { ADMIN_TOKEN });
t.teardown(async () => {
  await server.close();
  await database.close();
});
const key = await ownerKey(server);
const FRESH_MS = 10_000;
const forms = ['ndjson', 'csv', 'markdown', 'atom', 'feed', 'messages', 'page', 'search'] as const;
const word = (): string => `planted-${nanoid(10)}`;

t.test('what is deleted, taken down or erased leaves every export, every feed and every count, and what another said does not', async (t) => {
  const planted = { own: word(), moderated: word(), undone: word(), erased: word(), kept: word() };
  const [anna, bert, mod] = await Promise.all([enter(server, 'told', { id: idOf(1), nick: '심어둔이름' }), enter(server, 'told', { id: idOf(2) }), enter(server, 'told', { key })]);
  for (const text of [planted.own, planted.moderated, planted.undone, planted.kept]) await bert.say(text);
  for (let i = 0; i < 5; i += 1) await anna.say(`${planted.erased} ${i}`);
  await does(anna, { t: 'react', n: 4, emoji: '👍', on: true });
  await does(bert, { t: 'react', n: 4, emoji: '👍', on: true });
  const log = openLog(database.url);
  t.teardown(() => log.close());
  let clock = 0;
  const counts = createCounts(log, () => clock);
  const counted = async (): Promise<number | undefined> => (await counts.of('', ['told'])).told;
  const isFresh = (): void => { clock += FRESH_MS + 1; };
  /** That these stand and nothing else does: in every form, and counted. */
  async function stand(texts: string[], what: string): Promise<void> {
    const told = await tellingsOf(server, 'told', key);
    t.same(exportedTexts(told.ndjson), texts, what);
    for (const hidden of Object.values(planted)) for (const form of forms) t.equal(told[form]?.includes(hidden), texts.some((text) => text.startsWith(hidden)), `${what}: ${hidden} in ${form}`);
    isFresh();
    t.equal(await counted(), texts.length, `${what}: counted`);
    const fresh = await openServer(database.url);
    t.same(await (await fetch(`${fresh.http}/api/v1/counts?ids=told`)).json(), { counts: { told: texts.length } }, `${what}: counted by another server`);
    t.match(await (await fetch(`${fresh.http}/badge/told.svg?lang=en`)).text(), texts.length === 1 ? '>1 message<' : `>${texts.length} messages<`, `${what}: on the badge`);
    await fresh.close();
  }
  const hers = Array.from({ length: 5 }, (_, i) => `${planted.erased} ${i}`);

  await stand([planted.own, planted.moderated, planted.undone, planted.kept, ...hers], 'at first');
  await does(bert, { t: 'delete', n: 1 });
  t.equal(await counted(), 9, 'a count may be ten seconds old');
  await does(bert, { t: 'delete', n: 1 });
  await does(mod, { t: 'delete', n: 2 });
  const { act } = (await does(mod, { t: 'delete', n: 3 })) as { act: number };
  await does(anna, { t: 'delete', n: 5 });
  await stand([planted.kept, ...hers.slice(1)], 'deleted');
  await does(mod, { t: 'mod', do: 'undo', of: act });
  await stand([planted.undone, planted.kept, ...hers.slice(1)], 'undone');

  const ticket = await ticketOf(anna);
  t.match(await erase(server, ticket), { rooms: 1, messages: 4, reactions: 1 });
  await stand([planted.undone, planted.kept], 'erased');
  t.match(await erase(server, ticket), { rooms: 0, messages: 0 });
  await stand([planted.undone, planted.kept], 'erased again');
  const told = await tellingsOf(server, 'told', key);
  for (const [place, text] of Object.entries(told)) for (const hidden of [planted.own, planted.moderated, planted.erased, '심어둔이름', authorOf(anna), idOf(1)]) t.equal(text.includes(hidden), false, `${hidden} in ${place}`);
  t.match(told.ndjson, '"reactions":{"👍":1}', 'the sign of who stayed stays');
  t.match(told.csv, '{""👍"":1}');

  const retention = openRetention(database.url, { retentionDays: 1, backupDays: 30 });
  t.teardown(() => retention.close());
  await database.sql`update messages set created_at = created_at - interval '3 days' where seq <= 3`;
  await retention.run(Date.now(), () => {});
  isFresh();
  t.equal(await counted(), 1, 'neither does what is old, of which some was deleted before');
  for (const one of [anna, bert, mod]) await one.close();
});

t.test('a feed that was read before is not the same once somebody is gone from it', async (t) => {
  for (const [i, ending] of ['atom', 'json'].entries()) {
    const anna = await enter(server, 'followed', { id: idOf(30 + i) });
    await anna.say(word());
    const address = `${server.http}/api/v1/rooms/followed/feed.${ending}`;
    const etag = (await fetch(address)).headers.get('etag') ?? '';
    t.equal((await fetch(address, { headers: { 'if-none-match': etag } })).status, 304);
    await erase(server, await ticketOf(anna));
    const answer = await fetch(address, { headers: { 'if-none-match': etag } });
    t.equal(answer.status, 200, ending);
    t.notMatch(await answer.text(), 'planted-');
    await anna.close();
  }
});
