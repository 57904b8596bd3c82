/** Token buckets: a rate that may be overdrawn by a burst and says how long to wait when it is empty. */
export type Quota = {
  /** 0 when taken, else the milliseconds after which it is worth trying again. */
  take(key: string, cost?: number): number;
  give(key: string, cost?: number): void;
};
/** Remembers keys only while it must: who is full again is as good as never seen. */
export type Buckets = Quota & { forget(key: string): void; /** Forgets who is full. */ tidy(): void };
export type Rate = { perSecond: number; burst: number };
export type Bucket = { level: number; at: number };

/** What adding up parts of a token loses: waiting exactly as told must be enough. */
const DUST = 1e-9;
/** Buckets kept at most; full ones are forgotten first, being the same as none. */
const BUCKETS_MAX = 50_000;
const WINDOW_MAX = 1_000;
/** Making room for one at a time would look through all of them for each. */
const FORGOTTEN_AT_ONCE = 5_000;

export function createQuota({ perSecond, burst }: Rate, now: () => number): Buckets {
  const buckets = new Map<string, Bucket>();

  function filled(key: string): Bucket {
    const at = now();
    const bucket = buckets.get(key);
    if (!bucket) {
      const fresh = { level: burst, at };
      if (buckets.size >= BUCKETS_MAX) makeRoom();
      buckets.set(key, fresh);
      return fresh;
    }
    refill(bucket, { perSecond, burst }, at);
    return bucket;
  }

  function tidy(): void {
    const at = now();
    for (const [key, bucket] of buckets) {
      if (bucket.level + ((at - bucket.at) / 1_000) * perSecond >= burst) buckets.delete(key);
    }
  }

  function makeRoom(): void {
    tidy();
    for (const key of buckets.keys()) {
      if (buckets.size < BUCKETS_MAX - FORGOTTEN_AT_ONCE) return;
      buckets.delete(key);
    }
  }

  return {
    take(key, cost = 1) {
      return spend(filled(key), { perSecond, burst }, now(), cost);
    },
    give(key, cost = 1) {
      const bucket = filled(key);
      bucket.level = Math.min(burst, bucket.level + cost);
    },
    forget: (key) => void buckets.delete(key),
    tidy,
  };
}

/** At most so many in any second, to the letter: a bucket's burst would let twice as many through in its first. Above a thousand nobody counts them, and a bucket is cheaper. */
export function createWindow(perSecond: number, now: () => number): Quota {
  if (perSecond > WINDOW_MAX) return createQuota({ perSecond, burst: perSecond }, now);
  const taken = new Map<string, number[]>();
  return {
    take(key) {
      const at = now();
      const times = (taken.get(key) ?? []).filter((then) => at - then < 1_000);
      const oldest = times.length >= perSecond ? times[0] : undefined;
      if (oldest !== undefined) return Math.ceil(oldest + 1_000 - at);
      if (!taken.has(key) && taken.size >= BUCKETS_MAX) for (const [other, all] of taken) if (at - (all.at(-1) ?? 0) >= 1_000) taken.delete(other);
      times.push(at);
      taken.set(key, times);
      return 0;
    },
    give(key) {
      taken.get(key)?.pop();
    },
  };
}

/** 0 when taken, else the milliseconds until the bucket holds enough. */
export function spend(bucket: Bucket, rate: Rate, at: number, cost = 1): number {
  refill(bucket, rate, at);
  // A cost above the burst could never be paid: it passes when the bucket is full.
  const price = Math.min(cost, rate.burst);
  if (bucket.level < price - DUST) return Math.ceil(((price - bucket.level) / rate.perSecond) * 1_000);
  bucket.level -= price;
  return 0;
}

/** Takes one whether or not it is there, and says how much longer that makes the wait. */
export function owe(bucket: Bucket, rate: Rate): number {
  bucket.level -= 1;
  return Math.ceil(1_000 / rate.perSecond);
}

function refill(bucket: Bucket, { perSecond, burst }: Rate, at: number): void {
  bucket.level = Math.min(burst, bucket.level + ((at - bucket.at) / 1_000) * perSecond);
  bucket.at = at;
}

/** Takes from all, or from none, and then says the longest wait: a refusal costs nothing, so waiting as told is enough. */
export function takeAll(wanted: readonly (readonly [quota: Quota, key: string, cost?: number])[]): number {
  const waits = wanted.map(([quota, key, cost]) => quota.take(key, cost));
  const wait = Math.max(0, ...waits);
  if (wait > 0) for (const [i, [quota, key, cost]] of wanted.entries()) if (waits[i] === 0) quota.give(key, cost);
  return wait;
}
