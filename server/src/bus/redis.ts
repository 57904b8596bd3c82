import { randomBytes } from 'node:crypto';
import { setTimeout as rest } from 'node:timers/promises';
import { keyOf, type Place } from '../protocol/index.ts';
import type { Bus, Listener } from './bus.ts';
import { openChannels } from './channels.ts';
import { createHearing } from './hearing.ts';
import { readHint, writeHint } from './hint.ts';
import type { RedisAddress } from './masters.ts';

const FOLLOW_WITHIN_MS = 500;
const NODE_CHARS = 12;
const HINT = 'h';
const WHISPER = 'w';
/** Every part of a cluster of up to so many equal shards is probed. */
const CLUSTER_PARTS = 32;

/** One sharded channel a room. Works while Redis does; without it the bus says that it is deaf, and nobody waits for it. */
export function createRedisBus(address: RedisAddress, { hear, overhear, turned, late }: Listener): Bus {
  const node = randomBytes(NODE_CHARS / 2).toString('hex');
  const channels = openChannels(address, () => hearing.doubt());
  const hearing = createHearing(channels, address.cluster ? CLUSTER_PARTS : 1, node, turned);

  function listen(place: Place, message: string): void {
    // What we said ourselves was applied when it was said.
    if (message.startsWith(node)) return;
    const text = message.slice(NODE_CHARS + 1);
    const other = message.slice(0, NODE_CHARS);
    if (message[NODE_CHARS] === WHISPER) return overhear(place, other, text);
    const hint = readHint(place, text);
    if (!hint) return;
    hearing.meet(other);
    hear(hint);
  }

  return {
    publish(commit) {
      hear(commit);
      // One that others may miss: they compare while we say that we are deaf.
      void channels.publish(channelOf(commit.place), `${node}${HINT}${writeHint(commit)}`).then((taken) => { if (!taken) hearing.doubt(); });
    },
    whisper: (place, text) => void channels.publish(channelOf(place), `${node}${WHISPER}${text}`, 'whisper'),
    async follow(place) {
      const stands = channels.follow(channelOf(place), (message) => listen(place, message));
      const waits = hearing.hears;
      if (waits && (await Promise.race([stands, rest(FOLLOW_WITHIN_MS, false, { ref: false })]))) return;
      void stands.then(() => { if (hearing.hears) late(); });
    },
    unfollow: (place) => channels.unfollow(channelOf(place)),
    get hears() { return hearing.hears; },
    get reached() { return hearing.reached; },
    async close() {
      await hearing.close();
      channels.close();
    },
  };
}

function channelOf(place: Place): string {
  return `aside\nroom\n${keyOf(place)}`;
}
