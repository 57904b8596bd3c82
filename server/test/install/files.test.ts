import { glob, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Ajv } from 'ajv';
import t from 'tap';
import { parse } from 'yaml';
import { readCompose, type Service, secondsOf } from '../../dev/compose.ts';
import { ROOT } from '../../dev/places.ts';
import { readConfig, settings } from '../../src/config.ts';

const read = (file: string): Promise<string> => readFile(path.join(ROOT, file), 'utf8');
const ENV = { DOMAIN: 'chat.example.com', POSTGRES_PASSWORD: '0123456789abcdef', IDENTITY_SECRET: 'a secret that has at least 32 characters' };
const compose = (env: Record<string, string> = ENV) => readCompose(path.join(ROOT, 'compose.yaml'), env);
/** The newest copy of it that a package brings. */
const SCHEMA = path.join(path.dirname(createRequire(import.meta.url).resolve('dclint/package.json')), 'schemas/compose.schema.json');
const FINISH_S = 10;

t.test('compose.yaml keeps to the schema of the Compose specification', async (t) => {
  const { $schema: _, ...schema } = JSON.parse(await readFile(SCHEMA, 'utf8'));
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
  const faults = (file: object) => (validate(file) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`));
  const file = parse(await read('compose.yaml'), { merge: true });
  t.same(faults(file), []);
  file.services.server.stop_grace = '20s';
  t.match(faults(file), [/\/services\/server must NOT have additional properties/], 'and one that does not is seen');
});

t.test('every variable that compose.yaml gives the server is a setting, and together they are a whole configuration', async (t) => {
  const { services } = await compose();
  const given = { NODE_ENV: 'production', ...services.server?.environment };
  t.same(Object.keys(given).filter((name) => name !== 'NODE_ENV' && !(name in settings)), []);
  t.match(readConfig(given), { PUBLIC_URL: 'https://chat.example.com', HOST: '0.0.0.0', PORT: 8080, TRUST_PROXY_HOPS: 1, METRICS_HOST: '127.0.0.1' });
});

t.test('without a line of .env nothing starts, and all that is missing is named', async (t) => {
  await t.rejects(compose({}), { message: 'DOMAIN is missing in .env, POSTGRES_PASSWORD is missing in .env, IDENTITY_SECRET is missing in .env' });
  await t.rejects(compose({ ...ENV, DOMAIN: '' }), { message: 'DOMAIN is missing in .env' });
});

t.test('the server may take as long to stop as it takes', async (t) => {
  const { server } = (await compose()).services;
  const { DRAIN_SECONDS } = readConfig({ ...ENV, ...server?.environment });
  t.ok(secondsOf(server?.stop_grace_period) > DRAIN_SECONDS + FINISH_S);
  t.match(await read('server/src/main.ts'), `FINISH_MS = ${FINISH_S}_000;`);
});

t.test('only Caddy is reachable from outside, and the server can write nowhere and become nobody else', async (t) => {
  const { services } = await compose();
  t.same(Object.entries(services).filter(([, { ports }]) => ports).map(([name]) => name), ['caddy']);
  t.match(await read('Caddyfile'), `reverse_proxy server:${services.server?.environment?.PORT} {`);
  t.match(services.server, { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] } satisfies Service);
});

t.test('the image is made of the Node of the lockfile, runs as a number that is not root, and starts Node itself', async (t) => {
  const dockerfile = await read('Dockerfile');
  const { version, optionalDependencies } = JSON.parse(await read('package.json'));
  for (const pin of Object.values(optionalDependencies)) t.match(dockerfile, `ARG NODE_IMAGE=node:${pin}-bookworm-slim\n`);
  t.match(dockerfile, `org.opencontainers.image.version="${version}"`);
  t.match(dockerfile, /^USER [1-9]\d{4,}:[1-9]\d{4,}$/m);
  t.match(dockerfile, /^ENTRYPOINT \["node", "server\/src\/main\.ts"\]$/m);
  const given = [...dockerfile.matchAll(/^ENV (.+)$/gm)].flatMap(([, line = '']) => line.split(' ').map((one) => one.split('=')[0] ?? ''));
  t.same(given.filter((name) => name !== 'NODE_ENV' && !(name in settings)), []);
});

t.test('a build sees what it needs and nothing that lies beside it', async (t) => {
  const [first, ...rules] = (await read('.dockerignore')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  t.equal(first, '*', 'everything is kept out that is not named');
  t.same(rules.filter((rule) => !rule.startsWith('!')), []);
  const copied = [...(await read('Dockerfile')).matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));
  const named = rules.map((rule) => rule.slice(1));
  t.same(copied.filter((source) => !named.some((one) => one === source || source.startsWith(`${one}/`) || one.startsWith(`${source}/`))), []);
  t.same((await Array.fromAsync(glob('widget/*.html', { cwd: ROOT }))).filter((page) => !named.includes(page)), [], 'every page of the widget');
  t.same(named.filter((one) => ['server', 'widget', 'embed-demo', 'sql'].includes(one) || /(^|\/)(\.env|\.data|node_modules|dist|test|dev)(\/|$)/.test(one)), []);
});
