import { randomBytes } from 'node:crypto';
import { setTimeout as rest } from 'node:timers/promises';
import type { Bus } from '../src/bus/bus.ts';
import { createRedisBus } from '../src/bus/redis.ts';
import { type Log, openLog } from '../src/log/messages.ts';
import { openSql, type Sql } from '../src/log/sql.ts';
import type { Place } from '../src/protocol/index.ts';
import { writeWhisper } from '../src/room/whisper.ts';
import { openRedis, type TestRedis } from '../test/support/redis.ts';
import { until } from '../test/support/until.ts';
import { openLoad } from './load/load.ts';
import { settled } from './memory.ts';
import { type Ours, startOurs } from './ours.ts';
import { cpuOf } from './process.ts';

/** What one more costs: a message on disk and on the wire, an open room, something that servers tell each other. */
export type UnitFigures = {
  rooms: number; perRoom: number;
  tableBytes: number; indexBytes: number; walBytes: number; frameBytes: number;
  /** Of PostgreSQL, for reading a room's tail and for comparing one head. */
  tailMicros: number; headMicros: number;
  processBytes: number; roomBytes: number; redisRoomBytes: number;
  peers: number; redisMicros: number; heardMicros: number;
};
export type UnitShape = { rooms: number; perRoom: number; whispers: number };

export const UNITS: UnitShape = { rooms: 1_000, perRoom: 50, whispers: 10_000 };
const TEXT = '저도 회사에서 바로 써 볼게요! 벤치마크 부분 정말 잘 읽었어요.';
const COMPARISONS = 20;
/** Other servers that have a room open beside ours. */
const PEERS = 8;
/** Far below what Redis takes, so that each is read and written by itself, as in a calm room. */
const WHISPERS_AT_ONCE = 10;
const WHISPER_EVERY_MS = 5;

export async function benchUnits({ rooms, perRoom, whispers }: UnitShape, say: (line: string) => void): Promise<UnitFigures> {
  await using stack = new AsyncDisposableStack();
  const redis = await openRedis();
  stack.defer(redis.close);
  const ours = await startOurs({ REDIS_URL: redis.url });
  stack.defer(ours.close);
  const names = Array.from({ length: rooms }, (_, i) => `units-${i}`);
  // First: a process that lets a thousand rooms go is busy with that for half a minute.
  const told = await benchWhispers(ours, redis, whispers);
  say(`a whisper: ${JSON.stringify(told)}`);
  const kept = await keepMessages(ours, names, perRoom);
  say(`a message: ${JSON.stringify(kept)}`);
  const open = await openRooms(ours, redis, names);
  say(`a room: ${JSON.stringify(open)}`);
  return { rooms, perRoom, ...kept, ...open, peers: PEERS, ...told };
}

/** All rooms grow at once, as they would. */
async function keepMessages(ours: Ours, names: readonly string[], perRoom: number): Promise<Pick<UnitFigures, 'tableBytes' | 'indexBytes' | 'walBytes' | 'tailMicros' | 'headMicros'>> {
  await using stack = new AsyncDisposableStack();
  const sql = openSql(ours.databaseUrl, { max: 1 });
  stack.defer(() => sql.end());
  const log = openLog(ours.databaseUrl);
  stack.defer(() => log.close());
  const before = await sizes(sql);
  for (let i = 0; i < perRoom; i += 1) {
    await Promise.all(names.map(async (post) => {
      const author = [...randomBytes(16)].map((byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte & 31]).join('');
      const outcome = await log.append({ site: '', post }, { do: 'say', author, cid: randomBytes(16).toString('base64url').slice(0, 21), nick: '익명의 너구리', avatar: 'raccoon', text: TEXT });
      if (outcome.is !== 'saved') throw new Error(`an append ended with ${JSON.stringify(outcome)}`);
    }));
  }
  const after = await sizes(sql);
  const each = (of: keyof typeof after): number => (after[of] - before[of]) / (names.length * perRoom);
  return { tableBytes: each('tables'), indexBytes: each('indexes'), walBytes: each('wal'), ...(await readRooms(sql, log, names)) };
}

async function readRooms(sql: Sql, log: Log, names: readonly string[]): Promise<Pick<UnitFigures, 'tailMicros' | 'headMicros'>> {
  const readTails = async () => {
    const heads: { place: Place; epoch: string; rev: number }[] = [];
    for (const post of names) {
      const { epoch, rev } = await log.tail({ site: '', post });
      heads.push({ place: { site: '', post }, epoch, rev });
    }
    return heads;
  };
  // Connections open when they are needed, and prepare what they are asked.
  const heads = await readTails();
  await log.compare(heads);
  const pids = await sql<{ pid: number }[]>`select pid from pg_stat_activity where datname = current_database()`;
  const micros = async (count: number, run: () => Promise<unknown>): Promise<number> => {
    const cpu = (): number => pids.reduce((sum, { pid }) => sum + cpuOf(pid), 0);
    const before = cpu();
    await run();
    return ((cpu() - before) * 1_000) / count;
  };
  const tailMicros = await micros(names.length, readTails);
  const headMicros = await micros(names.length * COMPARISONS, async () => { for (let i = 0; i < COMPARISONS; i += 1) await log.compare(heads); });
  return { tailMicros, headMicros };
}

