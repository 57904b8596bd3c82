import { randomUUID } from 'node:crypto';
import { setTimeout as rest } from 'node:timers/promises';
import type { Attributes, Span, SpanContext, SpanKind } from '@opentelemetry/api';

/** Makes spans and hands them on. A collector that is gone, or slow, costs at most the memory of what waits for it. */
export type Tracer = {
  /** `parent` null: the first of its trace. */
  start(name: string, kind: keyof typeof SpanKind, parent: Span | SpanContext | null, attributes?: Attributes): Span;
  /** What waits leaves, if that does not take long. */
  close(): Promise<void>;
};
export type TracerOptions = { endpoint: string; service: string; version: string };

const EXPORT_EVERY_MS = 1_000;
const EXPORT_WITHIN_MS = 5_000;
/** What comes above it is let go. */
const WAITING_MAX = 8_192;
const CLOSE_WITHIN_MS = 2_000;

/** Danger: nothing of OpenTelemetry is imported elsewhere. It would cost every start and every process that makes no traces. */
export async function openTracer({ endpoint, service, version }: TracerOptions): Promise<Tracer> {
  const [{ ROOT_CONTEXT, SpanKind, trace }, { AlwaysOnSampler, BatchSpanProcessor, TracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'), import('@opentelemetry/sdk-trace'), import('@opentelemetry/exporter-trace-otlp-http'), import('@opentelemetry/resources'),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: EXPORT_WITHIN_MS });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': version, 'service.instance.id': randomUUID() }),
    sampler: new AlwaysOnSampler(),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: EXPORT_EVERY_MS, exportTimeoutMillis: EXPORT_WITHIN_MS, maxQueueSize: WAITING_MAX })],
  });
  const tracer = provider.getTracer('aside');
  return {
    start(name, kind, parent, attributes = {}) {
      const context = parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, 'spanContext' in parent ? parent.spanContext() : parent);
      return tracer.startSpan(name, { kind: SpanKind[kind], attributes }, context);
    },
    async close() {
      await Promise.race([provider.shutdown().catch(letGo), rest(CLOSE_WITHIN_MS, undefined, { ref: false })]);
    },
  };
}

/** Nobody waits for traces. */
function letGo(): void {}
