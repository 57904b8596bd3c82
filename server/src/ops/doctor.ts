import { readdir } from 'node:fs/promises';
import { connect } from 'node:tls';
import { WebSocket } from 'ws';
import { createRedisBus } from '../bus/redis.ts';
import type { Config } from '../config.ts';
import { openSql } from '../log/sql.ts';

/** `ok` null: nobody can say. */
type Finding = { look: string; ok: boolean | null; about: string };

const WITHIN_MS = 5_000;
const SKEW_MAX_MS = 1_000;
const FREE_CONNECTIONS_MIN = 20;
const ARCHIVE_AGE_MAX_S = 180;
const CERTIFICATE_DAYS_MIN = 14;

/** Looks at what this configuration leads to. False where something is wrong. */
export async function examine(config: Config, say: (line: string) => void): Promise<boolean> {
  const found = (await Promise.all([config.DATABASE_URL === '' ? [] : lookAtDatabase(config.DATABASE_URL), config.REDIS_URL ? lookAtRedis(config.REDIS_URL) : [], config.PUBLIC_URL === '' ? [] : lookFromOutside(config.PUBLIC_URL)])).flat();
  for (const { look, ok, about } of found) say(`${ok === null ? '–' : ok ? '✓' : '✗'} ${look}: ${about}`);
  return found.every(({ ok }) => ok !== false);
}

async function lookAtDatabase(url: string): Promise<Finding[]> {
  const sql = openSql(url, { max: 1 });
  try {
    const asked = Date.now();
    const [row] = await sql<{ version: string; number: number; now: number; used: number; most: number; superuser: boolean; archive: string; age: number | null; failed: boolean; known: boolean }[]>`
      select current_setting('server_version') as version, current_setting('server_version_num')::int as number, extract(epoch from clock_timestamp()) * 1000 as now,
        (select count(*)::int from pg_stat_activity) as used, current_setting('max_connections')::int as most, (select rolsuper from pg_roles where rolname = current_user) as superuser,
        current_setting('archive_mode') as archive, extract(epoch from now() - a.last_archived_time)::int as age, coalesce(a.last_failed_time > a.last_archived_time, a.last_failed_time is not null) as failed,
        to_regclass('migrations') is not null as known
      from pg_stat_archiver a`;
    if (!row) return [{ look: 'database', ok: false, about: 'it answers without a word' }];
    const skew = Math.round(Number(row.now) - (asked + Date.now()) / 2);
    const files = (await readdir(new URL('../../../sql/migrations/', import.meta.url))).filter((name) => name.endsWith('.sql'));
    const done = row.known ? (await sql<{ name: string }[]>`select name from migrations`).map(({ name }) => name) : [];
    const missing = files.filter((name) => !done.includes(name));
    return [
      { look: 'database', ok: row.number >= 150_000, about: `PostgreSQL ${row.version}` },
      { look: 'migrations', ok: missing.length === 0, about: missing.length === 0 ? `${files.length} made` : `${missing.join(', ')} not made: \`ops migrate\`, or the next start, makes them` },
      { look: 'role', ok: row.superuser ? null : true, about: row.superuser ? 'this role may do everything; one without superuser rights is enough' : 'not a superuser' },
      { look: 'connections', ok: row.most - row.used >= FREE_CONNECTIONS_MIN, about: `${row.used} of ${row.most} in use` },
      { look: 'clock', ok: Math.abs(skew) <= SKEW_MAX_MS, about: `the database's is ${Math.abs(skew)} ms ${skew < 0 ? 'behind' : 'ahead'}` },
      {
        look: 'archive', ok: row.archive === 'off' ? null : !row.failed && row.age !== null && row.age <= ARCHIVE_AGE_MAX_S,
        about: row.archive === 'off' ? 'off: only backups can be gone back to, no moment between' : row.failed ? 'the newest try failed' : row.age === null ? 'nothing was archived yet' : `the newest is ${row.age} s old`,
      },
    ];
  } catch (error) {
    return [{ look: 'database', ok: false, about: (error as Error).message }];
  } finally {
    await sql.end({ timeout: 2 });
  }
}

async function lookAtRedis(address: NonNullable<Config['REDIS_URL']>): Promise<Finding[]> {
  const heard = Promise.withResolvers<boolean>();
  const bus = createRedisBus(address, { hear() {}, overhear() {}, late() {}, turned: (deaf) => heard.resolve(deaf === null) });
  const timer = setTimeout(() => heard.resolve(bus.hears), WITHIN_MS);
  const ok = bus.hears || (await heard.promise);
  clearTimeout(timer);
  await bus.close();
  return [{ look: 'redis', ok, about: ok ? 'what is said on it is heard' : 'what is said on it is not heard: words of other servers come up to two seconds late' }];
}

async function lookFromOutside(home: string): Promise<Finding[]> {
  const reach = await fetch(`${home}/healthz`, { signal: AbortSignal.timeout(WITHIN_MS), redirect: 'error' }).then(async (answer) => {
    await answer.body?.cancel();
    return answer.ok ? '' : `it answers ${answer.status}`;
  }, (error: Error) => String((error.cause as Error | undefined)?.message ?? error.message));
  const opens = await new Promise<boolean>((resolve) => {
    const socket = new WebSocket(`${home.replace(/^http/, 'ws')}/ws`, { origin: home, handshakeTimeout: WITHIN_MS });
    socket.once('open', () => { resolve(true); socket.close(); });
    socket.once('error', () => { resolve(false); socket.terminate(); });
  });
  return [
    { look: 'reach', ok: reach === '', about: reach === '' ? `${home} answers` : `${home}: ${reach}` },
    { look: 'upgrade', ok: opens, about: opens ? 'sockets open' : 'no socket opens: what stands before the server does not pass upgrades on' },
    ...(home.startsWith('https:') ? [await lookAtCertificate(new URL(home))] : []),
  ];
}

async function lookAtCertificate({ hostname, port }: URL): Promise<Finding> {
  const days = await new Promise<number | null>((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) || 443, servername: hostname, timeout: WITHIN_MS }, () => {
      resolve(Math.floor((Date.parse(socket.getPeerCertificate().valid_to) - Date.now()) / 86_400_000));
      socket.destroy();
    });
    socket.once('error', () => resolve(null)).once('timeout', () => { socket.destroy(); resolve(null); });
  });
  return { look: 'certificate', ok: days !== null && days >= CERTIFICATE_DAYS_MIN, about: days === null ? 'none that is trusted' : `${days} days left` };
}