async function sizes(sql: Sql): Promise<{ tables: number; indexes: number; wal: number }> {
  const [row] = await sql<{ tables: number; indexes: number; wal: number }[]>`
    select pg_table_size('messages') as tables, pg_indexes_size('messages') as indexes, (pg_current_wal_insert_lsn() - '0/0')::bigint as wal`;
  return row ?? { tables: Number.NaN, indexes: Number.NaN, wal: Number.NaN };
}

/** Two in each room, then two more: the difference is the room itself. */
async function openRooms({ server }: Ours, redis: TestRedis, names: readonly string[]): Promise<Pick<UnitFigures, 'processBytes' | 'roomBytes' | 'redisRoomBytes' | 'frameBytes'>> {
  await using stack = new AsyncDisposableStack();
  const used = async (): Promise<number> => Number((await redis.say('info', 'memory')).match(/used_memory:(\d+)/)?.[1]);
  const enter = () => openLoad({ kind: 'aside', url: `ws://127.0.0.1:${server.port}`, rooms: names, readers: 1 });
  const [processBytes, redisBefore] = [await settled(server), await used()];
  const first = await enter();
  stack.defer(first.close);
  const [opened, redisAfter] = [await settled(server), await used()];
  stack.defer((await enter()).close);
  const joined = await settled(server);
  const { bytes, rows } = await first.speak(0.1, 10);
  const each = (more: number): number => more / names.length;
  return { processBytes, roomBytes: each(opened - processBytes - (joined - opened)), redisRoomBytes: each(redisAfter - redisBefore), frameBytes: bytes / rows };
}

/** One of several servers says who is there; ours is one of those that hear it. The same span idle is taken off. */
async function benchWhispers({ server }: Ours, redis: TestRedis, count: number): Promise<Pick<UnitFigures, 'redisMicros' | 'heardMicros'>> {
  await using stack = new AsyncDisposableStack();
  const place = { site: '', post: 'units-told' };
  const load = await openLoad({ kind: 'aside', url: `ws://127.0.0.1:${server.port}`, rooms: [place.post], readers: 1 });
  stack.defer(load.close);
  let heard = 0;
  const buses = Array.from({ length: PEERS }, (): Bus => createRedisBus({ cluster: false, urls: [redis.url] }, { hear() {}, overhear(_, __, text) { if (text === said) heard += 1; }, turned() {}, late() {} }));
  stack.defer(async () => { await Promise.all(buses.map((bus) => bus.close())); });
  if (!(await until(() => buses.every((bus) => bus.hears), 20_000))) throw new Error('the servers do not hear each other');
  await Promise.all(buses.map((bus) => bus.follow(place)));
  const authors = Array.from({ length: 5 }, (_, i) => 'abcde'.repeat(4).slice(i, i + 16));
  const said = writeWhisper({ t: 'here', authors, more: 5, names: authors.map((author) => ({ author, nick: '익명의 너구리', avatar: 'raccoon' })) });

  const pid = Number((await redis.say('info', 'server')).match(/process_id:(\d+)/)?.[1]);
  const cpu = (): [number, number] => [cpuOf(pid), cpuOf(server.pid)];
  const talk = async (many: number): Promise<void> => {
    heard = 0;
    for (let i = 0; i < many; i += 1) {
      buses[0]?.whisper(place, said);
      if (i % WHISPERS_AT_ONCE === WHISPERS_AT_ONCE - 1) await rest(WHISPER_EVERY_MS);
    }
    if (!(await until(() => heard === many * (PEERS - 1), 10_000))) throw new Error(`${heard} of ${many * (PEERS - 1)} whispers were heard: the run is void`);
  };
  // What runs for days is not what was just started.
  await talk(count);
  await settled(server);
  const before = cpu();
  const began = performance.now();
  await talk(count);
  const after = cpu();
  await rest(performance.now() - began);
  const idle = cpu();
  const micros = (who: 0 | 1): number => (after[who] - before[who] - (idle[who] - after[who])) * 1_000;
  // Who said it hears it too, and throws it away.
  return { redisMicros: micros(0) / (count * (PEERS + 1)), heardMicros: micros(1) / count };
}

export function unitsTable({ rooms, perRoom, tableBytes, indexBytes, walBytes, frameBytes, tailMicros, headMicros, processBytes, roomBytes, redisRoomBytes, peers, redisMicros, heardMicros }: UnitFigures): string {
  return `## Units

What one more costs: ${(rooms * perRoom).toLocaleString('en')} messages of ${[...TEXT].length} characters in ${rooms.toLocaleString('en')} rooms that grow at once on a fresh database; these rooms opened, each with the ${perRoom} in its tail, after a compacting collection; and a presence of five people, told on Redis by one of ${peers + 1} servers to all of them (the same span idle taken off). Times are CPU.

| what | figure |
|---|---|
| a message in PostgreSQL | ${tableBytes.toFixed(0)} bytes of table, ${indexBytes.toFixed(0)} of indexes, ${walBytes.toFixed(0)} of WAL |
| PostgreSQL, to read the tail of a room, and to compare one head | ${tailMicros.toFixed(0)} µs, ${headMicros.toFixed(1)} µs |
| a message on the wire, to each reader of a calm room | ${frameBytes.toFixed(0)} bytes |
| a process without readers | ${(processBytes / 1e6).toFixed(0)} MB |
| an open room, in each process that has it open | ${(roomBytes / 1_000).toFixed(1)} kB |
| the same in Redis | ${redisRoomBytes.toFixed(0)} bytes |
| what servers tell each other, for each that hears it | ${redisMicros.toFixed(1)} µs of Redis, ${heardMicros.toFixed(1)} µs of the process |
`;
}
