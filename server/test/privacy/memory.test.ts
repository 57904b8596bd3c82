import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nanoid } from 'nanoid';
import t from 'tap';
import { findPort } from '../../dev/ports.ts';
import { ADMIN_TOKEN, authorOf, does, enter, idOf, ownerKey } from '../moderation/desk.ts';
import { LIFTED } from '../support/server.ts';
import { openDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { erase, ticketOf } from './person.ts';

const WORD = `planted-${nanoid(8)}`;
const NAME = '심어둔이름';

t.test('what one erased is in no server’s memory any more', async (t) => {
  const [database, dir] = [await openDatabase(), await mkdtemp(path.join(tmpdir(), 'aside-memory-'))];
  const port = await findPort();
  const here = { http: `http://127.0.0.1:${port}`, ws: `ws://127.0.0.1:${port}/ws` } as Parameters<typeof enter>[0];
  const env = { ...process.env, DATABASE_URL: database.url, ADMIN_TOKEN, PORT: String(port), METRICS_PORT: '0', DRAIN_SECONDS: '0', LOG_LEVEL: 'silent', IDENTITY_SECRET: 'a secret for tests that has enough letters', ...LIFTED };
  const server = spawn(process.execPath, ['--heapsnapshot-signal=SIGWINCH', `--diagnostic-dir=${dir}`, path.join(import.meta.dirname, '../../src/main.ts')], { env, stdio: 'ignore' });
  t.teardown(async () => {
    server.kill('SIGKILL');
    await once(server, 'exit');
    await database.close();
    await rm(dir, { recursive: true });
  });
  await until(async () => (await fetch(`${here.http}/readyz`).catch(() => null))?.ok, 20_000);
  const key = await ownerKey(here);
  const anna = await enter(here, 'room', { id: idOf(1), nick: NAME });
  const [bert, mod] = await Promise.all([enter(here, 'room', { id: idOf(2) }), enter(here, 'room', { key })]);
  const author = authorOf(anna);
  for (let i = 0; i < 60; i += 1) await anna.say(`${WORD} ${i}`, `${WORD}-${String(i).padStart(6, '0')}`);
  await bert.say('words of another that stay');
  anna.send({ t: 'typing' });
  await does(anna, { t: 'react', n: 61, emoji: '👍', on: true });
  await does(anna, { t: 'report', n: 61, reason: 'other' });
  await does(mod, { t: 'mod', do: 'mute', who: author, seconds: 1 });
  await does(mod, { t: 'mod', do: 'unban', who: author });
  for (const page of ['/room/room', '/api/v1/rooms/room/messages', '/api/v1/rooms/room/feed.atom', '/api/v1/rooms/room/search?text=another', '/api/v1/rooms/room/export?format=csv', '/api/v1/rooms/room/desk']) await fetch(here.http + page, { headers: { authorization: `Bearer ${key}` } });

  t.ok((await memory()).includes(WORD), 'while they stand, they are there');
  await erase(here, await ticketOf(anna));
  await anna.close();
  const text = await memory();
  for (const planted of [WORD, escaped(NAME), author, idOf(1)]) t.equal(text.includes(planted), false, `${planted} ${around(text, planted)}`);
  t.ok(text.includes(authorOf(bert)), 'and of another it does know');
  await bert.close();
  await mod.close();

  /** All that is reachable in the server's heap, as a snapshot has it. */
  async function memory(): Promise<string> {
    const known = new Set(await snapshots());
    server.kill('SIGWINCH');
    let name: string | undefined;
    await until(async () => (name = (await snapshots()).find((one) => !known.has(one))) !== undefined, 20_000);
    const file = path.join(dir, name ?? '');
    let [size, last] = [-1, -2];
    // Whole when a look at it finds as much as the one before, and its end.
    await until(async () => {
      [last, size] = [size, (await stat(file)).size];
      return size === last && size > 0 && (await readFile(file, 'utf8')).trimEnd().endsWith('}');
    }, 20_000);
    return readFile(file, 'utf8');
  }

  async function snapshots(): Promise<string[]> {
    return (await readdir(dir)).filter((one) => one.endsWith('.heapsnapshot'));
  }
});

/** As snapshots write what is not ASCII. */
function escaped(text: string): string {
  return [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`).join('');
}

function around(text: string, planted: string): string {
  const at = text.indexOf(planted);
  return at < 0 ? '' : JSON.stringify(text.slice(Math.max(0, at - 80), at + 120));
}
