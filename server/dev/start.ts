import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { startOrigin } from '../../embed-demo/origin/origin.ts';
import { startBlog } from '../../embed-demo/serve.ts';
import { keepSecret } from './cluster.ts';
import { keepDatabase } from './database-keeper.ts';
import { claim } from './lock.ts';
import { openDataDir, ROOT } from './places.ts';
import { offerOwnership } from './owner.ts';
import { checkPort, readPort } from './ports.ts';
import { keepServer } from './server-keeper.ts';
import { buildWidget } from './widget.ts';

/** `pnpm start`: everything a reader needs to talk on this machine, from one process that ends all of it. */
const MS_FOR_SERVER = 1_500;
const SECONDS_FOR_DATABASE = 1;
/** One Ctrl-C may arrive twice, from the terminal and again from pnpm; a person is slower. */
const MS_BETWEEN_SIGNALS = 400;

const closings: ((hurry: boolean) => Promise<void>)[] = [];
const ending = new AbortController();
// Above the first await: a signal that comes while it starts finds nothing that stands below.
let stoppedAt = 0;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

try {
  await start();
} catch (error) {
  await fail(error);
}

async function start(): Promise<void> {
  const host = process.env.HOST || '127.0.0.1';
  const port = readPort('PORT', 8080);
  const demoPort = readPort('DEMO_PORT', 8081);
  const dataDir = await openDataDir();
  closings.push(await claim(path.join(dataDir, 'start.pid')));
  await checkPort(host, port, 'PORT');
  await checkPort(host, demoPort, 'DEMO_PORT');

  const [env] = await Promise.all([openEnvironment(dataDir), buildOnce()]);
  const metricsPort = process.env.METRICS_PORT ?? (await checkPort('127.0.0.1', 9090, '').then(() => '9090', () => '0'));
  if (ending.signal.aborted) return;
  const here = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const chatUrl = `http://${here}:${port}`;
  const logFile = path.join(dataDir, 'server.log');
  const main = path.join(ROOT, 'server/src/main.ts');
  const origin = await startOrigin({ port: 0, host: '127.0.0.1' });
  closings.push(origin.close);
  const { host: originHost } = new URL(origin.url);
  const settings = { STREAM_ALLOW: [env.STREAM_ALLOW, originHost].filter(Boolean).join(' '), HOST: host, PORT: String(port), METRICS_PORT: metricsPort, DRAIN_SECONDS: process.env.DRAIN_SECONDS ?? '0' };
  const server = await keepServer({ main, env: { ...env, ...settings }, readyUrl: `${chatUrl}/readyz`, logFile, say });
  closings.push((hurry) => server.close(hurry ? 0 : MS_FOR_SERVER));
  server.lost.catch(fail);
  const blog = await startBlog({ port: demoPort, host, chatUrl });
  closings.push(blog.close);
  await server.ready;
  if (env.ADMIN_TOKEN) await attachStream(chatUrl, env.ADMIN_TOKEN, `${origin.url}/live/master.m3u8?back=120`);
  const owner = env.ADMIN_TOKEN ? await offerOwnership(chatUrl, env.ADMIN_TOKEN).catch(() => null) : null;
  report({ blogUrl: blog.url, chatUrl, host, port, demoPort, dataDir, logFile, owner });
}

/** A database of the operator's own comes with a secret of their own; else both are made once and kept together. */
async function openEnvironment(dataDir: string): Promise<NodeJS.ProcessEnv> {
  if (process.env.DATABASE_URL || process.env.DATABASE_URL_FILE) return process.env;
  const opening = keepDatabase(path.join(dataDir, 'database'), say, ending.signal);
  closings.push(async (hurry) => (await opening.catch(() => null))?.close({ patience: hurry ? 0 : SECONDS_FOR_DATABASE }));
  const database = await opening;
  database.lost.catch(fail);
  if (database.adopted) say('A database was still running on this folder; it is used as it is.');
  const own = async (name: 'IDENTITY_SECRET' | 'ADMIN_TOKEN', file: string) =>
    (process.env[name] || process.env[`${name}_FILE`] ? {} : { [name]: await keepSecret(path.join(dataDir, file), () => randomBytes(32).toString('base64url')) });
  return { ...process.env, DATABASE_URL: database.url, ...await own('IDENTITY_SECRET', 'identity-secret'), ...await own('ADMIN_TOKEN', 'admin-token') };
}

/** The demo blog's own stream, under an address that is another at each start. */
async function attachStream(chatUrl: string, token: string, url: string): Promise<void> {
  const answer = await fetch(`${chatUrl}/api/v1/rooms/slow-light/stream`, { method: 'PUT', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ url, title: '느린 빛' }) });
  if (!answer.ok) say(`The demo's stream was not taken: ${await answer.text()}`);
}

async function buildOnce(): Promise<void> {
  if (await buildWidget(ROOT, ending.signal)) say('The widget is built.');
}

function report({ blogUrl, chatUrl, host, port, demoPort, dataDir, logFile, owner }: Record<'blogUrl' | 'chatUrl' | 'host' | 'dataDir' | 'logFile', string> & Record<'port' | 'demoPort', number> & { owner: string | null }): void {
  const lan = host === '0.0.0.0' || host === '::' ? findLanAddress() : null;
  const rows = [
    ['Demo blog', blogUrl],
    ['Chat', `${chatUrl}/room/hello`],
    ...(lan ? [['On your network', `http://${lan}:${demoPort} (chat at http://${lan}:${port})`]] : []),
    ...(process.env.DATABASE_URL || process.env.DATABASE_URL_FILE ? [] : [['Data', dataDir]]),
    ...(owner ? [['Moderate', `${owner} (whoever opens it first owns this installation)`]] : []),
    ['Log', logFile],
    ['Stop', 'Ctrl-C'],
  ];
  const took = ((Date.now() - performance.timeOrigin) / 1_000).toFixed(1);
  say(['', `  Aside is ready in ${took} s`, '', ...rows.map(([name, value]) => `  ${name?.padEnd(17)}${value}`), ''].join('\n'));
}

function findLanAddress(): string | null {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? null;
}

async function stop(): Promise<void> {
  if (stoppedAt && Date.now() - stoppedAt < MS_BETWEEN_SIGNALS) return;
  const hurry = stoppedAt > 0;
  stoppedAt ||= Date.now();
  if (!hurry) say('Ending; once more to end at once.');
  await closeAll(hurry);
  process.exit(hurry ? 130 : 0);
}

async function fail(error: unknown): Promise<void> {
  if (ending.signal.aborted) return;
  await closeAll(false);
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}

/** The last opened is closed first, so the database goes last. */
async function closeAll(hurry: boolean): Promise<void> {
  ending.abort();
  for (const close of closings.toReversed()) {
    await close(hurry).catch((error: Error) => process.stderr.write(`${error.message}\n`));
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
