import { nanoid } from 'nanoid';
import t from 'tap';
import { openRetention } from '../../src/log/retention.ts';
import type { Commit } from '../../src/protocol/index.ts';
import { ADMIN_TOKEN, authorOf, does, enter, idOf, ownerKey, seen, textsOf } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { dumpTables } from '../http/tables.ts';

const database = await openDatabase();
const server = await openServer(database.url, { ADMIN_TOKEN });
const { sql } = database;
t.teardown(async () => {
  await server.close();
  await database.close();
});

const DAY_MS = 86_400_000;
const KEEPING = { retentionDays: 90, backupDays: 35 };
const dayOn = (days: number): number => Date.now() + days * DAY_MS;

async function ageMessages(post: string, upTo: number, days: number): Promise<void> {
  await sql`update messages m set created_at = m.created_at - make_interval(days => ${days}) from rooms r where r.id = m.room_id and r.post_id = ${post} and m.seq <= ${upTo}`;
}

async function run(keeping = KEEPING, now = Date.now()) {
  const retention = openRetention(database.url, keeping);
  const commits: Commit[] = [];
  const expired = await retention.run(now, (commit) => commits.push(commit));
  await retention.close();
  return { expired, commits };
}

t.test('what is older than it may be is gone with all that belongs to it, and everybody live is told', async (t) => {
  const key = await ownerKey(server);
  const [anna, bert, mod] = await Promise.all([enter(server, 'old', { id: idOf(1) }), enter(server, 'old', { id: idOf(2) }), enter(server, 'old', { key })]);
  const old = `planted-${nanoid(8)}`;
  for (let i = 0; i < 1_200; i += 1) await anna.say(`${old} ${i}`);
  await does(anna, { t: 'edit', n: 1, text: `${old} rewritten` });
  await does(bert, { t: 'react', n: 1, emoji: '👍', on: true });
  await does(bert, { t: 'report', n: 1, reason: 'spam' });
  await does(mod, { t: 'delete', n: 2 });
  await anna.say('young');
  await ageMessages('old', 1_200, 91);
  const { commits, expired } = await run();
  t.match(expired, { messages: 1_200 });
  t.match(commits, [{ place: { site: '', post: 'old' }, first: 1_201, n: 1_201, rows: [], rev: (commits[0]?.from ?? 0) + 1 }], 'one numbered change');
  t.match(await bert.next('rows', ({ first }) => first === 1_201), { first: 1_201 });
  for (const table of ['edits', 'reactions', 'reports', 'removed']) t.match(await sql`select count(*)::int as n from ${sql(table)}`, [{ n: 0 }], table);
  t.notMatch(await dumpTables(sql), old);
  const late = await enter(server, 'old');
  t.same(textsOf(seen(late).values()), ['young']);
  t.match(await does(bert, { t: 'react', n: 1, emoji: '👍', on: true }), { t: 'no', code: 'not_found' });
  t.match(await anna.say('next'), { t: 'ok', n: 1_202 }, 'and numbers go on');
  t.same((await run()).commits, [], 'a second round finds nothing');
  for (const one of [anna, bert, mod, late]) await one.close();
});

t.test('with a clock 91 days on no message is left, nor what waited; 0 keeps them for ever', async (t) => {
  const [mod, anna] = await Promise.all([enter(server, 'all', { key: await ownerKey(server) }), enter(server, 'all', { id: idOf(1) })]);
  await anna.say('words');
  await does(mod, { t: 'mod', do: 'rules', rules: { hold: true } });
  const shy = await enter(server, 'all', { id: idOf(5) });
  t.match(await shy.say('waits'), { t: 'ok', held: true });
  t.match((await run({ ...KEEPING, retentionDays: 0 }, dayOn(91))).expired, { messages: 0, held: 0 });
  t.match((await run(KEEPING, dayOn(89))).expired, { messages: 0, held: 0 });
  t.match((await run(KEEPING, dayOn(91))).expired, { held: 1 });
  for (const table of ['messages', 'held']) t.match(await sql`select count(*)::int as n from ${sql(table)}`, [{ n: 0 }], table);
  await does(mod, { t: 'mod', do: 'rules', rules: {} });
  await anna.next('rows', ({ room }) => room !== undefined && room.rules === undefined);
  t.match(await anna.say('anew'), { t: 'ok', n: 2 });
  for (const one of [mod, anna, shy]) await one.close();
});

t.test('bans that ended, networks, refused words, old acts and the erasure log are forgotten in their time', async (t) => {
  const [mod, anna, bert] = await Promise.all([enter(server, 'rest', { key: await ownerKey(server) }), enter(server, 'rest', { id: idOf(1) }), enter(server, 'rest', { id: idOf(2) })]);
  await anna.say('words');
  await does(mod, { t: 'mod', do: 'ban', who: authorOf(anna), seconds: 60, network: true });
  await does(mod, { t: 'mod', do: 'ban', who: authorOf(bert) });
  await does(mod, { t: 'mod', do: 'rules', rules: { hold: true } });
  const shy = await enter(server, 'rest', { id: idOf(6) });
  const cid = nanoid();
  await shy.say('waits', cid);
  await does(mod, { t: 'mod', do: 'refuse', who: authorOf(shy), what: cid });
  await sql`insert into erasures (site, person) values ('', 'of somebody')`;
  await sql`insert into audit (site, actor, action, detail, created_at) values ('', '1', 'ban', '{"who": "ofayearagoaaaaaa"}', now() - interval '367 days')`;
  const bans = async () => (await sql<{ n: number }[]>`select count(*)::int as n from bans`)[0]?.n;
  t.equal(await bans(), 3, 'a person, where they were, and another for good');
  t.match((await run(KEEPING, dayOn(6))).expired, { bans: 0, held: 0, audit: 1, erasures: 0 });
  t.match((await run(KEEPING, dayOn(8))).expired, { bans: 2, held: 1, erasures: 0 });
  t.equal(await bans(), 1, 'one for good stands');
  t.match(await bert.say('still'), { t: 'no', code: 'banned' });
  t.match((await run(KEEPING, dayOn(36))).expired, { erasures: 1 });
  t.notMatch(await dumpTables(sql), /ofayearago|of somebody/);
  t.match((await run(KEEPING, dayOn(400))).expired, { audit: 0 }, 'a clock that is wrong takes nothing of the last year from the audit');
  for (const one of [mod, anna, bert, shy]) await one.close();
});

t.test('one server at a time is at it', async (t) => {
  const other = await sql.reserve();
  await other`select pg_advisory_lock(4277002)`;
  t.equal((await run()).expired, null);
  await other`select pg_advisory_unlock(4277002)`;
  other.release();
  t.match((await run()).expired, { messages: Number });
});

t.test('words are saved while old ones are being deleted', async (t) => {
  const anna = await enter(server, 'busy', { id: idOf(1) });
  for (let i = 0; i < 20; i += 1) await anna.say(`words ${i}`);
  await ageMessages('busy', 10, 91);
  await sql`select expire(r.id, now() - interval '90 days') from rooms r where r.post_id = 'busy'`;
  await sql.begin(async (sweep) => {
    t.match(await sweep`select sweep_expired(r.id, 500)::int as gone from rooms r where r.post_id = 'busy'`, [{ gone: 10 }]);
    t.match(await anna.say('meanwhile'), { t: 'ok', n: 21 }, 'nothing waits for the room');
  });
  await anna.close();
});
