import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As much of Google's Cloud Storage as `terraform/database/store.sh` asks for: a bucket whose objects are made once and read. */
export type Bucket = { readonly url: string; readonly names: string[]; close(): void };

/** Theirs have a thousand. */
const PAGE = 5;

export async function openBucket(name: string, token: string): Promise<Bucket> {
  const objects = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://bucket');
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const say = (status: number, body: string | Buffer = ''): void => void response.writeHead(status).end(body);
    if (request.headers.authorization !== `Bearer ${token}`) return say(401);
    if (request.method === 'POST' && url.pathname === `/upload/storage/v1/b/${name}/o` && url.searchParams.get('ifGenerationMatch') === '0') {
      const object = url.searchParams.get('name') ?? '';
      if (objects.has(object)) return say(412);
      objects.set(object, Buffer.concat(parts));
      return say(200, '{}');
    }
    if (url.pathname === `/storage/v1/b/${name}/o`) {
      const found = [...objects.keys()].filter((one) => one.startsWith(url.searchParams.get('prefix') ?? '')).sort();
      const from = Number(url.searchParams.get('pageToken') ?? 0);
      const more = found.length > from + PAGE ? { nextPageToken: String(from + PAGE) } : {};
      return say(200, JSON.stringify({ ...more, items: found.slice(from, from + PAGE).map((one) => ({ name: one })) }, null, 2));
    }
    const [, object] = /^\/storage\/v1\/b\/[^/]+\/o\/(.+)$/.exec(url.pathname) ?? [];
    const held = objects.get(decodeURIComponent(object ?? ''));
    return held ? say(200, held) : say(404);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get names() { return [...objects.keys()]; },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
