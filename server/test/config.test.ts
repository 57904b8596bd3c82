import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { type Config, ConfigError, readConfig, settings } from '../src/config.ts';

const needed = { DATABASE_URL: 'postgres://localhost/aside', IDENTITY_SECRET: 'a secret that has at least 32 characters' };
const bad: Record<string, string> = {
  PORT: '70000', PUBLIC_URL: 'chat.example/path', IDENTITY_SECRET: 'short', FRAME_ANCESTORS: 'blog.example; script-src *', TRUST_PROXY_HOPS: '-1', LOG_LEVEL: 'loud',
  METRICS_PORT: 'x', DRAIN_SECONDS: '1.5', ROOM_MESSAGES_PER_S: '0', ROOM_BYTES_PER_S: '1', SENDER_MESSAGES_PER_S: 'many', FRAMES_PER_MINUTE: '9', CONNECTIONS_PER_ADDRESS: '0', CONNECTIONS_MAX: '-5', ADMIN_TOKEN: 'short', STREAM_ALLOW: 'https://media.example/', STREAM_CACHE_MB: '1',
  REDIS_URL: 'http://redis.example', WORKERS: '0', SHED: 'typing,words', ERROR_DSN: 'https://sentry.example/42',
};

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

t.test('whatever is wrong, all of it is told at once, and nothing else', async (t) => {
  fc.assert(fc.property(fc.subarray(Object.keys(bad)), (names) => {
    const env = { ...needed, ...Object.fromEntries(names.map((name) => [name, bad[name] ?? ''])) };
    const told = problemsOf(env).map((problem) => problem.split(' ')[0]);
    return told.length === names.length && names.every((name) => told.includes(name));
  }));
  t.same(problemsOf({ NODE_ENV: 'production' }).map((problem) => problem.split(' ')[0]).sort(), ['DATABASE_URL', 'IDENTITY_SECRET', 'PUBLIC_URL']);
  t.match(problemsOf({ PORT: 'x' }).length, 3);
});

t.test('it never throws anything but its problems, and never accepts what breaks a setting', async (t) => {
  fc.assert(fc.property(fc.dictionary(fc.constantFrom(...Object.keys(settings)), fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('0', '1', '8080', '*', 'https://a.example', 'info', ''))), (env) => {
    let config: Config;
    try {
      config = readConfig({ ...needed, ...env });
    } catch (error) {
      return error instanceof ConfigError && error.problems.length > 0;
    }
    const numbers = Object.values(config).filter((value) => typeof value === 'number');
    return numbers.every(Number.isInteger) && config.PORT <= 65_535 && config.IDENTITY_SECRET.every((secret) => secret.length >= 32)
      && !/[;,\n\r]/.test(config.FRAME_ANCESTORS) && (config.PUBLIC_URL === '' || new URL(config.PUBLIC_URL).origin === config.PUBLIC_URL) && Object.isFrozen(config);
  }), { numRuns: 2_000 });
  t.pass();
});

t.test('an empty variable is an unset one', async (t) => {
  const config = readConfig({ ...needed, PORT: '', LOG_LEVEL: '', DATABASE_URL_FILE: '' });
  t.match(config, { PORT: 8080, LOG_LEVEL: 'info', HOST: '127.0.0.1', FRAME_ANCESTORS: '*' });
});

t.test('a secret may stand in a file named by its twin; both at once is a fault, and so is a file that cannot be read', async (t) => {
  const dir = await mkdtemp(path.join(tmpdir(), 'aside-config-'));
  t.teardown(() => rm(dir, { recursive: true }));
  const file = path.join(dir, 'secret');
  await writeFile(file, `${needed.IDENTITY_SECRET}\n`);
  const { IDENTITY_SECRET: _, ...rest } = needed;
  t.same(readConfig({ ...rest, IDENTITY_SECRET_FILE: file }).IDENTITY_SECRET, [needed.IDENTITY_SECRET], 'without the line break behind it');
  t.match(problemsOf({ ...needed, IDENTITY_SECRET_FILE: file }), [/^IDENTITY_SECRET and IDENTITY_SECRET_FILE are both set/]);
  t.match(problemsOf({ ...needed, IDENTITY_SECRET_FILE: path.join(dir, 'none') })[0], /^IDENTITY_SECRET/);
  t.match(problemsOf({ ...rest, IDENTITY_SECRET_FILE: path.join(dir, 'none') })[0], /IDENTITY_SECRET_FILE names a file that cannot be read/);
  t.equal(readConfig({ ...needed, LOG_LEVEL_FILE: file }).LOG_LEVEL, 'info', 'what is no secret has no twin');
});

