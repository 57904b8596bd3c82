import type { IncomingMessage, ServerResponse } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Log } from '../log/messages.ts';
import { type Commit, keyOf, refusals } from '../protocol/index.ts';
import type { Meter } from '../room/house.ts';
import { type StreamCode, streamSentences } from '../stream/refusal.ts';
import type { Refusal } from './door.ts';
import { addVitals, type Parts } from './vitals.ts';

export type Metrics = {
  meter: Meter;
  committed(commit: Commit, cameAt: number): void;
  /** Of a commit of this process, when the first of its changes was taken. */
  cameAt(commit: Commit): number | undefined;
  delivered(rows: number, readers: number, ms: number): void;
  appended(ms: number, items: number): void;
  doubted(): void;
  turnedAway(reason: Refusal['code']): void;
  epochChanged(): void;
  /** The same log, whose comparisons are looked at. */
  watchHeads(log: Log): Log;
  /** For an HTTP server's `request`. */
  answering(request: IncomingMessage, response: ServerResponse): void;
  /** A stream's origin was asked. */
  fetched(outcome: 'ok' | StreamCode): void;
  /** Once everything stands. `fronted`: answers given by what stands before the HTTP server. */
  watch(parts: Parts, fronted?: () => number): void;
  /** What `/metrics` says. */
  text(): Promise<string>;
  close(): void;
};

/** `hears`: null where no other server is. */
type Now = { connections: () => number; overloaded: () => boolean; hears: (() => boolean) | null };

const AREAS = ['chat', 'stream'] as const;
const STATUSES = ['2xx', '3xx', '4xx', '5xx'] as const;
const REASONS: readonly Refusal['code'][] = ['upgrade', 'origin', 'overloaded', 'rush', 'too_many'];
const PROBES = /^\/(healthz|readyz)\b/;

/** What an operator sees. Labels are from closed sets; nothing of a reader stands in them. */
export function createMetrics({ connections, overloaded, hears }: Now): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const delivered = new Counter({ name: 'aside_deliveries_total', help: 'Rows written to readers', registers });
  const passes = new Counter({ name: 'aside_writes_total', help: 'Writes to readers; several rows may share one', registers });
  const delivery = new Histogram({ name: 'aside_delivery_seconds', help: 'From the first change a pass carries being taken (of another server: being heard) until the last reader was written to', buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5], registers });
  const append = new Histogram({ name: 'aside_append_seconds', help: 'Time of one append call', buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5], registers });
  const batch = new Histogram({ name: 'aside_append_items', help: 'Items in one append call', buckets: [1, 2, 5, 10, 20, 50, 100, 200], registers });
  const unknown = new Counter({ name: 'aside_append_unknown_total', help: 'Appends that ended without a word', registers });
  const entered = new Counter({ name: 'aside_entries_total', help: 'Readers brought to a position, by kind', labelNames: ['kind'], registers });
  const refused = new Counter({ name: 'aside_refusals_total', help: 'Refusals by code', labelNames: ['code'], registers });
  const away = new Counter({ name: 'aside_upgrades_refused_total', help: 'Sockets refused before they opened, by reason', labelNames: ['reason'], registers });
  const cut = new Counter({ name: 'aside_cuts_total', help: 'Readers cut, by reason', labelNames: ['reason'], registers });
  const epochs = new Counter({ name: 'aside_epoch_changes_total', help: 'Rooms that found another database, or a restored one', registers });
  const behind = new Counter({ name: 'aside_heads_behind_total', help: 'Rooms that a comparison found behind the log', registers });
  const fetches = new Counter({ name: 'aside_stream_fetches_total', help: 'What origins of streams were asked, by outcome', labelNames: ['outcome'], registers });
  // A counter that is first seen at 1 has not grown, for who asks by how much it has.
  for (const kind of ['resumed', 'fresh', 'reset'] as const) entered.inc({ kind }, 0);
  for (const code of Object.keys(refusals)) refused.inc({ code }, 0);
  for (const reason of REASONS) away.inc({ reason }, 0);
  for (const outcome of ['ok', ...Object.keys(streamSentences)]) fetches.inc({ outcome }, 0);
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  new Gauge({ name: 'aside_connections', help: 'Open sockets', registers, collect() { this.set(connections()); } });
  if (hears) new Gauge({ name: 'aside_bus_hears', help: '1 while the words of other servers come by Redis; 0 while heads are compared every second instead', registers, collect() { this.set(hears() ? 1 : 0); } });
  new Gauge({ name: 'aside_overloaded', help: '1 while new sockets are refused because the event loop is late', registers, collect() { this.set(overloaded() ? 1 : 0); } });
  new Gauge({ name: 'aside_event_loop_lag_p99_seconds', help: 'Since the last scrape', registers, collect() { this.set(lag.percentile(99) / 1e9); lag.reset(); } });
  let headLag = 0;
  new Gauge({ name: 'aside_head_lag_revs', help: 'How far a room was behind the log at most, in the comparisons since the last scrape', registers, collect() { this.set(headLag); headLag = 0; } });
  // Plain numbers, since a thousand viewers ask in one second.
  const answers = Object.fromEntries(AREAS.map((area) => [area, [0, 0, 0, 0]])) as Record<(typeof AREAS)[number], number[]>;
  let fronted = (): number => 0;
  new Counter({
    name: 'aside_requests_total', help: 'HTTP requests answered, by area and class of status; upgrades and probes are none', labelNames: ['area', 'status'], registers,
    collect() {
      this.reset();
      for (const area of AREAS) for (const [i, status] of STATUSES.entries()) this.inc({ area, status }, (answers[area][i] ?? 0) + (area === 'stream' && i === 0 ? fronted() : 0));
    },
  });
  const came = new WeakMap<Commit, number>();
  let prepare = async (): Promise<void> => {};

  return {
    meter: {
      refused: (code) => refused.inc({ code }),
      resumed: (kind) => entered.inc({ kind }),
      cut: (reason) => cut.inc({ reason }),
    },
    committed: (commit, at) => void came.set(commit, at),
    cameAt: (commit) => came.get(commit),
    delivered(rows, readers, ms) {
      delivered.inc(rows * readers);
      passes.inc(readers);
      if (readers > 0) delivery.observe(ms / 1_000);
    },
    appended(ms, items) {
      append.observe(ms / 1_000);
      batch.observe(items);
    },
    doubted: () => unknown.inc(),
    turnedAway: (reason) => away.inc({ reason }),
    epochChanged: () => epochs.inc(),
    watchHeads: (log) => ({
      ...log,
      async compare(heads) {
        const differing = await log.compare(heads);
        const revs = new Map(differing.length > 0 ? heads.map(({ place, epoch, rev }) => [`${keyOf(place)}\n${epoch}`, rev]) : []);
        for (const { place, epoch, rev } of differing) {
          const ahead = rev - (revs.get(`${keyOf(place)}\n${epoch}`) ?? rev);
          if (ahead > 0) behind.inc();
          headLag = Math.max(headLag, ahead);
        }
        return differing;
      },
    }),
    answering({ url = '' }, response) {
      if (PROBES.test(url)) return;
      const area = url.startsWith('/stream/') ? 'stream' : 'chat';
      response.once('finish', () => {
        const status = Math.floor(response.statusCode / 100) - 2;
        answers[area][status] = (answers[area][status] ?? 0) + 1;
      });
    },
    fetched: (outcome) => fetches.inc({ outcome }),
    watch(parts, front) {
      prepare = addVitals(register, parts);
      if (front) fronted = front;
    },
    async text() {
      await prepare();
      return register.metrics();
    },
    close: () => { lag.disable(); },
  };
}
