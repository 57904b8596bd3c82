import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import t, { type Test } from 'tap';
import { WebSocket, WebSocketServer } from 'ws';
import { type Canary, CANARY_SITE, createCanary } from '../../src/ops/canary.ts';
import { startServer } from '../faults/servers.ts';
import { openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { until } from '../support/until.ts';

t.setTimeout(240_000);
const database = await openDatabase();
t.teardown(() => database.close());
/** What an operator runs: nothing is lifted for a canary. */
const ORDINARY = {
  ROOM_MESSAGES_PER_S: '50', ROOM_BYTES_PER_S: '32768', SENDER_MESSAGES_PER_S: '1', FRAMES_PER_MINUTE: '120', REPEAT_SECONDS: '30', SHIELD: 'on', WORDS: 'standard', CONNECTIONS_PER_ADDRESS: '200',
};

function sing(t: Test, publicUrl: string, room: string, lateMs = 10_000): Canary {
  const canary = createCanary({ publicUrl, room, everyMs: 20, lateMs });
  t.teardown(() => canary.close());
  return canary;
}

type Counts = { sent: number; received: number; late: number; lost: number; refused: number; up: number; delivered: number };
async function count({ metrics }: Canary): Promise<Counts> {
  const text = await metrics.text();
  const sum = (name: string): number => [...text.matchAll(new RegExp(`^aside_canary_${name}(?:{[^}]*})? (\\S+)$`, 'gm'))].reduce((all, [, value]) => all + Number(value), 0);
  return { sent: sum('sent_total'), received: sum('received_total'), late: sum('late_total'), lost: sum('lost_total'), refused: sum('refused_total'), up: sum('up'), delivered: sum('delivery_seconds_count') };
}

async function untilCount(canary: Canary, isSo: (counts: Counts) => boolean, withinMs = 30_000): Promise<Counts> {
  let last = await count(canary);
  await until(async () => isSo((last = await count(canary))), withinMs);
  return last;
}

async function rowsOf(room: string): Promise<Record<string, number>> {
  const [found] = await database.sql`
    select (select count(*)::int from messages m where m.room_id = r.id) as messages, (select count(*)::int from edits e where e.room_id = r.id) as edits,
      (select count(*)::int from reactions x where x.room_id = r.id) as reactions, (select count(*)::int from held h where h.room_id = r.id) as held
    from rooms r where r.site = ${CANARY_SITE} and r.post_id = ${room}`;
  return found as Record<string, number>;
}

t.test('all that is sent is received, by ordinary limits, and the database does not grow', async (t) => {
  const server = await openServer(database.url, ORDINARY);
  t.teardown(() => server.close());
  const canary = sing(t, server.http, 'grows');
  const counts = await untilCount(canary, ({ received }) => received >= 8);
  t.match(counts, { late: 0, lost: 0, refused: 0, up: 1 });
  t.ok(counts.sent - counts.received <= 1 && counts.delivered === counts.received);
  t.match(await rowsOf('grows'), { messages: 1, edits: 0, held: 0 });
  canary.close();
  t.ok(await until(async () => (await rowsOf('grows')).reactions === 0, 5_000), 'and it takes its reaction along');

  const next = sing(t, server.http, 'grows');
  t.match(await untilCount(next, ({ received }) => received >= 2), { lost: 0, refused: 0 });
  t.match(await rowsOf('grows'), { messages: 1 }, 'the next one finds the message of the one before');
});

t.test('a message that is gone is said again', async (t) => {
  const server = await openServer(database.url, { ...ORDINARY, REPEAT_SECONDS: '0' });
  t.teardown(() => server.close());
  const canary = sing(t, server.http, 'gone');
  await untilCount(canary, ({ received }) => received >= 2);
  await database.sql`update messages m set deleted_at = now(), reactions = null from rooms r where m.room_id = r.id and r.post_id = 'gone'`;
  const { received, refused } = await untilCount(canary, (counts) => counts.refused >= 1);
  t.equal(refused, 1);
  t.match(await untilCount(canary, (counts) => counts.received >= received + 3), { lost: 0, refused: 1 });
});

t.test('words and reactions of strangers in its room are no matter to it', async (t) => {
  const server = await openServer(database.url, { ...ORDINARY, SENDER_MESSAGES_PER_S: '1000' });
  t.teardown(() => server.close());
  const canary = sing(t, server.http, 'strangers');
  await untilCount(canary, ({ received }) => received >= 1);
  const stranger = await openClient(server.ws, { room: 'strangers', site: CANARY_SITE, ...person() });
  for (let i = 0; i < 60; i += 1) await stranger.say(`words of a stranger ${i} ${Math.random()}`);
  stranger.send({ t: 'react', cid: 'a'.repeat(20), n: 1, emoji: '🐤', on: true });
  const { received } = await count(canary);
  t.match(await untilCount(canary, (counts) => counts.received >= received + 3), { late: 0, lost: 0, refused: 0 });
  await stranger.close();
});

t.test('what no resume brings is lost; what a resume brings was late', async (t) => {
  const server = await openServer(database.url, ORDINARY);
  t.teardown(() => server.close());
  const liar = await openLiar(server.ws);
  t.teardown(() => liar.close());
  const canary = sing(t, liar.url, 'lies', 300);
  await untilCount(canary, ({ received }) => received >= 2);

  liar.manner = 'drop';
  const late = await untilCount(canary, (counts) => counts.late >= 2);
  t.match(late, { lost: 0 }, 'frames that were dropped are asked for again');

  liar.manner = 'empty';
  const { lost } = await untilCount(canary, (counts) => counts.lost >= 2);
  t.ok(lost >= 2 && lost <= 3, 'frames whose rows were taken out are lost, each counted once');

  liar.manner = 'honest';
  const before = await count(canary);
  const after = await untilCount(canary, (counts) => counts.received >= before.received + 3);
  t.ok(after.lost <= before.lost + 1, 'and then no more');
  t.ok(after.sent - after.received - after.lost <= 1, 'sent = received + lost');
});

t.test('a server that drains, or is killed, loses nothing', async (t) => {
  const dir = await mkdtemp(path.join(tmpdir(), 'aside-canary-'));
  const server = await startServer('canary', database.url, dir, { ...ORDINARY, DRAIN_SECONDS: '1' });
  t.teardown(async () => {
    await server.close();
    await rm(dir, { recursive: true, force: true });
  });
  await server.untilReady();
  const canary = sing(t, `http://127.0.0.1:${server.port}`, 'restarts');
  await untilCount(canary, ({ received }) => received >= 2);
  for (const end of [server.stop, server.kill]) {
    await end();
    t.equal((await untilCount(canary, ({ up }) => up === 0)).up, 0, 'it sees that nobody is there');
    await server.untilReady();
    const { received } = await count(canary);
    t.match(await untilCount(canary, (counts) => counts.received >= received + 2), { lost: 0, up: 1 });
  }
  const { sent, received } = await count(canary);
  t.ok(sent - received <= 1);
  t.match(await rowsOf('restarts'), { messages: 1, edits: 0 });
});

type Liar = { url: string; manner: 'honest' | 'drop' | 'empty'; close(): Promise<void> };

/** Between readers and the server. What it does to frames of rows, it does to who only reads. */
async function openLiar(target: string): Promise<Liar> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (near, { headers }) => {
    const far = new WebSocket(target, { headers: { host: headers.host ?? '', origin: headers.origin ?? '' } });
    let reads = false;
    const waiting: string[] = [];
    near.on('message', (data) => {
      const text = String(data);
      if (text.includes('"hello"')) reads = !text.includes('"id"');
      if (far.readyState === WebSocket.OPEN) far.send(text);
      else waiting.push(text);
    });
    far.on('open', () => { for (const text of waiting) far.send(text); });
    far.on('message', (data) => {
      const frame = JSON.parse(String(data)) as { t: string; rows?: unknown[] };
      if (!reads || frame.t !== 'rows' || liar.manner === 'honest') near.send(String(data));
      else if (liar.manner === 'empty') near.send(JSON.stringify({ ...frame, rows: [] }));
    });
    for (const [one, other] of [[near, far], [far, near]] as const) {
      one.on('close', () => other.terminate());
      one.on('error', () => other.terminate());
    }
  });
  const liar: Liar = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    manner: 'honest',
    close() {
      for (const client of server.clients) client.terminate();
      return new Promise((resolve) => { server.close(() => resolve()); });
    },
  };
  return liar;
}
