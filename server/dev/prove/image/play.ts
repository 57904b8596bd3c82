import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import postgres from 'postgres';
import { type Compose, type Service, secondsOf } from '../../compose.ts';
import { type Database, startDatabase } from '../../database.ts';
import { say, textsIn } from '../fresh/talk.ts';
import { startCaddy } from './caddy.ts';
import { checkHealth, type Container, start, type Unpacked } from './container.ts';
import { askFrom, openReader } from './reader.ts';

/** What the play is about: an image that lies unpacked, and the compose file it is run by. */
export type Play = { image: Unpacked; compose: Compose; env: Record<string, string>; clone: string; scratch: string };
type Act = () => Promise<string>;

const MS_TO_READY = 60_000;
const MS_TO_END_EARLY = 2_000;
const ROOM = 'a-post';
const WORDS = '이미지에서 온 인사';

/** Each act is a sentence and what came of it; a later one builds on those before. */
export function acts({ image, compose, env, clone, scratch }: Play): { acts: Record<string, Act>; close(): Promise<void> } {
  const written = compose.services.server as Service;
  const service: Service = { ...written, environment: { ...(written.env_file ? env : {}), ...written.environment } };
  const origin = `https://${env.DOMAIN}`;
  const closing: (() => Promise<void>)[] = [];
  let database: Database;
  let server: Container;
  const logs: string[] = [];

  async function ready(): Promise<string> {
    const began = Date.now();
    let ended = false;
    void server.ended.then(() => { ended = true; });
    while (!(await checkHealth(image, service))) {
      if (ended || Date.now() - began > MS_TO_READY) throw new Error(`it ${ended ? 'ended' : `is not ready after ${MS_TO_READY / 1_000} s`}: ${server.said()}`);
    }
    return `${((Date.now() - began) / 1_000).toFixed(1)} s`;
  }

  const all: Record<string, Act> = {
    'the health check fails where nothing runs': async () => {
      assert.equal(await checkHealth(image, service), false);
      return 'it does';
    },
    'its root takes no write, it is nobody, and it can become nobody else': async () => {
      const { code, said } = await start(image, service, ['node', '-e', PROBE]).ended;
      assert.equal(code, 0, said);
      const [user = ''] = image.config.User.split(':');
      assert.deepEqual(JSON.parse(said), { pid: 1, uid: Number(user), app: 'EROFS', root: 'EROFS', tmp: 'written', capabilities: ['0', '0', '0', '0', '0'], privileges: '1' });
      return said.trim();
    },
    'as the first process it hears SIGTERM while it waits for a database that is silent': async () => {
      const silent = await listenSilently(5_432);
      server = start(image, service);
      await once(silent, 'connection');
      const began = Date.now();
      await server.signal('SIGTERM');
      assert.equal((await server.ended).code, 0, server.said());
      const took = Date.now() - began;
      silent.close();
      assert.ok(took < MS_TO_END_EARLY, `${took} ms`);
      return `ended with 0 after ${took} ms`;
    },
    'it makes its tables and is ready, by the health check of the image': async () => {
      database = await startDatabase({ dir: path.join(scratch, 'database'), settings: { port: '5432' }, tethered: true });
      closing.push(() => database.close({ patience: 0 }));
      const sql = postgres(await givePassword(database.url, env.POSTGRES_PASSWORD ?? ''), { max: 1 });
      closing.push(() => sql.end());
      server = start(image, service);
      const took = await ready();
      const files = (await readdir(path.join(clone, 'sql/migrations'))).filter((name) => name.endsWith('.sql'));
      assert.deepEqual((await sql`select name from migrations order by name`).map(({ name }) => name), files.sort());
      return `${files.length} migrations, ready within ${took}`;
    },
    'Caddy, by our Caddyfile, serves the room and its scripts over https': async () => {
      closing.push(await startCaddy(path.join(clone, 'Caddyfile'), compose.services.caddy as Service, scratch, origin));
      const page = await fetch(`${origin}/room/${ROOM}`);
      const html = await page.text();
      const scripts = [...html.matchAll(/<script type="module"[^>]* src="([^"]+)"/g)].map(([, src = '']) => src);
      assert.ok(page.ok && scripts.length > 0, html);
      for (const src of scripts) assert.equal((await fetch(new URL(src, origin))).status, 200, src);
      assert.ok(page.headers.get('strict-transport-security'), 'no Strict-Transport-Security');
      const plain = await fetch(origin.replace('https', 'http'), { redirect: 'manual' });
      assert.equal(plain.headers.get('location'), `${origin}/`);
      assert.equal((await fetch(`${origin}/metrics`)).status, 404);
      return `${scripts.length} scripts, http leads to https, no metrics`;
    },
    'what is said over its socket is kept': async () => {
      await say(origin, ROOM, WORDS);
      assert.deepEqual(await textsIn(origin, ROOM), [WORDS]);
      return WORDS;
    },
    'readers are known by their own addresses, whatever they claim': async () => {
      const left = [];
      for (const [from, claim] of [['127.0.0.1', ''], ['127.0.0.2', ''], ['127.0.0.2', '203.0.113.7']] as const) left.push(await askFrom(from, claim, env.DOMAIN ?? ''));
      const [one = 0, two = 0, claimed = 0] = left;
      assert.ok(one < two && claimed === two - 1, left.join(', '));
      return `requests left: ${left.join(', ')}`;
    },
    'on SIGTERM it sends its readers elsewhere, ends well and in time, and who comes meanwhile waits for the next one': async () => {
      const reader = await openReader(origin, ROOM);
      const began = Date.now();
      await server.signal('SIGTERM');
      const { code, said } = await server.ended;
      const took = Date.now() - began;
      logs.push(said);
      assert.equal(code, 0, said);
      assert.ok(took < secondsOf(service.stop_grace_period) * 1_000, `${took} ms`);
      assert.deepEqual(await reader.farewell, { bye: 1012, close: 1012 });
      const coming = fetch(`${origin}/room/${ROOM}`);
      server = start(image, service);
      const again = await ready();
      assert.equal((await coming).status, 200);
      assert.deepEqual(await textsIn(origin, ROOM), [WORDS]);
      return `bye 1012, ended with 0 after ${took} ms; the next one ready within ${again}, the words are there`;
    },
    'it logs no error and no words': async () => {
      await server.signal('SIGTERM');
      const { code, said } = await server.ended;
      assert.equal(code, 0, said);
      const lines = [...logs, said].flatMap((log) => log.trim().split('\n'));
      const beside = lines.filter((line) => !INVITES.test(line));
      assert.deepEqual(beside.filter((line) => !line.startsWith('{') || JSON.parse(line).level >= 50 || line.includes(WORDS)), []);
      return `${lines.length} lines`;
    },
  };
  return { acts: all, async close() { for (const one of closing.reverse()) await one(); } };
}

