import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Meter } from '../room/house.ts';
import type { Refusal } from './door.ts';

export type Metrics = {
  meter: Meter;
  delivered(rows: number, readers: number): void;
  appended(ms: number, items: number): void;
  doubted(): void;
  turnedAway(reason: Refusal['code']): void;
  /** What `/metrics` says. */
  text(): Promise<string>;
  close(): void;
};

/** `hears`: null where no other server is. */
type Now = { connections: () => number; overloaded: () => boolean; hears: (() => boolean) | null };

/** What an operator sees. Labels are from closed sets; nothing of a reader stands in them. */
export function createMetrics({ connections, overloaded, hears }: Now): Metrics {
  const registers = [new Registry()];
  collectDefaultMetrics({ register: registers[0] as Registry });
  const delivered = new Counter({ name: 'aside_deliveries_total', help: 'Rows written to readers', registers });
  const passes = new Counter({ name: 'aside_writes_total', help: 'Writes to readers; several rows may share one', registers });
  const append = new Histogram({ name: 'aside_append_seconds', help: 'Time of one append call', buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5], registers });
  const batch = new Histogram({ name: 'aside_append_items', help: 'Items in one append call', buckets: [1, 2, 5, 10, 20, 50, 100, 200], registers });
  const unknown = new Counter({ name: 'aside_append_unknown_total', help: 'Appends that ended without a word', registers });
  const entered = new Counter({ name: 'aside_entries_total', help: 'Readers brought to a position, by kind', labelNames: ['kind'], registers });
  const refused = new Counter({ name: 'aside_refusals_total', help: 'Refusals by code', labelNames: ['code'], registers });
  const away = new Counter({ name: 'aside_upgrades_refused_total', help: 'Sockets refused before they opened, by reason', labelNames: ['reason'], registers });
  const cut = new Counter({ name: 'aside_cuts_total', help: 'Readers cut, by reason', labelNames: ['reason'], registers });
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  new Gauge({ name: 'aside_connections', help: 'Open sockets', registers, collect() { this.set(connections()); } });
  if (hears) new Gauge({ name: 'aside_bus_hears', help: '1 while the words of other servers come by Redis; 0 while heads are compared every second instead', registers, collect() { this.set(hears() ? 1 : 0); } });
  new Gauge({ name: 'aside_overloaded', help: '1 while new sockets are refused because the event loop is late', registers, collect() { this.set(overloaded() ? 1 : 0); } });
  new Gauge({ name: 'aside_event_loop_lag_p99_seconds', help: 'Since the last scrape', registers, collect() { this.set(lag.percentile(99) / 1e9); lag.reset(); } });

  return {
    meter: {
      refused: (code) => refused.inc({ code }),
      resumed: (kind) => entered.inc({ kind }),
      cut: (reason) => cut.inc({ reason }),
    },
    delivered(rows, readers) {
      delivered.inc(rows * readers);
      passes.inc(readers);
    },
    appended(ms, items) {
      append.observe(ms / 1_000);
      batch.observe(items);
    },
    doubted: () => unknown.inc(),
    turnedAway: (reason) => away.inc({ reason }),
    text: async () => registers[0]?.metrics() ?? '',
    close: () => { lag.disable(); },
  };
}
