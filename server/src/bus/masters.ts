import { setTimeout as rest } from 'node:timers/promises';
import { SLOTS, slotOf } from './slots.ts';
import { type Keeper, keepWire, type Range, type Wire } from './wire.ts';

export type RedisAddress = { cluster: boolean; /** At least one, with user and password. */ urls: readonly string[] };

/** Who carries which channel: one Redis, or the masters of a cluster, each its slots. */
export type Masters = {
  /** Null while nobody does. Another one than before: what was subscribed there is gone. */
  of(channel: string): Wire | null;
  /** What goes by this channel's connection does not come back: it is left if it may hang. */
  renewHung(channel: string): void;
  close(): void;
};

type Listen = (channel: string, text: string) => void;

/** How often a cluster is asked who serves what. Nobody tells of every slot that moves. */
const LOOK_EVERY_MS = 1_000;
const ANSWER_MS = 800;

export function openMasters({ cluster, urls }: RedisAddress, listen: Listen, changed: () => void): Masters {
  if (cluster) return openCluster(urls, listen, changed);
  const only = keepWire(urls[0] ?? '', listen, changed);
  return { of: () => only.wire, renewHung: () => only.renewHung(), close: () => only.close() };
}

function openCluster(seeds: readonly string[], listen: Listen, changed: () => void): Masters {
  const keepers = new Map<string, Keeper>();
  let owners: readonly (string | undefined)[] = [];
  let turn = 0;
  let looking = false;
  let over = false;

  function keep(url: string): void {
    if (!keepers.has(url)) keepers.set(url, keepWire(url, listen, () => { if (owners.length === 0) void look(); changed(); }));
  }

  /** Asks one after the other, one each time: one that hangs costs a second. */
  async function look(): Promise<void> {
    const reachable = [...keepers].filter(([, { wire }]) => wire);
    // Masters come and go under new addresses; those of the setting stay.
    if (reachable.length === 0) return seeds.forEach(keep);
    const [url, { wire }] = reachable[(turn += 1) % reachable.length] as [string, Keeper];
    if (looking || !wire) return;
    looking = true;
    const ranges = await Promise.race([wire.ask(), rest(ANSWER_MS, null, { ref: false })]);
    looking = false;
    if (ranges && ranges.length > 0 && !over) apply(readOwners(ranges, url));
  }

  function apply(next: readonly (string | undefined)[]): void {
    const before = owners;
    const masters = new Set(next);
    for (const url of masters) if (url) keep(url);
    owners = next;
    for (const [url, keeper] of keepers) {
      if (masters.has(url)) continue;
      keeper.close();
      keepers.delete(url);
    }
    if (next.every((url, slot) => url === before[slot])) return;
    // What still stands at a master that gave a slot away, only Redis knows.
    for (const url of new Set(before.filter((url, slot) => url !== next[slot]))) keepers.get(url ?? '')?.renew();
    changed();
  }

  const keeperOf = (channel: string): Keeper | undefined => keepers.get(owners[slotOf(channel)] ?? '');
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  seeds.forEach(keep);
  return {
    of: (channel) => keeperOf(channel)?.wire ?? null,
    renewHung(channel) {
      // Before the first answer it may be any of them that hangs.
      if (owners.length === 0) for (const keeper of keepers.values()) keeper.renewHung();
      else keeperOf(channel)?.renewHung();
    },
    close() {
      over = true;
      clearInterval(timer);
      for (const keeper of keepers.values()) keeper.close();
    },
  };
}

/** The address of each slot's master, with user, password and TLS of the one that was asked. */
function readOwners(ranges: readonly Range[], asked: string): (string | undefined)[] {
  const owners = new Array<string | undefined>(SLOTS).fill(undefined);
  const [, scheme = '', who = '', host = ''] = /^(\w+:\/\/)([^@/]*@)?(.+?)(?::\d+)?(?:\/.*)?$/.exec(asked) ?? [];
  for (const range of ranges) {
    const own = !range.host || range.host === '?' ? host : range.host.includes(':') ? `[${range.host}]` : range.host;
    const url = `${scheme}${who}${own}:${range.port}`;
    if (URL.canParse(url)) owners.fill(url, range.from, range.to + 1);
  }
  return owners;
}
