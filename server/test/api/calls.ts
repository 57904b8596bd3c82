import { nanoid } from 'nanoid';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestServer } from '../support/server.ts';
import { importCalls } from './import-calls.ts';
import { errorsCalls } from './errors-calls.ts';
import { privacyCalls } from './privacy-calls.ts';
import { webhooksCalls } from './webhooks-calls.ts';
import { ask, authorOf, enter, idOf, moderatorKey } from '../moderation/desk.ts';

/** What calls are made with: a server with a room `here` of three messages, its owner's key, and where a stream is. */
export type Setting = { server: TestServer; owner: string; playlist: string };
/** A call that succeeds. */
export type Call = (setting: Setting) => Promise<Response>;

/** One call of every route, by its name in the document. */
export const calls: { readonly [route: string]: Call } = {
  'GET /api/v1/rooms/:id': get('/api/v1/rooms/here'),
  'GET /api/v1/rooms/:id/messages': get('/api/v1/rooms/here/messages?limit=2'),
  'GET /api/v1/rooms/:id/heat': get('/api/v1/rooms/here/heat?from=0&to=1000&buckets=4'),
  'GET /api/v1/rooms/:id/feed.atom': get('/api/v1/rooms/here/feed.atom'),
  'GET /api/v1/rooms/:id/feed.json': get('/api/v1/rooms/here/feed.json'),
  'GET /api/v1/counts': get('/api/v1/counts?ids=here,there'),
  'PUT /api/v1/rooms/:id/stream': async ({ server, owner, playlist }) => send(server, 'PUT', '/api/v1/rooms/here/stream', owner, { url: playlist, title: '밤의 방송' }),
  'DELETE /api/v1/rooms/:id/stream': async (setting) => {
    await calls['PUT /api/v1/rooms/:id/stream']?.(setting);
    return send(setting.server, 'DELETE', '/api/v1/rooms/here/stream', setting.owner);
  },
  'GET /api/v1/rooms/:id/desk': async ({ server, owner }) => {
    const anna = await enter(server, 'here', { id: idOf(901) });
    anna.send({ t: 'report', cid: nanoid(), n: 1, reason: 'spam' });
    await anna.next('ok');
    await anna.close();
    return send(server, 'GET', '/api/v1/rooms/here/desk', owner);
  },
  'GET /api/v1/rooms/:id/export': withKey('GET', '/api/v1/rooms/here/export'),
  'GET /api/v1/words': withKey('GET', '/api/v1/words'),
  'PUT /api/v1/words': withKey('PUT', '/api/v1/words', { blocked: ['나쁜말'], allowed: [] }),
  'POST /api/v1/keys': async ({ server, owner }) => {
    const { body } = await ask(server, 'POST', '/api/v1/moderators', { token: owner, body: { name: '민지' } });
    return send(server, 'POST', '/api/v1/keys', '', { invitation: new URL(body.invitation).hash.slice('#invite='.length) });
  },
  'GET /api/v1/me': withKey('GET', '/api/v1/me'),
  'GET /api/v1/moderators': withKey('GET', '/api/v1/moderators'),
  'POST /api/v1/moderators': withKey('POST', '/api/v1/moderators', { name: '민지', room: 'here' }),
  'DELETE /api/v1/moderators/:number': async ({ server, owner }) => send(server, 'DELETE', `/api/v1/moderators/${(await moderatorKey(server)).id}`, owner),
  'GET /api/v1/pairings/:code': async (setting) => send(setting.server, 'GET', `/api/v1/pairings/${await pair(setting)}`, setting.owner),
  'GET /api/v1/rooms': withKey('GET', '/api/v1/rooms?limit=1&find=he'),
  'GET /api/v1/rooms/:id/search': withKey('GET', `/api/v1/rooms/here/search?text=${encodeURIComponent('잘')}`),
  'POST /api/v1/rooms/:id/acts': withKey('POST', '/api/v1/rooms/here/acts', { t: 'mod', do: 'pin', n: 2, on: true }),
  'GET /api/v1/bans': async ({ server, owner }) => {
    const ben = await enter(server, 'here', { id: idOf(902) });
    await send(server, 'POST', '/api/v1/rooms/here/acts', owner, { t: 'mod', do: 'mute', who: authorOf(ben), seconds: 600 });
    await ben.close();
    return send(server, 'GET', '/api/v1/bans', owner);
  },
  'GET /api/v1/audit': withKey('GET', '/api/v1/audit?room=here'),
  'GET /api/v1/health': withKey('GET', '/api/v1/health'),
  'POST /api/v1/doctor': withKey('POST', '/api/v1/doctor', { url: 'http://127.0.0.1:1/post' }),
  'GET /api/v1/settings': withKey('GET', '/api/v1/settings'),
  'POST /api/v1/pairings/:code': async (setting) => send(setting.server, 'POST', `/api/v1/pairings/${await pair(setting)}`, setting.owner),
  ...importCalls,
  ...privacyCalls,
  ...webhooksCalls,
  ...errorsCalls,
};

function send({ http }: TestServer, method: string, path: string, token = '', body?: unknown): Promise<Response> {
  return fetch(http + path, {
    method, headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }) }, ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

function get(path: string): Call {
  return ({ server }) => send(server, 'GET', path);
}

function withKey(method: string, path: string, body?: unknown): Call {
  return ({ server, owner }) => send(server, method, path, owner, body);
}

/** A frame that waits to be let in, and its code. */
async function pair({ server }: Setting): Promise<string> {
  const frame = await enter(server, 'here');
  frame.send({ t: 'pair', key: nanoid(43), blog: 'https://blog.example' });
  const { code } = await frame.next('pair');
  await frame.close();
  return code;
}

/** A playlist that never ends, on loopback. */
export async function openPlaylist(): Promise<{ url: string; close(): Promise<void> }> {
  const origin = createServer((_, response) => response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' })
    .end('#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:1\n#EXT-X-PROGRAM-DATE-TIME:2026-11-20T10:00:00.000Z\n#EXTINF:2.0,\na.ts\n'));
  await new Promise<void>((resolve) => { origin.listen(0, '127.0.0.1', resolve); });
  return { url: `http://127.0.0.1:${(origin.address() as AddressInfo).port}/live.m3u8`, close: () => new Promise((resolve) => { origin.close(() => resolve()); origin.closeAllConnections(); }) };
}
