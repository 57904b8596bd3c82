import { openRedis, type TestRedis } from '../support/redis.ts';
import { type Barrier, openBarrier } from './barrier.ts';
import { createHintShim, type Mischief } from './hints.ts';
import type { Random } from './random.ts';

/** What nodes meet on, and every node's own ways to it. */
export type Ground = {
  redis: TestRedis;
  /** How hints travel, on all ways; and what was done to them so far. */
  asked: Mischief;
  done: Readonly<Mischief>;
  ways: ReadonlyMap<string, { redis: Barrier; database: Barrier }>;
  /** What this node is started with. */
  envOf(name: string): Record<string, string>;
  close(): Promise<void>;
};

export async function openGround(names: readonly string[], databaseUrl: string, random: Random): Promise<Ground> {
  const redis = await openRedis();
  const asked: Mischief = { lost: 0, doubled: 0, reordered: 0 };
  const done: Mischief = { lost: 0, doubled: 0, reordered: 0 };
  const database = new URL(databaseUrl);
  const ways = new Map<string, { redis: Barrier; database: Barrier }>();
  for (const name of names) {
    const own = random.fork(name);
    ways.set(name, { redis: await openBarrier(redis.port, () => createHintShim(asked, done, own)), database: await openBarrier(Number(database.port)) });
  }
  return {
    redis,
    asked,
    done,
    ways,
    envOf(name) {
      const way = ways.get(name);
      const own = new URL(database);
      own.hostname = '127.0.0.1';
      own.port = String(way?.database.port);
      return { DATABASE_URL: own.href, REDIS_URL: `redis://127.0.0.1:${way?.redis.port}` };
    },
    async close() {
      for (const way of ways.values()) {
        await way.redis.close();
        await way.database.close();
      }
      await redis.close();
    },
  };
}
