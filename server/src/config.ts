import { readFileSync } from 'node:fs';

/** One environment variable: how it is read, what it does, and what it is when unset. */
type Setting<T> = { about: string; fallback: T; read: (text: string) => T | Problem; secret?: true };
type Problem = { problem: string };

/** Everything the server takes from outside. README's table and `.env.example` are printed from this. */
export const settings = {
  PORT: { about: 'Port of the chat', fallback: 8080, read: whole(0, 65_535) },
  HOST: { about: 'Address to listen on; `0.0.0.0` for every network of the machine', fallback: '127.0.0.1', read: text },
  PUBLIC_URL: { about: 'The address readers know the server by; needed in production', fallback: '', read: webOrigin },
  DATABASE_URL: { about: 'PostgreSQL 15 or newer; `pnpm start` brings its own when unset', fallback: '', read: text, secret: true },
  REDIS_URL: { about: 'Where several servers meet: `redis://…`, `rediss://…` for TLS, `redis+cluster://a:6379,b:6379`; Redis 7 or newer', fallback: null, read: redis, secret: true },
  IDENTITY_SECRET: { about: 'At least 32 characters, made once; `new,old` while it is being changed', fallback: [], read: secrets, secret: true },
  ADMIN_TOKEN: { about: 'At least 32 characters: who brings it owns the installation; without one, who opens the link that the first start prints', fallback: '', read: token, secret: true },
  UNDO_HOURS: { about: 'How long what a moderator did can be undone, and what they took away is kept', fallback: 24, read: whole(1, 8_760) },
  RETENTION_DAYS: { about: 'How long messages are kept, in days; 0: for ever', fallback: 90, read: whole(0, 36_500) },
  BACKUP_DAYS: { about: 'How long you keep copies of the database, in days: so long the erasure log remembers what must be erased from them again', fallback: 35, read: whole(1, 3_650) },
  ROLES: { about: '`chat` `stream`, or both: what this process does; where they are apart, `/stream/` leads to the second', fallback: ['chat', 'stream'], read: someOf('chat', 'stream') },
  CHAT_URL: { about: 'For `ROLES=stream` without a database: `http://host:9090`, the `METRICS_PORT` of the servers that chat, which know what streams are attached', fallback: '', read: webOrigin },
  EGRESS_URL: { about: 'For a server that may not reach the internet: `http://host:9090`, the `METRICS_PORT` of the servers that show streams, through which it asks', fallback: '', read: webOrigin },
  FRAME_ANCESTORS: { about: 'Which blogs may frame the chat: origins separated by blanks', fallback: '*', read: ancestors },
  TRUST_PROXY_HOPS: { about: 'How many proxies of yours stand before the server', fallback: 0, read: whole(0, 10) },
  LOG_LEVEL: { about: '`fatal` `error` `warn` `info` `debug` `trace` `silent`', fallback: 'info', read: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent') },
  METRICS_HOST: { about: 'Address of `/metrics`, never the public one', fallback: '127.0.0.1', read: text },
  METRICS_PORT: { about: 'Port of `/metrics`; 0 takes a free one', fallback: 9090, read: whole(0, 65_535) },
  CANARY_SECONDS: { about: 'How often the canary (`node server/src/ops.ts canary`) says something', fallback: 5, read: whole(1, 3_600) },
  CANARY_ROOM: { about: 'The room the canary speaks in, on a site of its own; each canary needs another', fallback: 'canary', read: text },
  OTEL_EXPORTER_OTLP_ENDPOINT: { about: 'Where traces go by OTLP over HTTP: `http://collector:4318`; none are made without, see docs/tracing.md', fallback: '', read: webAddress },
  OTEL_SERVICE_NAME: { about: 'What traces call this server', fallback: 'aside', read: text },
  OTEL_TRACES_SAMPLER_ARG: { about: 'Which part of all messages and requests is traced, 0 to 1', fallback: 1, read: share },
  DRAIN_SECONDS: { about: 'How long a stopping server takes to send its readers elsewhere', fallback: 20, read: whole(0, 600) },
  ROOM_MESSAGES_PER_S: { about: 'Messages a second one room takes', fallback: 50, read: whole(1, 1_000_000) },
  ROOM_BYTES_PER_S: { about: 'Bytes of words a second one room takes', fallback: 32_768, read: whole(1_024, 1_000_000_000) },
  SENDER_MESSAGES_PER_S: { about: 'Messages a second one person may send, over a burst of five', fallback: 1, read: whole(1, 1_000_000) },
  REPEAT_SECONDS: { about: 'For how long one person may not say the same again in a room; 0: as often as they like, and what only fills the screen too', fallback: 30, read: whole(0, 86_400) },
  WORDS: { about: '`standard` `none`: whether our own word lists hold for sites that have said nothing of theirs', fallback: 'standard', read: oneOf('standard', 'none') },
  SHIELD: { about: '`on` `off`: whether a room that is raided defends itself', fallback: 'on', read: oneOf('on', 'off') },
  HOOK_URL: { about: 'Asked before words are saved: a judge of your own, see docs/moderation.md', fallback: '', read: webAddress },
  HOOK_SECRET: { about: 'At least 32 characters: signs what is asked of `HOOK_URL`', fallback: '', read: token, secret: true },
  HOOK_FAILS: { about: '`open` `closed`: whether words pass while `HOOK_URL` does not answer within 0.8 s', fallback: 'open', read: oneOf('open', 'closed') },
  ERROR_DSN: { about: 'Where errors are handed on to, in the form of Sentry’s envelopes: `https://key@host/project`', fallback: null, read: dsn, secret: true },
  FRAMES_PER_MINUTE: { about: 'Frames of any kind a minute on one connection', fallback: 120, read: whole(10, 100_000_000) },
  REQUESTS_PER_MINUTE: { about: 'Pages and API requests a minute from one address', fallback: 600, read: whole(1, 100_000_000) },
  CONNECTIONS_PER_ADDRESS: { about: 'Connections at a time from one address (IPv6: one /64)', fallback: 200, read: whole(1, 1_000_000) },
  STREAM_ALLOW: { about: 'Hosts (`host` or `host:port`, separated by blanks) that streams may come from though they are private', fallback: [], read: hosts },
  WEBHOOK_ALLOW: { about: 'Hosts (`host` or `host:port`, separated by blanks) that webhooks may reach though they are private', fallback: [], read: hosts },
  STREAM_CACHE_MB: { about: 'Memory for segments that many watch', fallback: 512, read: whole(16, 1_000_000) },
  SHED: { about: 'What is turned off while there is too much to do, separated by commas: `typing` `names` `reactions` `previews` `streams`', fallback: [], read: someOf('typing', 'names', 'reactions', 'previews', 'streams') },
  WORKERS: { about: 'Processes that share the port of one Linux machine and meet on Redis; their `/metrics` are on `METRICS_PORT` and the ports after it', fallback: 1, read: whole(1, 256) },
  CONNECTIONS_MAX: { about: 'Connections at a time in all, of each process', fallback: 15_000, read: whole(1, 1_000_000) },
} as const satisfies Record<string, Setting<unknown>>;

type Read<S> = S extends { read: (text: string) => infer T } ? Exclude<T, Problem> : never;
export type Config = { readonly [K in keyof typeof settings]: Read<(typeof settings)[K]> } & { readonly production: boolean };

/** The environment as values, or one error that names every fault at once. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const values = readValues(env, Object.keys(settings), problems);
  const production = env.NODE_ENV === 'production';
  if (values.CHAT_URL && String(values.ROLES).includes('chat')) problems.push('CHAT_URL is for ROLES=stream alone');
  if (values.EGRESS_URL && String(values.ROLES).includes('stream')) problems.push('EGRESS_URL is for ROLES=chat alone: what shows streams has to reach their origins');
  if (values.DATABASE_URL === '' && values.CHAT_URL === '') problems.push('DATABASE_URL is missing (`pnpm start` would bring a database of its own)');
  if (Array.isArray(values.IDENTITY_SECRET) && values.IDENTITY_SECRET.length === 0) {
    problems.push('IDENTITY_SECRET is missing: without a lasting one, every reader is a stranger after each restart');
  }
  if (production && values.PUBLIC_URL === '') problems.push('PUBLIC_URL is missing: in production links and the Origin check need it');
  if (values.HOOK_URL && !values.HOOK_SECRET) problems.push('HOOK_URL needs HOOK_SECRET, which signs what is asked');
  if (Number(values.WORKERS) > 1) {
    if (values.REDIS_URL === null && String(values.ROLES).includes('chat')) problems.push('WORKERS above 1 needs REDIS_URL, where they meet');
    if (values.PORT === 0) problems.push('WORKERS above 1 needs a PORT to share, not 0');
    if (process.platform !== 'linux') problems.push('WORKERS above 1 works on Linux only');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze({ ...values, production }) as Config;
}

/** The settings of a command that is no server and knows none of its secrets. */
export function readSome<K extends keyof typeof settings>(env: NodeJS.ProcessEnv, names: readonly K[]): Pick<Config, K> {
  const problems: string[] = [];
  const values = readValues(env, names, problems);
  for (const name of names) if (values[name] === '') problems.push(`${name} is missing`);
  if (problems.length > 0) throw new ConfigError(problems);
  return values as Pick<Config, K>;
}

function readValues(env: NodeJS.ProcessEnv, names: readonly string[], problems: string[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of names) {
    const setting: Setting<unknown> = settings[name as keyof typeof settings];
    const given = read(env, name, setting.secret ?? false, problems);
    const value = given === undefined ? setting.fallback : setting.read(given);
    if (isProblem(value)) problems.push(`${name} ${value.problem}`);
    else values[name] = value;
  }
  return values;
}

/** What holds, for who may see it: of a secret, only whether there is one. */
export function showSettings(config: Config): { name: string; about: string; value: string | null; isSet: boolean; secret: boolean }[] {
  return Object.entries<Setting<unknown>>(settings).map(([name, { about, secret = false, fallback }]) => {
    const value = config[name as keyof typeof settings];
    const isSet = JSON.stringify(value) !== JSON.stringify(fallback);
    return { name, about, value: secret ? null : Array.isArray(value) ? value.join(' ') : String(value ?? ''), isSet, secret };
  });
}

export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The environment has ${problems.length === 1 ? 'a fault' : `${problems.length} faults`}:\n${problems.map((one) => `  - ${one}`).join('\n')}`);
    this.problems = problems;
  }
}

/** A secret may stand in a file, named by its `_FILE` twin. */
function read(env: NodeJS.ProcessEnv, name: string, secret: boolean, problems: string[]): string | undefined {
  const file = secret ? env[`${name}_FILE`] : undefined;
  if (file === undefined || file === '') return env[name] === '' ? undefined : env[name];
  if (env[name]) problems.push(`${name} and ${name}_FILE are both set; keep one`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    problems.push(`${name}_FILE names a file that cannot be read`);
    return undefined;
  }
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'problem' in value;
}

function text(value: string): string {
  return value;
}

function whole(min: number, max: number) {
  return (value: string): number | Problem => {
    const number = Number(value);
    return Number.isInteger(number) && number >= min && number <= max ? number : { problem: `must be a whole number from ${min} to ${max}, not "${value}"` };
  };
}

function share(value: string): number | Problem {
  const number = Number(value);
  return number >= 0 && number <= 1 ? number : { problem: `must be a number from 0 to 1, not "${value}"` };
}

function oneOf<const T extends string>(...allowed: T[]) {
  return (value: string): T | Problem => allowed.find((one) => one === value) ?? { problem: `must be one of ${allowed.join(', ')}, not "${value}"` };
}

function someOf<const T extends string>(...allowed: T[]) {
  return (value: string): T[] | Problem => {
    const all = value.trim().split(/[\s,]+/);
    const known = allowed.filter((one) => all.includes(one));
    return all.every((one) => known.some((other) => other === one)) ? known : { problem: `must be some of ${allowed.join(', ')}, not "${value}"` };
  };
}

function secrets(value: string): string[] | Problem {
  const parts = value.split(',').map((one) => one.trim());
  if (parts.length > 2) return { problem: 'takes at most two secrets, the new and the old' };
  return parts.every((one) => one.length >= 32) ? parts : { problem: 'must have at least 32 characters (each, when there are two)' };
}

function webOrigin(value: string): string | Problem {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return { problem: `must be an http(s) address, not "${value}"` };
  return url.pathname === '/' && url.search === '' ? url.origin : { problem: `must have no path, not "${value}"` };
}

function webAddress(value: string): string | Problem {
  return URL.canParse(value) && /^https?:\/\//.test(value) ? value : { problem: 'must be an http(s) address' };
}

/** As Sentry gives it; a secret after the key, as old ones have, is let go. It is not repeated: who has it may report. */
function dsn(value: string): { address: string; url: string; key: string } | null | Problem {
  const url = URL.canParse(value) ? new URL(value) : null;
  const [, path = '', project = ''] = /^((?:\/[\w.-]+)*)\/([\w-]+)$/.exec(url?.pathname ?? '') ?? [];
  if (!url || !/^https?:$/.test(url.protocol) || !/^[\w-]+$/.test(url.username) || project === '' || url.search !== '' || url.hash !== '') return { problem: 'must be https://key@host/project, as Sentry shows it' };
  return { address: `${url.protocol}//${url.username}@${url.host}${path}/${project}`, url: `${url.origin}${path}/api/${project}/envelope/`, key: url.username };
}

