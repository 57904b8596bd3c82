import { createClient } from '@redis/client';

/** One connection to one Redis until it breaks. What was subscribed on it ends with it. */
export type Wire = {
  /** False when it may not have arrived. */
  publish(channel: string, text: string): Promise<boolean>;
  subscribe(channel: string): Promise<boolean>;
  unsubscribe(channel: string): void;
  /** Of a cluster: which master serves from which slot to which. Null when it does not answer. */
  ask(): Promise<readonly Range[] | null>;
};

export type Range = { from: number; to: number; /** Empty, or a question mark: the host that was asked. */ host: string; port: number };

/** Keeps a wire to one Redis: one that broke is made again. */
export type Keeper = {
  readonly wire: Wire | null;
  /** Leaves the wire there is, and makes another. */
  renew(): void;
  /** The same, of one that had time enough to show that it does not hang. */
  renewHung(): void;
  close(): void;
};

const CONNECT_MS = 2_000;
const AGAIN_MS: [number, number] = [100, 1_000];
/** A way that was cut without a word leaves a connection that waits for minutes. */
const HUNG_MS = 10_000;

/** `changed`: there is a wire now, or none any more. */
export function keepWire(url: string, listen: (channel: string, text: string) => void, changed: () => void): Keeper {
  let made = make();
  let wire: Wire | null = null;
  let madeAt = performance.now();
  let tries = 0;
  let timer: NodeJS.Timeout | undefined;
  let over = false;

  function make(): Client {
    const client = createOne(url);
    const lost = (): void => lose(client);
    client.on('error', lost);
    // After a slot moved away the library may count one answer wrong. It tells in the midst of reading, and would for ever read the same bytes again.
    client.on('sharded-channel-moved', () => queueMicrotask(lost));
    client.connect().then(() => {
      if (client !== made || over) return;
      tries = 0;
      wire = wireOf(client, listen);
      changed();
    }, lost);
    return client;
  }

  function lose(client: Client): void {
    client.destroy();
    if (client !== made || over || timer) return;
    wire = null;
    timer = setTimeout(() => {
      timer = undefined;
      madeAt = performance.now();
      made = make();
    }, Math.min(AGAIN_MS[1], AGAIN_MS[0] * (tries += 1)));
    changed();
  }

  return {
    get wire() { return wire; },
    renew: () => lose(made),
    renewHung() { if (performance.now() - madeAt > HUNG_MS) lose(made); },
    close() {
      over = true;
      wire = null;
      clearTimeout(timer);
      made.destroy();
    },
  };
}

/** What is said while nobody listens is a hint too late. Its own reconnection would subscribe again what was let go meanwhile. */
function createOne(url: string) {
  return createClient({ url, disableOfflineQueue: true, maintNotifications: 'disabled', socket: { connectTimeout: CONNECT_MS, reconnectStrategy: false } });
}
type Client = ReturnType<typeof createOne>;

function wireOf(client: Client, listen: (channel: string, text: string) => void): Wire {
  const hear = (text: string, channel: string): void => listen(channel, text);
  return {
    publish: (channel, text) => client.sPublish(channel, text).then(yes, no),
    subscribe: (channel) => client.sSubscribe(channel, hear).then(yes, no),
    unsubscribe: (channel) => void client.sUnsubscribe(channel, hear).catch(no),
    ask: () => client.clusterSlots().then((ranges) => ranges.map(({ from, to, master }) => ({ from, to, host: master.host, port: master.port })), () => null),
  };
}

const yes = (): boolean => true;
const no = (): boolean => false;