/** What a server that nobody owns yet says to whoever reads its first lines. */
const INVITES = /^Nobody owns this installation yet\.|^ {2}https:\/\/\S+\/admin#invite=\S+$/;

const PROBE = `
const fs = require('fs');
const write = (place) => { try { fs.writeFileSync(place, ''); return 'written'; } catch ({ code }) { return code; } };
const status = fs.readFileSync('/proc/self/status', 'utf8');
const capabilities = [...status.matchAll(/^Cap\\w+:\\s*0*(\\w+)$/gm)].map(([, bits]) => bits);
const privileges = status.match(/^NoNewPrivs:\\s*(\\d)$/m)[1];
console.log(JSON.stringify({ pid: process.pid, uid: process.getuid(), app: write('/app/x'), root: write('/x'), tmp: write('/tmp/x'), capabilities, privileges }));
`;

/** Takes connections and never says a word. */
async function listenSilently(port: number): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => socket.destroy()));
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return server;
}

/** The user of the embedded database is the one that compose.yaml names; its password comes from .env. */
async function givePassword(url: string, password: string): Promise<string> {
  const sql = postgres(url, { max: 1 });
  await sql.unsafe(`alter role current_user password '${password}'`);
  await sql.end();
  return Object.assign(new URL(url), { password }).href;
}
