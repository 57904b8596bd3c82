import { setTimeout as rest } from 'node:timers/promises';
import { createClient, createCluster } from '@redis/client';

export type RedisAddress = { cluster: boolean; /** At least one, with user and password. */ urls: readonly string[] };

/** Sharded channels of a Redis that may be absent, die and come back: nobody waits for it, and it keeps nothing of ours. */
export type Channels = {
  publish(channel: string, text: string): void;
  /** True when it stands. What does not is tried again, see {@link retry}. */
  follow(channel: string, hear: (text: string) => void): Promise<boolean>;
  unfollow(channel: string): void;
  /** Subscribes what could not be subscribed before. */
  retry(): void;
  close(): void;
};

type Subscription = { hear: (text: string) => void; state: 'asked' | 'stands' | 'refused' };

/** What Redis has not answered yet: a paused one must not fill our memory. */
const UNANSWERED_MAX = 2_000;
const RETRIED_AT_ONCE = 500;
const RECONNECT_MS: [number, number] = [100, 1_000];

/** `late`: a subscription stands that had been refused before. */
export function openChannels(address: RedisAddress, late: () => void): Channels {
  const redis = openRedis(address);
  const subscriptions = new Map<string, Subscription>();
  let unanswered = 0;

  async function subscribe(channel: string, one: Subscription): Promise<boolean> {
    one.state = 'asked';
    const stands = await redis.sSubscribe(channel, one.hear).then(() => true, () => false);
    one.state = stands ? 'stands' : 'refused';
    // Let go while it was asked for.
    if (stands && subscriptions.get(channel) !== one) redis.sUnsubscribe(channel, one.hear).catch(ignore);
    return stands;
  }

  return {
    publish(channel, text) {
      if (unanswered >= UNANSWERED_MAX) return;
      unanswered += 1;
      redis.sPublish(channel, text).catch(ignore).finally(() => { unanswered -= 1; });
    },
    follow(channel, hear) {
      const one: Subscription = { hear, state: 'asked' };
      subscriptions.set(channel, one);
      return subscribe(channel, one);
    },
    unfollow(channel) {
      const one = subscriptions.get(channel);
      subscriptions.delete(channel);
      if (one?.state === 'stands') redis.sUnsubscribe(channel, one.hear).catch(ignore);
    },
    retry() {
      let left = RETRIED_AT_ONCE;
      for (const [channel, one] of subscriptions) {
        if (one.state !== 'refused') continue;
        void subscribe(channel, one).then((stands) => { if (stands) late(); });
        if ((left -= 1) === 0) return;
      }
    },
    close() {
      redis.close();
    },
  };
}

type Redis = {
  sPublish(channel: string, text: string): Promise<unknown>;
  sSubscribe(channel: string, hear: (text: string) => void): Promise<unknown>;
  sUnsubscribe(channel: string, hear: (text: string) => void): Promise<unknown>;
  close(): void;
};

/** Connects by itself, again and again. */
function openRedis({ cluster, urls: [first = '', ...others] }: RedisAddress): Redis {
  const socket = { connectTimeout: 2_000, reconnectStrategy: (tries: number) => Math.min(RECONNECT_MS[1], RECONNECT_MS[0] * (tries + 1)) };
  // What is said while nobody listens is a hint too late.
  const options = { disableOfflineQueue: true, socket };
  if (!cluster) {
    const client = createClient({ ...options, url: first });
    client.on('error', ignore);
    client.connect().catch(ignore);
    return { sPublish: (channel, text) => client.sPublish(channel, text), sSubscribe: (...one) => client.sSubscribe(...one), sUnsubscribe: (...one) => client.sUnsubscribe(...one), close: () => client.destroy() };
  }
  const { username, password, protocol } = new URL(first);
  const tls = protocol === 'rediss:' ? { tls: true as const } : {};
  const client = createCluster({
    rootNodes: [first, ...others].map((url) => ({ url })),
    defaults: { ...options, socket: { ...socket, ...tls }, ...(username && { username: decodeURIComponent(username) }), ...(password && { password: decodeURIComponent(password) }) },
    topologyRefreshOnReconnectionAttemptStrategy: 1_000,
  });
  let over = false;
  client.on('error', ignore);
  void (async () => {
    while (!over && !(await client.connect().then(() => true, () => false))) await rest(RECONNECT_MS[1], undefined, { ref: false });
    if (over) client.destroy();
  })();
  return {
    sPublish: (channel, text) => client.sPublish(channel, text), sSubscribe: (...one) => client.sSubscribe(...one), sUnsubscribe: (...one) => client.sUnsubscribe(...one),
    close() {
      over = true;
      if (client.isOpen) client.destroy();
    },
  };
}

/** A hint that did not go out is found by who compares; a connection that broke is made again. */
function ignore(): void {}
