import { readFile } from 'node:fs/promises';
import { nanoid } from 'nanoid';
import t from 'tap';
import type { ErrorGroup } from '../../src/log/errors.ts';
import { version } from '../../src/app/version.ts';
import { openRetention } from '../../src/log/retention.ts';
import { openProcess } from '../http/process.ts';
import { dumpTables } from '../http/tables.ts';
import { ADMIN_TOKEN, enter, idOf } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { type Envelope, openSentry } from './sentry.ts';

t.setTimeout(90_000);
const database = await openDatabase();
const { sql } = database;
const sentry = await openSentry();
const server = await openServer(database.url, { ADMIN_TOKEN, ERROR_DSN: sentry.dsn });
t.teardown(async () => {
  await server.close();
  await sentry.close();
  await database.close();
});

const WRITTEN_WITHIN_MS = 10_000;
const DAY_MS = 86_400_000;

function report(body: unknown, type = 'text/plain'): Promise<Response> {
  return fetch(`${server.http}/api/v1/errors`, { method: 'POST', headers: { 'content-type': type }, body: typeof body === 'string' ? body : JSON.stringify(body) });
}

async function list(): Promise<ErrorGroup[]> {
  const answer = await fetch(`${server.http}/api/v1/errors`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  return ((await answer.json()) as { errors: ErrorGroup[] }).errors;
}

const listed = (which: Partial<ErrorGroup>) => until(async () => (await list()).find((one) => Object.entries(which).every(([name, value]) => one[name as keyof ErrorGroup] === value)), WRITTEN_WITHIN_MS);
const handedOn = (which: (envelope: Envelope) => boolean) => until(() => sentry.received.find(which), WRITTEN_WITHIN_MS);
const eventOf = ({ lines }: Envelope): Record<string, unknown> => lines[2] ?? {};
const isOf = (code: string) => (envelope: Envelope): boolean => JSON.stringify(eventOf(envelope)).includes(`"${code}"`);

t.test('what goes wrong in widgets is counted by code, version and place, and the newest stands first', async (t) => {
  const fault = { code: 'type_error', version: 'COALBYgn', at: 'index-COALBYgn.js:1:2345' };
  for (const [body, type] of [[fault, 'text/plain'], [fault, 'application/json'], [fault, 'text/plain'], [{ ...fault, version: 'D-_x12.3' }, 'text/plain'], [{ ...fault, at: 'live-x.js:1:2' }, 'text/plain']] as const) {
    const answer = await report(body, type);
    t.equal(answer.status, 204);
    t.equal(answer.headers.get('access-control-allow-origin'), '*', 'a frame in a sandbox may send it');
  }
  t.match(await listed({ ...fault, count: 3 }), { source: 'widget', firstAt: Number, lastAt: Number });
  t.ok(await listed({ ...fault, version: 'D-_x12.3', count: 1 }));
  t.ok(await listed({ at: 'live-x.js:1:2', count: 1 }));
  t.equal((await report({ code: 'error', version: 'COALBYgn' })).status, 204);
  t.ok(await listed({ code: 'error', at: '', count: 1 }), 'a place may be unknown');
  t.equal((await list())[0]?.code, 'error');
  await report(fault);
  t.match(await listed({ ...fault, count: 4 }), fault);
  t.match((await list())[0], fault);
});

t.test('reports that are none are refused with a code, and nothing is saved', async (t) => {
  const good = { code: 'type_error', version: 'v1', at: 'a.js:1' };
  const before = await sql`select source, code, version, at, count from errors order by id`;
  const bad: unknown[] = [
    null, 1, [], 'words', '{"code":', {}, [good], { code: 'type_error' }, { version: 'v1' }, { ...good, message: 'words' }, { ...good, at: '' }, { ...good, at: null }, { ...good, at: 'https://host/a.js:1' }, { ...good, at: 'a.js?token=1' },
    { ...good, at: 'a.js:1:2:3' }, { ...good, at: 'x'.repeat(81) }, { ...good, at: '여기.ts:1' }, { ...good, at: 'two words' }, { ...good, code: 'TypeError' }, { ...good, code: '1st' }, { ...good, code: 'a b' }, { ...good, code: 'a'.repeat(41) },
    { ...good, code: ['a'] }, { ...good, version: '' }, { ...good, version: 'v 1' }, { ...good, version: 'x'.repeat(41) }, { ...good, version: 1 }, { ...good, code: 'a\n' }, { ...good, version: 'v1\n' }, { ...good, at: 'a.js:1\n' },
  ];
  for (const body of bad) {
    const answer = await report(body);
    t.equal(answer.status, 400, JSON.stringify(body));
    t.match(await answer.json(), { code: 'bad_error' });
  }
  t.equal((await report({ ...good, at: 'x'.repeat(2_000) })).status, 413);
  t.equal((await report('{', 'application/json')).status, 400);
  await report({ ...good, code: 'after_all_of_them' });
  t.ok(await listed({ code: 'after_all_of_them' }));
  await sql`delete from errors where code = 'after_all_of_them'`;
  t.same(await sql`select source, code, version, at, count from errors order by id`, before);
});

t.test('a storm of a thousand reports is a few writes', async (t) => {
  await sql`create table writes (at timestamptz default clock_timestamp())`;
  await sql.unsafe('create function written() returns trigger language plpgsql as $$ begin insert into writes default values; return null; end $$');
  await sql.unsafe('create trigger written after insert on errors for each statement execute function written()');
  const began = performance.now();
  await Promise.all(Array.from({ length: 1_000 }, (_, i) => report({ code: 'storm_error', version: 'v1', at: `storm.js:${i % 10}` })));
  const counted = async () => Number((await sql`select sum(count)::int as n from errors where code = 'storm_error'`)[0]?.n) === 1_000;
  t.ok(await until(counted, WRITTEN_WITHIN_MS), 'each is counted');
  const [written] = await sql<{ n: number }[]>`select count(*)::int as n from writes`;
  const most = Math.ceil((performance.now() - began) / 1_000) + 1;
  t.ok((written?.n ?? 0) >= 1 && (written?.n ?? 0) <= most, `${written?.n} writes, at most ${most}`);
  await sql`drop trigger written on errors`;
  await sql`drop table writes`;
});

t.test('strangers fill no more than their share: known errors are counted on, and ours have room', async (t) => {
  const noted = (groups: object[]) => sql`select code from note_errors(${sql.json(groups as never)}, 500)`;
  await noted(Array.from({ length: 700 }, (_, i) => ({ source: 'widget', code: `made_up_${i}`, version: 'v1', at: '', count: 1 })));
  const [held] = await sql`select count(*)::int as n from errors where source = 'widget'`;
  t.match(held, { n: 500 });
  t.same([...(await noted([{ source: 'widget', code: 'one_more', version: 'v1', at: '', count: 1 }]))], []);
  t.same([...(await noted([{ source: 'server', code: 'our_own', version: 'v1', at: '', count: 1 }]))], [{ code: 'our_own' }]);
  await noted([{ source: 'widget', code: 'made_up_1', version: 'v1', at: '', count: 5 }]);
  t.match(await sql`select count from errors where code = 'made_up_1'`, [{ count: '6' }]);
  t.equal((await list()).length, 200, 'a page shows what was last seen');
  await sql`delete from errors where code like 'made_up%' or code = 'our_own'`;
});

t.test('an error of ours is counted by the line of our own source it came from', async (t) => {
  const anna = await enter(server, 'feed', { id: idOf(1) });
  await anna.say('안녕하세요');
  await anna.close();
  const lines = (await readFile(new URL('../../src/http/feeds.ts', import.meta.url), 'utf8')).split('\n');
  const line = lines.findIndex((one) => one.includes('text.replace(/\\s+/g')) + 1;
  // A database that says something else than we read: of a row, its words are missing.
  await sql.unsafe('alter function row_json rename to whole_row_json');
  await sql.unsafe(`create function row_json(m messages) returns json language sql as $$ select (whole_row_json(m)::jsonb - 'text')::json $$`);
  const other = await openServer(database.url, { ERROR_DSN: sentry.dsn });
  const asked = await fetch(`${other.http}/api/v1/rooms/feed/feed.atom`);
  t.match([asked.status, await asked.json()], [500, { code: 'internal' }]);
  const at = `server/src/http/feeds.ts:${line}`;
  t.match(await listed({ source: 'server', code: 'type_error', at }), { version, count: 1 });
  t.ok(await handedOn((one) => JSON.stringify(eventOf(one)).includes(at)), 'and handed on');
  t.match(eventOf(sentry.received.find((one) => one.body.includes(at)) as Envelope), { platform: 'node', release: version, fingerprint: ['server', 'type_error', at] });
  await other.close();
  await sql.unsafe('drop function row_json(messages)');
  await sql.unsafe('alter function whole_row_json rename to row_json');
});

t.test('what is handed on has the form of Sentry’s envelopes, line by line', async (t) => {
  const at = 'index-COALBYgn.js:1:2345';
  await report({ code: 'range_error', version: 'v7', at });
  const envelope = (await handedOn(isOf('range_error'))) as Envelope;
  t.equal(envelope.path, '/under/api/42/envelope/');
  t.match(envelope.headers, { 'content-type': 'application/x-sentry-envelope', 'x-sentry-auth': `Sentry sentry_version=7, sentry_key=0123456789abcdef, sentry_client=aside/${version}` });
  t.equal(envelope.lines.length, 3);
  const [head, item, event] = envelope.lines as [Record<string, string>, Record<string, string>, Record<string, unknown>];
  t.match(head, { event_id: /^[\da-f]{32}$/, dsn: sentry.dsn.replace(':old-secret', '') });
  t.ok(Math.abs(Date.parse(head.sent_at ?? '') - Date.now()) < 60_000);
  t.same(Object.keys(head).sort(), ['dsn', 'event_id', 'sent_at']);
  t.same(item, { type: 'event' });
  const { timestamp, ...rest } = event;
  t.ok(Math.abs(Number(timestamp) * 1_000 - Date.now()) < 60_000);
  t.same(rest, {
    event_id: head.event_id, platform: 'javascript', level: 'error', release: 'v7', tags: { source: 'widget', code: 'range_error' },
    exception: { values: [{ type: 'range_error', value: 'range_error', stacktrace: { frames: [{ filename: 'index-COALBYgn.js', in_app: true, lineno: 1, colno: 2345 }] } }] }, fingerprint: ['widget', 'range_error', at],
  });
});

t.test('a group is handed on when it is new, and once a minute while it goes on', async (t) => {
  const fault = { code: 'often_error', version: 'v1' };
  const times = () => sentry.received.filter(isOf('often_error')).length;
  await report(fault);
  await handedOn(isOf('often_error'));
  await report(fault);
  t.ok(await listed({ code: 'often_error', count: 2 }));
  await sql`update errors set told_at = now() - interval '61 seconds' where code = 'often_error'`;
  await report(fault);
  t.equal(await until(() => times() === 2, WRITTEN_WITHIN_MS), true);
  t.equal(times(), 2, 'the second was not');
});

t.test('whoever takes them may be gone or hang: nothing waits for it, and that is no error', async (t) => {
  const deaf = await openSentry();
  deaf.hang();
  const other = await openServer(database.url, { ADMIN_TOKEN, ERROR_DSN: deaf.dsn });
  const tell = (code: string) => fetch(`${other.http}/api/v1/errors`, { method: 'POST', body: JSON.stringify({ code, version: 'v1' }) });
  await tell('while_it_hangs');
  t.ok(await until(() => deaf.received.length === 1, WRITTEN_WITHIN_MS));
  await deaf.close();
  await tell('while_it_is_gone');
  t.ok(await listed({ code: 'while_it_is_gone' }));
  const began = performance.now();
  await other.close();
  t.ok(performance.now() - began < 4_000, 'a stop does not wait for it');
  t.same(await sql`select code, at from errors where source = 'server' and code <> 'type_error'`, []);
});

t.test('what an error says is nowhere: not in the database, the log or an envelope, also of one that ends the process', async (t) => {
  const planted = `planted-${nanoid(12)}`;
  // Preloaded: a signal makes the process choke on a stranger's words, where nobody catches.
  const bomb = "data:text/javascript,process.on('SIGUSR1',()=>{setImmediate(()=>{JSON.parse(process.env.PLANTED);});});";
  const child = await openProcess(database.url, { ADMIN_TOKEN, ERROR_DSN: sentry.dsn, NODE_OPTIONS: `--import ${bomb}`, PLANTED: planted });
  t.teardown(() => child.close());
  process.kill(child.pid, 'SIGUSR1');
  t.ok(await listed({ source: 'server', code: 'syntax_error', version }), 'it is counted, in the last moment');
  t.ok(await handedOn(isOf('syntax_error')));
  t.ok(await until(() => child.log.includes('uncaught error'), WRITTEN_WITHIN_MS));
  t.match(child.log, '"type":"SyntaxError"');
  const all = { database: await dumpTables(sql), log: child.log, envelopes: sentry.received.map(({ body, path, headers }) => body + path + JSON.stringify(headers)).join('\n') };
  for (const [place, text] of Object.entries(all)) for (const part of [planted, planted.slice(0, 12)]) t.notMatch(text, part, `not in the ${place}`);
});

t.test('what is not seen again for ninety days is deleted', async (t) => {
  await sql`update errors set last_at = now() - interval '91 days' where code = 'storm_error'`;
  const retention = openRetention(database.url, { retentionDays: 0, backupDays: 35 });
  t.match(await retention.run(Date.now(), () => null), { errors: 10 });
  t.match(await sql`select count(*)::int as n from errors where code = 'storm_error'`, [{ n: 0 }]);
  t.ok((await list()).length > 0);
  t.match(await retention.run(Date.now() + 91 * DAY_MS, () => null), { errors: Number });
  t.same(await list(), []);
  await retention.close();
});
