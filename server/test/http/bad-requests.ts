import { MARK } from './bad-frame.ts';
import type { Request } from './raw.ts';

/** What a stranger can ask for, and the one answer it gets. `code` stands in the problem's body. */
export type BadRequest = { name: string; ask: Request; status: number; code: string };

/** Post ids no room can have, as they stand in a path. */
const postIds: Record<string, string> = {
  'of 256 characters': 'a'.repeat(256), 'of 1,000 emoji': encodeURIComponent('👍').repeat(1_000), 'of 256 wide characters': encodeURIComponent('가').repeat(256), 'with NUL': `${MARK}%00`,
  'with a line break': `${MARK}%0a`, 'with a carriage return': `%0d${MARK}`, 'with a control character': `%1b${MARK}`, 'with DEL': `${MARK}%7f`,
  'with a C1 character': `${MARK}%c2%85`, 'with a line separator': `${MARK}%e2%80%a8`,
};

export const badRequests: readonly BadRequest[] = [
  ...Object.entries(postIds).flatMap(([name, id]) => [
    bad(`the page of a post id ${name}`, `/room/${id}`, 400, 'bad_room'),
    bad(`the embed of a post id ${name}`, `/embed?postId=${id}`, 400, 'bad_room'),
    bad(`the room of a post id ${name}`, `/api/v1/rooms/${id}`, 400, 'bad_room'),
    bad(`the messages of a post id ${name}`, `/api/v1/rooms/${id}/messages`, 400, 'bad_room'),
    bad(`the heat of a post id ${name}`, `/api/v1/rooms/${id}/heat`, 400, 'bad_room'),
  ]),
  ...['%', '%zz', '%c3%28', '%ed%a0%80', '%ff'].flatMap((bytes) => [
    bad(`the page at ${bytes}`, `/room/${MARK}${bytes}`, 400, 'bad_request'),
    bad(`the messages at ${bytes}`, `/api/v1/rooms/${MARK}${bytes}/messages`, 400, 'bad_request'),
  ]),
  bad('an empty post id', '/embed?postId=', 400, 'bad_room'),
  bad('no post id', '/embed', 400, 'bad_room'),
  bad('two post ids', `/embed?postId=${MARK}&postId=b`, 400, 'bad_room'),
  bad('a page without an id', '/room/', 400, 'bad_room'),
  bad('the room without an id', '/api/v1/rooms/', 400, 'bad_room'),
  bad('a post id wider than any', `/room/${'a'.repeat(4_000)}`, 414, 'bad_request'),
  bad('a path out of the room', `/room/../${MARK}`, 404, 'not_found'),
  bad('a path out of the assets', '/assets/%2e%2e/%2e%2e/package.json', 403, 'bad_request'),
  bad('an asset that is none', `/assets/${MARK}.js`, 404, 'not_found'),
  bad('nothing we have', `/${MARK}`, 404, 'not_found'),
  ...[`site=${'a'.repeat(65)}`, `site=${MARK}%0a`, 'site=a&site=b'].flatMap((query) => [
    bad(`the page of ${query.slice(0, 20)}`, `/room/x?${query}`, 400, 'bad_site'),
    bad(`the messages of ${query.slice(0, 20)}`, `/api/v1/rooms/x/messages?${query}`, 400, 'bad_site'),
  ]),
  ...['before=-1', 'before=1.5', 'before=x', 'before=1e3', 'before=1&before=2', 'limit=0', 'limit=51', 'limit=x', 'limit=', `before=${'9'.repeat(16)}`,
    'pic=', 'pic=x', 'pic=-1', 'pic=1.5', `pic=${'9'.repeat(16)}`, 'pic=1&pic=2', 'pic=1&before=2', 'pic=1&limit=0', 'pic=1&limit=51', 'pic=1&after=x', 'pic=1&until=-1', 'pic=1&after=1&until=2', 'after=1', 'until=1'].map((query) =>
    bad(`a page of ${query}`, `/api/v1/rooms/x/messages?${query}`, 400, 'bad_page')),
  ...['', 'from=1', 'from=2&to=1', 'from=1&to=1', 'from=x&to=2', 'from=1&to=2&buckets=0', 'from=1&to=2&buckets=201', 'from=1&from=2&to=3'].map((query) =>
    bad(`the heat of ${query}`, `/api/v1/rooms/x/heat?${query}`, 400, 'bad_range')),
  ...['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'].map((method): BadRequest =>
    ({ name: `${method} to a room`, ask: { method, path: '/api/v1/rooms/x/messages', body: `{"text":"${MARK}"}`, headers: [['Content-Type', 'application/json']] }, status: 404, code: 'not_found' })),
  { name: 'a body of 64 KiB and a byte', ask: { method: 'POST', path: '/room/x', body: 'a'.repeat(64 * 1024 + 1), headers: [['Content-Type', 'text/plain']] }, status: 413, code: 'bad_request' },
  bad('the socket without an upgrade', '/ws', 426, 'upgrade'),
  bad('the metrics on the public port', '/metrics', 404, 'not_found'),
  { name: 'no HTTP at all', ask: { bytes: `${MARK}\r\n\r\n` }, status: 400, code: 'bad_request' },
  { name: 'headers of 32 KiB', ask: { headers: [['X-Long', 'a'.repeat(32 * 1024)]] }, status: 431, code: 'bad_request' },
  { name: 'headers of 4 MiB, most of them still on their way', ask: { headers: [['X-Long', 'a'.repeat(4 * 1024 * 1024)]] }, status: 431, code: 'bad_request' },
  { name: 'a header with a control character', ask: { path: '/room/x', headers: [['X-Odd', `${MARK}\u0001`]] }, status: 400, code: 'bad_request' },
  { name: 'two lengths', ask: { bytes: `POST /room/x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${MARK}` }, status: 400, code: 'bad_request' },
];

function bad(name: string, path: string, status: number, code: string): BadRequest {
  return { name, ask: { path }, status, code };
}
