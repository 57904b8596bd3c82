import type { Test } from 'tap';
import { type Client, openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openRedis, type TestRedis } from '../support/redis.ts';
import { openServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

/** Two people in one room on two servers. */
export type Pair = { anna: Client; ben: Client };

/** Servers on a database of their own, and people who talk on them; each test closes what it opened. */
export type Talk = {
  enter(t: Test, server: TestServer, room: string, who?: object): Promise<Client>;
  /** One server for each address of Redis. */
  openNodes<const T extends readonly string[]>(t: Test, urls: T): Promise<{ [I in keyof T]: TestServer }>;
  /** On two servers, each with its own way to Redis or both with one; they hear each other. */
  meet(t: Test, room: string, urls: readonly [string, string]): Promise<Pair>;
};

export async function openTalk(t: { teardown(close: () => Promise<void>): void }): Promise<Talk> {
  const database = await openDatabase();
  t.teardown(() => database.close());

  const talk: Talk = {
    async enter(t, server, room, who = person()) {
      const client = await openClient(server.ws, { room, ...who });
      t.teardown(() => client.close());
      return client;
    },
    async openNodes(t, urls) {
      const nodes = await Promise.all(urls.map((url) => openServer(database.url, { REDIS_URL: url })));
      for (const node of nodes) t.teardown(() => node.close());
      return nodes as never;
    },
    async meet(t, room, urls) {
      const [here, there] = await talk.openNodes(t, urls);
      const pair = { anna: await talk.enter(t, here, room, person('안나')), ben: await talk.enter(t, there, room, person('베니')) };
      t.ok(await untilHeard(pair), 'they hear each other');
      return pair;
    },
  };
  return talk;
}

export async function openRedisFor(t: Test): Promise<TestRedis> {
  const redis = await openRedis();
  t.teardown(() => redis.close());
  return redis;
}

/** How long words of one take to the other, in ms. Each said after the last has arrived. */
export async function delays(from: Client, to: Client, texts: string[]): Promise<number[]> {
  const took: number[] = [];
  for (const text of texts) {
    const began = performance.now();
    const arrived = to.next('rows', ({ rows }) => rows.some((row) => !row.deleted && row.text === text), 20_000);
    await from.say(text);
    await arrived;
    took.push(performance.now() - began);
  }
  return took;
}

export const numbered = (word: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${word} ${i}`);

/** Until words go through Redis, and not through a comparison: a comparison takes longer, three times in a row. */
export async function untilHeard(pair: Pair, withinMs = 15_000): Promise<boolean> {
  let tries = 0;
  return until(async () => Math.max(...await delaysOfBoth(pair, `heard? ${tries += 1}`, 3)) < 100, withinMs);
}

/** What both say, in ms. One after the other: who says something reads what was missed before. */
export async function delaysOfBoth({ anna, ben }: Pair, word: string, count: number): Promise<number[]> {
  return [...await delays(anna, ben, numbered(`${word} 안나`, count)), ...await delays(ben, anna, numbered(`${word} 베니`, count))];
}

/** The latest word of both until they are heard as if nothing had happened. */
export async function slowestUntilHeard(pair: Pair, word: string): Promise<number> {
  let slowest = 0;
  let tries = 0;
  await until(async () => {
    const took = Math.max(...await delaysOfBoth(pair, `${word} ${tries += 1}`, 3));
    slowest = Math.max(slowest, took);
    return took < 100;
  }, 30_000);
  return slowest;
}