t.test('an address for errors is read as Sentry gives it', async (t) => {
  const read = (ERROR_DSN: string) => readConfig({ ...needed, ERROR_DSN }).ERROR_DSN;
  t.same(read('https://abc123@o1.ingest.sentry.example/42'), { address: 'https://abc123@o1.ingest.sentry.example/42', url: 'https://o1.ingest.sentry.example/api/42/envelope/', key: 'abc123' });
  t.same(read('http://abc:old@glitch.example:8000/under/it/7'), { address: 'http://abc@glitch.example:8000/under/it/7', url: 'http://glitch.example:8000/under/it/api/7/envelope/', key: 'abc' });
  for (const wrong of ['https://sentry.example/42', 'https://abc@sentry.example', 'https://abc@sentry.example/', 'https://abc@sentry.example/42/', 'https://abc@sentry.example/42?x=1', 'ftp://abc@sentry.example/42', 'https://a%20b@sentry.example/42', 'abc']) {
    t.match(problemsOf({ ...needed, ERROR_DSN: wrong }), [/^ERROR_DSN must be https:\/\/key@host\/project/], wrong);
  }
});

t.test('no fault tells a secret', async (t) => {
  const secret = 'hunter2-is-short';
  for (const env of [{ IDENTITY_SECRET: secret }, { IDENTITY_SECRET: `${secret},${secret},${secret}` }, { ERROR_DSN: `https://${secret}:${secret}@sentry.example` }, { DATABASE_URL: `postgres://aside:${secret}@db/aside`, PORT: 'x' }]) {
    const problems = problemsOf({ ...needed, ...env });
    t.ok(problems.length > 0);
    t.notMatch(problems.join('\n'), secret);
  }
});

t.test('a secret that is being changed is two, the new one first', async (t) => {
  const [now, before] = ['n'.repeat(32), 'b'.repeat(32)];
  t.same(readConfig({ ...needed, IDENTITY_SECRET: `${now} , ${before}` }).IDENTITY_SECRET, [now, before]);
  t.match(problemsOf({ ...needed, IDENTITY_SECRET: `${now},short` }), [/^IDENTITY_SECRET must have at least 32/]);
  t.match(problemsOf({ ...needed, IDENTITY_SECRET: `${now},${before},${now}` }), [/^IDENTITY_SECRET takes at most two/]);
});

t.test('where servers meet is read whole, and what would mean another machine is a fault', async (t) => {
  const read = (REDIS_URL: string) => readConfig({ ...needed, REDIS_URL }).REDIS_URL;
  t.same(read('redis://redis.example'), { cluster: false, urls: ['redis://redis.example'] });
  t.same(read('rediss://me:p%40ss@redis.example:6380/1'), { cluster: false, urls: ['rediss://me:p%40ss@redis.example:6380/1'] });
  t.same(read('redis+cluster://:word@a:7000,b:7001'), { cluster: true, urls: ['redis://:word@a:7000', 'redis://:word@b:7001'] });
  for (const wrong of ['redis://a,b', 'redis+cluster://a:7000,', 'redis+cluster://,', 'redis://me:100%@a', 'redis://', 'redis.example:6379', 'redis+cluster://a:7000/x']) {
    t.match(problemsOf({ ...needed, REDIS_URL: wrong }), [/^REDIS_URL must be/], wrong);
  }
  t.match(problemsOf({ ...needed, WORKERS: '2' }), [/^WORKERS above 1 needs REDIS_URL/]);
  t.same(problemsOf({ ...needed, WORKERS: '2', ROLES: 'stream' }).filter((problem) => problem.includes('REDIS_URL')), []);
});

t.test('roles that are apart are told where the other is, and one that has both is not', async (t) => {
  const { DATABASE_URL: _, ...bare } = needed as Record<string, string>;
  t.equal(readConfig({ ...bare, ROLES: 'stream', CHAT_URL: 'http://chat:9090' }).CHAT_URL, 'http://chat:9090', 'it needs no database');
  t.match(problemsOf({ ...bare, ROLES: 'stream' }), [/^DATABASE_URL is missing/]);
  t.match(problemsOf({ ...needed, CHAT_URL: 'http://chat:9090' }), [/^CHAT_URL is for ROLES=stream/]);
  t.match(problemsOf({ ...needed, EGRESS_URL: 'http://stream:9090' }), [/^EGRESS_URL is for ROLES=chat/]);
  t.equal(readConfig({ ...needed, ROLES: 'chat', EGRESS_URL: 'http://stream:9090' }).EGRESS_URL, 'http://stream:9090');
});
