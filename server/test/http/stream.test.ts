import { nanoid } from 'nanoid';
import t from 'tap';
import { startOrigin } from '../../../embed-demo/origin/origin.ts';
import { openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';

const ADMIN_TOKEN = 'a-token-for-tests-that-has-enough-letters';
const origin = await startOrigin({ port: 0, host: '127.0.0.1' });
const database = await openDatabase();
const server = await openServer(database.url, { ADMIN_TOKEN, STREAM_ALLOW: new URL(origin.url).host });
t.teardown(async () => {
  await server.close();
  await database.close();
  await origin.close();
});

type Told = { status: number; body: { stream?: { id: string; from: number; to?: number }; code?: string; title?: string } };

async function ask(method: string, room: string, body?: unknown, token: string | null = ADMIN_TOKEN): Promise<Told> {
  const answer = await fetch(`${server.http}/api/v1/rooms/${room}/stream`, {
    method, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : JSON.parse(text) };
}

async function attach(room: string, path: string): Promise<string> {
  const { status, body } = await ask('PUT', room, { url: origin.url + path });
  if (status !== 200 || !body.stream) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body.stream.id;
}

const read = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(server.http + path, { headers });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
};
const text = async (path: string): Promise<string> => (await read(path)).bytes.toString();
/** What a playlist leads to, line by line and in attributes. */
const addressesOf = (playlist: string): string[] => [...playlist.matchAll(/^(?!#).+|URI="([^"]+)"/gm)].map(([line, uri]) => uri ?? line).filter((one) => one !== '');
const segmentsOf = async (id: string): Promise<string[]> => {
  const media = addressesOf(await text(`/stream/${id}/index.m3u8`)).find((one) => one.includes('/playlist/')) ?? '';
  return addressesOf(await text(media)).filter((one) => one.includes('/segment/'));
};

t.test('who brings the operator’s token attaches a stream, changes it and takes it away, and open rooms are told at once', async (t) => {
  const fox = await openClient(server.ws, { room: 'told', ...person('졸린 여우') });
  t.teardown(() => fox.close());
  const heard = fox.next('rows', ({ room }) => room?.stream !== undefined);
  const { body } = await ask('PUT', 'told', { url: `${origin.url}/live/master.m3u8`, title: '첫 방송' });
  const { room } = await heard;
  t.same(room?.stream, body.stream);
  t.match(room?.stream, { id: /^[\w-]{16}$/, title: '첫 방송' });
  t.notMatch(JSON.stringify(room), origin.url, 'readers are not told where it comes from');
  const page = await text('/room/told');
  t.match(page, `"stream":{"`);
  t.match(page, '<link rel="stylesheet" href="/stream.css">');
  t.notMatch(page, new URL(origin.url).host);
  const changed = fox.next('rows', (frame) => frame.room?.stream !== undefined && frame.room.stream.id !== room?.stream?.id);
  await attach('told', '/recording/master.m3u8');
  t.ok((await changed).room?.stream?.to, 'a recording has an end');
  const gone = fox.next('rows', (frame) => frame.room !== undefined && frame.room.stream === undefined);
  t.equal((await ask('DELETE', 'told')).status, 204);
  await gone;
  t.match(await ask('DELETE', 'told'), { status: 404 });
});

t.test('nobody else attaches anything', async (t) => {
  for (const token of [null, '', 'x', `${ADMIN_TOKEN}x`]) {
    t.match(await ask('PUT', 'closed', { url: `${origin.url}/live/master.m3u8` }, token), { status: 401, body: { code: 'unauthorized' } });
    t.match(await ask('DELETE', 'closed', undefined, token), { status: 401 });
  }
  const without = await openServer(database.url);
  t.teardown(() => without.close());
  const answer = await fetch(`${without.http}/api/v1/rooms/x/stream`, { method: 'DELETE', headers: { authorization: 'Bearer ' } });
  t.equal(answer.status, 401);
});

t.test('what cannot be shown is refused at once, by name, in a sentence', async (t) => {
  const refused: [unknown, number, string][] = [
    [{}, 400, 'bad_url'], [{ url: 'not an address' }, 400, 'bad_url'], [{ url: 'ftp://origin.example/a.m3u8' }, 422, 'bad_url'],
    [{ url: 'http://127.0.0.1:1/a.m3u8' }, 422, 'private_address'], [{ url: 'http://8.8.8.8:8/a.m3u8' }, 422, 'bad_port'], [{ url: 'http://10.0.0.1/a.m3u8' }, 422, 'private_address'], [{ url: 'http://[::1]/a.m3u8' }, 422, 'private_address'],
    [{ url: `${origin.url}/nothing/here.m3u8` }, 422, 'not_found'], [{ url: `${server.http}/healthz` }, 422, 'private_address'],
    [{ url: `${origin.url}/live/master.m3u8`, title: 5 }, 400, 'bad_title'], [{ url: `${origin.url}/live/master.m3u8`, startsAt: 'soon' }, 400, 'bad_start'],
  ];
  for (const [body, status, code] of refused) {
    const told = await ask('PUT', 'refused', body);
    t.match(told, { status, body: { code } }, JSON.stringify(body));
    t.match(told.body.title, /\w+ .*\.$/);
  }
  t.notMatch(await text('/room/refused'), '"stream"');
});

t.test('everything viewers play has an address of ours, and is what the origin gave', async (t) => {
  const id = await attach('plays', '/live/master.m3u8');
  const master = await read(`/stream/${id}/index.m3u8`);
  t.equal(master.headers.get('content-type'), 'application/vnd.apple.mpegurl');
  t.equal(master.headers.get('cache-control'), 'public, max-age=0, s-maxage=1');
  t.ok(addressesOf(master.bytes.toString()).every((one) => one.startsWith(`/stream/${id}/`)));
  const [segment = ''] = await segmentsOf(id);
  const given = await read(segment);
  t.match([given.status, given.headers.get('content-type'), given.headers.get('cache-control'), given.headers.get('x-content-type-options')], [200, 'video/mp4', /immutable/, 'nosniff']);
  t.equal(given.headers.get('content-security-policy'), "default-src 'none'; sandbox");
  const whole = given.bytes;
  t.ok(whole.length > 1_000);
  for (const [range, from, to] of [['bytes=0-9', 0, 10], ['bytes=100-', 100, whole.length], ['bytes=-5', whole.length - 5, whole.length], ['bytes=10-999999999', 10, whole.length]] as const) {
    const part = await read(segment, { range });
    t.equal(part.status, 206, range);
    t.equal(part.headers.get('content-range'), `bytes ${from}-${to - 1}/${whole.length}`);
    t.ok(part.bytes.equals(whole.subarray(from, to)), range);
  }
  t.equal((await read(segment, { range: `bytes=${whole.length}-` })).status, 416);
});

t.test('however many watch, the origin is asked for each thing once', async (t) => {
  const id = await attach('many', '/live/master.m3u8');
  const segments = await segmentsOf(id);
  origin.requests.clear();
  const all = await Promise.all(Array.from({ length: 100 }, () => read(segments.at(-1) ?? '')));
  t.ok(all.every(({ status, bytes }) => status === 200 && bytes.equals((all[0] as { bytes: Buffer }).bytes)));
  t.same([...origin.requests.values()], [1]);
  origin.requests.clear();
  await Promise.all(Array.from({ length: 100 }, () => text(`/stream/${id}/index.m3u8`)));
  t.ok([...origin.requests.values()].every((count) => count === 1), JSON.stringify([...origin.requests]));
});

t.test('an address that was changed, is another stream’s, or whose stream is gone, leads nowhere', async (t) => {
  const [one, two] = [await attach('one', '/live/master.m3u8'), await attach('two', '/live/master.m3u8')];
  const [segment = ''] = await segmentsOf(one);
  t.equal((await read(segment)).status, 200);
  for (const forged of [segment.replace(one, two), segment.replace('/segment/', '/key/'), segment.slice(0, -8), segment.replace(/s=[\w-]{22}/, `s=${'A'.repeat(22)}`), `/stream/${one}/segment/x`]) {
    t.match((await read(forged)).status, 403, forged);
  }
  t.equal((await read(`/stream/${nanoid(16)}/index.m3u8`)).status, 404);
  await ask('DELETE', 'one');
  t.equal((await read(segment)).status, 404, 'from the moment it is detached');
});

t.test('who waits for the next picture waits at the origin once with all others, and nobody waits for what is far ahead', async (t) => {
  const id = await attach('waits', '/low/master.m3u8');
  const media = addressesOf(await text(`/stream/${id}/index.m3u8`)).find((one) => one.includes('/playlist/')) ?? '';
  const now = await text(media);
  const next = Number(/MEDIA-SEQUENCE:(\d+)/.exec(now)?.[1]) + now.split('#EXTINF').length - 1;
  origin.requests.clear();
  const told = await Promise.all(Array.from({ length: 20 }, () => text(`${media}&_HLS_msn=${next}&_HLS_part=3`)));
  t.ok(told.every((one) => one === told[0]) && told[0] !== now);
  t.match(told[0], /#EXT-X-PART:/);
  t.equal([...origin.requests.values()].reduce((sum, one) => sum + one, 0), 1);
  for (let ahead = 100; ahead < 110; ahead += 1) t.equal((await read(`${media}&_HLS_msn=${next + ahead}`)).status, 200);
  t.ok([...origin.requests.values()].reduce((sum, one) => sum + one, 0) <= 4, 'whatever they ask for, it is the same to the origin');
});
