import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { startDatabase } from '../../dev/database.ts';
import { run } from '../../dev/run.ts';
import { openProcess } from '../http/process.ts';
import { openClient, person } from '../support/client.ts';
import { openRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';
import { MONITORING, openPrometheus, shorten } from './prometheus.ts';

t.setTimeout(240_000);
/** How many times sooner than an operator would the alerts speak here. */
const TIMES = Number(process.env.ALERTS_SOONER ?? 40);
const WITHIN_MS = 90_000;
const TESTS = ['rules.test.yaml', 'rules-slow.test.yaml'];
const SOCKETS_MAX = 5;
const env = { ADMIN_TOKEN: 'a-token-for-tests-that-has-enough-letters', LOG_LEVEL: 'info' };

/** Rules beside the tests of ours, in a folder of their own. */
async function tryRules(t: Test, rules: string): Promise<{ code: number | null; output: string }> {
  const dir = await mkdtemp(path.join(tmpdir(), 'aside-rules-'));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  await writeFile(path.join(dir, 'rules.yaml'), rules);
  for (const file of TESTS) await writeFile(path.join(dir, file), await readFile(path.join(MONITORING, file)));
  return run('promtool', ['test', 'rules', ...TESTS], { cwd: dir });
}

t.test('the rules are rules, and each alert fires just above its bound and not just below', async (t) => {
  const checked = await run('promtool', ['check', 'rules', path.join(MONITORING, 'rules.yaml')]);
  t.equal(checked.code, 0, checked.output);
  const rules = await readFile(path.join(MONITORING, 'rules.yaml'), 'utf8');
  const tried = await tryRules(t, rules);
  t.equal(tried.code, 0, tried.output);
  t.equal((await run('promtool', ['check', 'config', '--syntax-only', path.join(MONITORING, 'prometheus.yaml')])).code, 0);
});

t.test('comparisons the wrong way round are caught', async (t) => {
  const rules = await readFile(path.join(MONITORING, 'rules.yaml'), 'utf8');
  const turned = rules.split('\n').flatMap((line, i, all) => (/^ +expr: .* [<>] [\d.]/.test(line) ? [all.with(i, line.replace(/ [<>] (?=[\d.])/, (sign) => (sign === ' > ' ? ' < ' : ' > '))).join('\n')] : []));
  t.ok(turned.length >= 12, `${turned.length} can be turned`);
  // Each takes as long as all of them do.
  const [first = '', last = ''] = [turned[0], turned.at(-1)];
  for (const one of [first, last]) t.not((await tryRules(t, one)).code, 0);
});

t.test('the Alertmanager of Debian takes all that is not newer than it', async (t) => {
  const dir = await mkdtemp(path.join(tmpdir(), 'aside-alertmanager-'));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  const text = await readFile(path.join(MONITORING, 'alertmanager.yaml'), 'utf8');
  t.match(text, /slack_configs[\s\S]*api_url_file[\s\S]*discord_configs[\s\S]*webhook_url_file/);
  await writeFile(path.join(dir, 'alertmanager.yaml'), text.replace(/webhook_url_file: .*/, 'webhook_url: https://discord.example/'));
  const checked = await run('amtool', ['check-config', path.join(dir, 'alertmanager.yaml')]);
  t.equal(checked.code, 0, checked.output);
});

t.test('shorter waits leave the bounds alone, but for those that are waits', async (t) => {
  const short = shorten('    interval: 30s\n        expr: rate(a[5m]) > 300 and max(aside_wal_archive_age_seconds) > 300\n        for: 10m\n', 60);
  t.equal(short, '    interval: 1s\n        expr: rate(a[5000ms]) > 300 and max(aside_wal_archive_age_seconds) > 5\n        for: 10000ms\n');
});

t.test('a Prometheus that scrapes real servers says nothing while they are well, and names what happens to them', async (t) => {
  // Not made here: as root, the database runs as another user, whose folder it must be.
  const dir = path.join(tmpdir(), `aside-alerts-${randomBytes(6).toString('hex')}`);
  const archive = `${dir}-archive`;
  await writeFile(archive, '');
  const database = await startDatabase({ dir, tethered: true, settings: { max_connections: '60', archive_mode: 'on', archive_command: `test -f ${archive}` } });
  const redis = await openRedis();
  const sql = postgres(database.url, { max: 3, onnotice: () => {} });
  const meeting = await openProcess(database.url, { ...env, REDIS_URL: redis.url, CONNECTIONS_MAX: String(SOCKETS_MAX) });
  const lonely = await openProcess(database.url, env);
  const third = await openProcess(database.url, env);
  const hostOf = (url: string): string => new URL(url).host;
  const prometheus = await openPrometheus([hostOf(meeting.metrics), hostOf(lonely.metrics), hostOf(third.metrics)], TIMES);
  const holding = postgres(database.url, { max: 45, onnotice: () => {} });
  let over = false;
  t.teardown(async () => {
    over = true;
    await prometheus.close();
    await Promise.all([meeting, lonely, third].map((one) => one.close()));
    await Promise.all([sql.end({ timeout: 1 }), holding.end({ timeout: 1 })]);
    await redis.close();
    await database.close({ patience: 0 });
    for (const one of [dir, archive]) await rm(one, { recursive: true, force: true });
  });
  const fires = async (t: Test, name: string): Promise<void> => { t.ok(await until(async () => (await prometheus.firing()).includes(name), WITHIN_MS), `${name} fires`); };
  const quietly = (work: Promise<unknown>): Promise<unknown> => work.catch(() => 'what is being broken may fail');

  await t.test('all is well, and none fires', async (t) => {
    t.ok(await until(async () => (await prometheus.read('min(count_over_time(aside_ready[1m]))') ?? 0) >= 10 && (await prometheus.read('count(aside_ready == 1)')) === 3, WITHIN_MS));
    t.same(await prometheus.firing(), []);
  });

  await t.test('what can be broken at the same time', async (t) => {
    await sql.unsafe(`create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(0.3); return new; end $$;
      create trigger dawdle before insert on messages for each row when (new.content = 'slowly') execute function dawdle()`);
    await rm(archive);
    const crowd = await Promise.all(Array.from({ length: SOCKETS_MAX }, () => openClient(meeting.ws, { room: 'full', ...person() })));
    const [anna] = crowd as [typeof crowd[0]];
    const ben = await openClient(lonely.ws, { room: 'behind', ...person() });
    const cleo = await openClient(lonely.ws, { room: 'restored', ...person() });
    const dora = await openClient(third.ws, { room: 'behind', ...person() });
    await cleo.say('before');
    // Nothing of these is over until its alert has fired.
    const speaking = (async () => { while (!over) await quietly(anna.say('slowly')); })();
    const writing = (async () => { for (let i = 0; !over && !(await prometheus.firing()).includes('HeadsBehind'); i += 1) await quietly(Promise.all(Array.from({ length: 150 }, (_, k) => dora.say(`${i}.${k}`)))); })();
    await Promise.all([
      redis.kill(),
      ...Array.from({ length: 45 }, () => holding`select pg_sleep(0.1)`),
      sql`select pg_switch_wal()`.then(() => sql`create table one_more_file ()`).then(() => sql`select pg_switch_wal()`),
      sql`update rooms set epoch = gen_random_uuid() where post_id = 'restored'`,
    ]);
    const doubting = (async () => { while (!over && !(await prometheus.firing()).includes('UnknownOutcomes')) await sql`select pg_terminate_backend(pid) from pg_stat_activity where state = 'active' and query like 'select append(%'`; })();
    await Promise.all(['ConnectionsNearCap', 'DeliverySlow', 'RedisGone', 'WalNotArchived', 'DatabaseConnectionsHigh', 'HeadsBehind', 'EpochChanged', 'UnknownOutcomes'].map((name) => fires(t, name)));
    over = true;
    await Promise.all([speaking, writing, doubting]);
    await holding.end({ timeout: 1 });
    await Promise.all([...crowd, ben, cleo, dora].map((one) => one.close()));
    over = false;
  });

  await t.test('a server that stands for moments again and again', async (t) => {
    const standing = setInterval(() => {
      process.kill(lonely.pid, 'SIGSTOP');
      setTimeout(() => process.kill(lonely.pid, 'SIGCONT'), 320);
    }, 400);
    await Promise.all(['EventLoopLate', 'Overloaded'].map((name) => fires(t, name)));
    clearInterval(standing);
    process.kill(lonely.pid, 'SIGCONT');
  });

  await t.test('the database is gone, and what is asked fails', async (t) => {
    await database.close({ patience: 0 });
    const asking = (async () => { while (!over) await quietly(fetch(`${meeting.http}/api/v1/rooms/unread`).then((answer) => answer.text())); })();
    await Promise.all(['DatabaseDown', 'ErrorsHigh'].map((name) => fires(t, name)));
    over = true;
    await asking;
  });

  await t.test('no server is left', async (t) => {
    await Promise.all([meeting, lonely, third].map((one) => one.close()));
    await fires(t, 'NoServer');
  });
});
