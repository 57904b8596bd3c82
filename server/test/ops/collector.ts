import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export type SentSpan = { traceId: string; spanId: string; parentSpanId?: string; name: string; kind: number; attributes: Record<string, unknown>; server: string; startTimeUnixNano: string; endTimeUnixNano: string };
/** A collector that takes traces as OTLP brings them over HTTP, in JSON, and keeps them. */
export type Collector = { url: string; spans: SentSpan[]; /** All that came, as text. */ said: string[]; /** Takes connections, and never answers again. */ hang(): void; close(): Promise<void> };

type Value = { stringValue?: string; intValue?: number; boolValue?: boolean };
type Attribute = { key: string; value: Value };
type Body = { resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: (Omit<SentSpan, 'attributes' | 'server'> & { attributes?: Attribute[] })[] }[] }[] };

export async function openCollector(): Promise<Collector> {
  let hangs = false;
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (hangs) return;
    const bytes = Buffer.concat(parts);
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
    collector.said.push(`${request.method} ${request.url} ${text}`);
    for (const { resource, scopeSpans } of (JSON.parse(text) as Body).resourceSpans) {
      const { 'service.instance.id': id } = read(resource.attributes);
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) collector.spans.push({ ...span, attributes: read(span.attributes ?? []), server: String(id) });
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const collector: Collector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: [],
    said: [],
    hang() { hangs = true; },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => { server.close(() => resolve()); });
    },
  };
  return collector;
}

function read(attributes: Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
