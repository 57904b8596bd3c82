import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export type CanaryMetrics = {
  sent(): void;
  /** `seconds`: from the first sending until the row came. */
  ended(as: 'received' | 'late' | 'lost', seconds: number): void;
  refused(code: string): void;
  text(): Promise<string>;
};

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createCanaryMetrics(up: () => boolean): CanaryMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const sent = new Counter({ name: 'aside_canary_sent_total', help: 'Changes of the canary that were acknowledged', registers });
  const received = new Counter({ name: 'aside_canary_received_total', help: 'Of these, those whose row came, in time or late', registers });
  const late = new Counter({ name: 'aside_canary_late_total', help: 'Of these, those whose row came only after another connection asked for what was missed', registers });
  const lost = new Counter({ name: 'aside_canary_lost_total', help: 'Acknowledged changes that no reader would ever be told', registers });
  const refused = new Counter({ name: 'aside_canary_refused_total', help: 'Changes of the canary that were not taken, by code', labelNames: ['code'], registers });
  const delivery = new Histogram({ name: 'aside_canary_delivery_seconds', help: 'From the sending of a change to its row on another connection', buckets: BUCKETS, registers });
  new Gauge({ name: 'aside_canary_up', help: '1 while both connections of the canary stand', registers, collect() { this.set(up() ? 1 : 0); } });
  return {
    sent: () => sent.inc(),
    ended(as, seconds) {
      if (as === 'lost') return lost.inc();
      if (as === 'late') late.inc();
      received.inc();
      // What was so already changed nothing, and was told before it was asked for.
      if (seconds >= 0) delivery.observe(seconds);
    },
    refused: (code) => refused.inc({ code }),
    text: () => registry.metrics(),
  };
}