function ancestors(value: string): string | Problem {
  const source = /^(\*|'self'|'none'|https?:\/\/(\*\.)?[a-z0-9.-]+(:(\d+|\*))?)$/i;
  const origins = value.trim().split(/\s+/);
  return origins.every((one) => source.test(one)) ? origins.join(' ') : { problem: 'must be origins such as https://blog.example, separated by blanks' };
}

function redis(value: string): { cluster: boolean; urls: string[] } | null | Problem {
  const [, scheme = '', cluster, who = '', hosts = '', tail = ''] = /^(rediss?)(\+cluster)?:\/\/([^@/]*@)?([^@/]+)(\/\d*)?$/.exec(value) ?? [];
  const urls = hosts.split(',').map((host) => `${scheme}://${who}${host}${cluster ? '' : tail}`);
  const right = scheme !== '' && urls.every((url) => URL.canParse(url) && new URL(url).hostname !== '' && isEscaped(who)) && (cluster !== undefined || urls.length === 1);
  // It may hold a password: it is not repeated.
  return right ? { cluster: cluster !== undefined, urls } : { problem: 'must be redis://user:password@host:6379, rediss://… or redis+cluster://host:6379,host:6379' };
}

/** A bare % in a password would be an error much later. */
function isEscaped(text: string): boolean {
  return !/%(?![\da-f]{2})/i.test(text);
}

function token(value: string): string | Problem {
  return /^[\x21-\x7e]{32,}$/.test(value) ? value : { problem: 'must have at least 32 characters, and no blanks' };
}

function hosts(value: string): string[] | Problem {
  const all = value.trim().split(/\s+/);
  return all.every((one) => /^(\[[\da-f:.]+\]|[a-z\d.-]+)(:\d{1,5})?$/i.test(one)) ? all : { problem: 'must be hosts such as media.example or 10.0.0.5:8888, separated by blanks' };
}
