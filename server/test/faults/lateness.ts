import type { ClientRecord, History } from './history.ts';

/** In milliseconds. `worst`: of the word that came latest, when it was answered, and whom it reached so late. */
export type Lateness = { words: number; p50: number; p99: number; max: number; worst: Wait | null };
type Wait = { ms: number; at: number; reader: string };

/**
 * From the answer to a word until every other reader of its room had it, for words answered within one of these spans,
 * and readers who stayed on one socket meanwhile.
 */
export function findLateness({ clients }: History, spans: readonly (readonly [number, number])[]): Lateness {
  const waits: Wait[] = [];
  for (const room of new Set(clients.map((client) => client.room))) {
    const here = clients.filter((client) => client.room === room);
    const seen = here.map(seenBy);
    const welcomed = here.map(welcomedAt);
    for (const writer of here) {
      for (const event of writer.events) {
        if (event.is !== 'got' || event.frame.t !== 'ok' || !spans.some(([from, to]) => from <= event.when && event.when <= to)) continue;
        const { cid } = event.frame;
        for (const [i, reader] of here.entries()) {
          const got = seen[i]?.get(cid);
          if (reader !== writer && got && (welcomed[i]?.get(got.socket) ?? Number.POSITIVE_INFINITY) < event.when) waits.push({ ms: Math.max(0, got.when - event.when), at: event.when, reader: reader.name });
        }
      }
    }
  }
  waits.sort((a, b) => a.ms - b.ms);
  const at = (share: number): number => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))]?.ms ?? 0;
  return { words: waits.length, p50: at(0.5), p99: at(0.99), max: at(1), worst: waits.at(-1) ?? null };
}

/** When each word's row came first, and on which socket. */
function seenBy({ events }: ClientRecord): Map<string, { when: number; socket: number }> {
  const seen = new Map<string, { when: number; socket: number }>();
  for (const { when, socket, ...event } of events) {
    if (event.is !== 'got' || event.frame.t !== 'rows') continue;
    for (const row of event.frame.rows) if (!row.deleted && !seen.has(row.cid)) seen.set(row.cid, { when, socket });
  }
  return seen;
}

/** When each socket was welcomed. */
function welcomedAt({ events }: ClientRecord): Map<number, number> {
  return new Map(events.flatMap((event) => (event.is === 'got' && event.frame.t === 'welcome' ? [[event.socket, event.when] as const] : [])));
}
