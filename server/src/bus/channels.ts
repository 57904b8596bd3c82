import { openMasters, type RedisAddress } from './masters.ts';
import type { Wire } from './wire.ts';

/** Sharded channels of a Redis that may be absent, die and come back: nobody waits for it, and it keeps nothing of ours. */
export type Channels = {
  /** False when it may not have gone out: nobody took it, or too much is unanswered, of which whispers may be half. */
  publish(channel: string, text: string, weight?: keyof typeof UNANSWERED_MAX): Promise<boolean>;
  /** True when it stands. What does not is tried again, see {@link retry}. */
  follow(channel: string, hear: (text: string) => void): Promise<boolean>;
  unfollow(channel: string): void;
  /** Whether all that is followed stands, or was asked for a moment ago. */
  whole(): boolean;
  /** Subscribes what was refused before. */
  retry(): void;
  /** Nothing comes back by this channel: its connection is left if it may hang. */
  renewHung(channel: string): void;
  close(): void;
};

type Subscription = { hear: (text: string) => void; /** Where it stands, or was asked for. */ wire: Wire | null };

/** What Redis has not answered yet: a paused one must not fill our memory. */
const UNANSWERED_MAX = { hint: 2_000, whisper: 1_000 } as const;
const RETRIED_AT_ONCE = 500;
const ASKED_FOR_MS = 1_000;

/** `doubt`: something that was said a moment ago may not have been heard here. */
export function openChannels(address: RedisAddress, doubt: () => void): Channels {
  const followed = new Map<string, Subscription>();
  /** Those that do not stand: when they were asked for, or null when nobody took them. */
  const pending = new Map<string, number | null>();
  const masters = openMasters(address, listen, review);
  let unanswered = 0;

  /** Whom a message is for, only `followed` says. */
  function listen(channel: string, text: string): void {
    const one = followed.get(channel);
    if (one) one.hear(text);
    else masters.of(channel)?.unsubscribe(channel);
  }

  /** Other connections, or others of a cluster's masters: what stood there is asked for anew. */
  function review(): void {
    doubt();
    for (const [channel, one] of followed) if (!one.wire || one.wire !== masters.of(channel)) void subscribe(channel, one);
  }

  async function subscribe(channel: string, one: Subscription): Promise<boolean> {
    const wire = (one.wire = masters.of(channel));
    // Those that were refused come last: some that always are must not keep others from their turn.
    pending.delete(channel);
    pending.set(channel, wire && performance.now());
    if (!wire) return false;
    const stands = await wire.subscribe(channel);
    // Let go meanwhile, or asked for elsewhere.
    if (followed.get(channel) !== one || one.wire !== wire) return false;
    if (stands) pending.delete(channel);
    else {
      pending.set(channel, null);
      doubt();
    }
    return stands;
  }

  return {
    async publish(channel, text, weight = 'hint') {
      const wire = masters.of(channel);
      if (!wire || unanswered >= UNANSWERED_MAX[weight]) return false;
      unanswered += 1;
      const taken = await wire.publish(channel, text);
      unanswered -= 1;
      return taken;
    },
    follow(channel, hear) {
      const one: Subscription = { hear, wire: null };
      followed.set(channel, one);
      return subscribe(channel, one);
    },
    unfollow(channel) {
      followed.get(channel)?.wire?.unsubscribe(channel);
      followed.delete(channel);
      pending.delete(channel);
    },
    whole() {
      for (const at of pending.values()) if (at === null || performance.now() - at > ASKED_FOR_MS) return false;
      return true;
    },
    retry() {
      let left = RETRIED_AT_ONCE;
      for (const [channel, at] of [...pending]) {
        const one = followed.get(channel);
        if (!one || at !== null || !masters.of(channel)) continue;
        void subscribe(channel, one);
        if ((left -= 1) === 0) return;
      }
    },
    renewHung: (channel) => masters.renewHung(channel),
    close: () => masters.close(),
  };
}
