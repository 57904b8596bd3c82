import { nanoid } from 'nanoid';
import t from 'tap';
import { startOrigin } from '../../../embed-demo/origin/origin.ts';
import type { LiveRow, PicturePage } from '../../src/protocol/index.ts';
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

const T0 = 1_790_000_000_000;
type Stream = { id: string; skew?: number; targetMs?: number; to?: number };

async function attach(room: string, path: string): Promise<Stream> {
  const answer = await fetch(`${server.http}/api/v1/rooms/${room}/stream`, {
    method: 'PUT', body: JSON.stringify({ url: origin.url + path }), headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
  });
  return (await answer.json()).stream;
}

/** A room that has been spoken in, each time at `at` ms after the first, about the picture `pic` ms after it or without saying one. */
async function fill(room: string, said: readonly { at: number; pic?: number | null }[], stream: object = { id: nanoid(16), url: 'http://a', from: T0, to: T0 + 3_600_000, skew: -40_000, targetMs: 2_000 }): Promise<void> {
  const [made] = await database.sql<{ id: number }[]>`
    insert into rooms (site, post_id, stream, rev, seq, last_at) values ('', ${room}, ${stream as never}::jsonb, ${said.length}, ${said.length}, to_timestamp(${T0 / 1_000})) returning id`;
  const rows = said.map(({ at, pic }, i) => ({ n: i + 1, at: (T0 + at) / 1_000, pic: pic === undefined || pic === null ? null : (T0 + pic) / 1_000 }));
  await database.sql`
    insert into messages (room_id, seq, rev, cid, anonymous_id, nickname, avatar, content, picture_at, created_at)
    select ${made?.id ?? 0}, n, n, 'cid-' || n, 'k3vabcdefghijklm', '여우', 'fox', 'word ' || n, to_timestamp(pic), to_timestamp(at)
    from jsonb_to_recordset(${rows as never}::jsonb) as x(n bigint, at numeric, pic numeric)`;
}

async function ask(room: string, query: string): Promise<PicturePage> {
  const answer = await fetch(`${server.http}/api/v1/rooms/${room}/messages?${query}`);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json() as Promise<PicturePage>;
}
const numbers = ({ rows }: PicturePage) => rows.map(({ n }) => n);
const shiftMs = -40_000 + 3 * 2_000;
const pictureOf = (row: LiveRow) => row.pic ?? row.at - shiftMs;

/** All of a room, page by page from picture 0, as a client goes on; and back again. */
async function walk(room: string, limit: number): Promise<{ there: number[]; back: number[]; pages: number }> {
  let [page, pages] = [await ask(room, `pic=0&limit=${limit}`), 1];
  const there = numbers(page);
  for (; page.more; pages += 1) {
    const last = page.rows.at(-1) as LiveRow | undefined;
    page = await ask(room, last ? `pic=${pictureOf(last)}&after=${last.n}&limit=${limit}` : `pic=0&after=0&limit=${limit}`);
    there.push(...numbers(page));
  }
  page = await ask(room, `pic=${T0 + 10 ** 9}&limit=${limit}`);
  const back = numbers(page);
  while (page.older) {
    const [first] = page.rows as LiveRow[];
    if (!first) throw new Error('a page that has older ones before it, and nothing in it');
    page = await ask(room, `pic=${pictureOf(first)}&until=${first.n}&limit=${limit}`);
    back.unshift(...numbers(page));
  }
  return { there, back, pages };
}

t.test('around a picture stand the words that had been said by then, and those that come next, in order of their pictures', async (t) => {
  // The authors watched live, some without saying what; one came later and spoke about the beginning.
  await fill('around', [{ at: 0, pic: 34_000 }, { at: 1_000 }, { at: 2_000, pic: 36_000 }, { at: 3_000, pic: 36_500 }, { at: 4_000 }, { at: 900_000, pic: 34_500 }]);
  t.same(numbers(await ask('around', `pic=${T0 + 35_500}`)), [1, 6, 2, 3, 4, 5]);
  const page = await ask('around', `pic=${T0 + 36_200}&limit=4`);
  t.same(numbers(page), [2, 3, 4, 5]);
  t.match(page, { older: true, more: false, rev: 6, n: 6, first: 1 });
  t.same(numbers(await ask('around', `pic=${T0 + 34_500}&after=6`)), [2, 3, 4, 5]);
  t.same(numbers(await ask('around', `pic=${T0 + 34_500}&until=6`)), [1]);
  t.match(await ask('around', 'pic=0'), { older: false, more: false });
  t.match(await ask('nobody-was-here', 'pic=1'), { rows: [], older: false, more: false, epoch: '0', rev: 0 });
});

t.test('page by page nothing is left out and nothing comes twice, however many share one millisecond', async (t) => {
  const crowd = Array.from({ length: 240 }, (_, i) => ({ at: i, pic: i < 120 ? 34_123 : i % 3 === 0 ? null : 34_120 + (i % 7) }));
  await fill('crowd', crowd);
  const { there, back, pages } = await walk('crowd', 50);
  t.equal(there.length, 240);
  t.same(new Set(there).size, 240);
  t.same(back, there);
  t.ok(pages <= 7, `${pages} pages`);
  const small = await walk('crowd', 3);
  t.same([small.there, small.back], [there, there], 'in pages of any size');
  const all = (await Promise.all([...Array(5).keys()].map((i) => ask('crowd', `pic=0&after=0&limit=${50 - i}`)))).map(numbers);
  t.ok(all.every((page) => page.every((n, i) => n === there[i])));
});

t.test('neither the deleted nor what was cut off, and behind a recording’s end nothing', async (t) => {
  await fill('gone', [{ at: 0, pic: 1_000 }, { at: 1, pic: 2_000 }, { at: 2, pic: 3_000 }, { at: 4_000_000, pic: 4_000 }, { at: 4_000_001 }]);
  await database.sql`update messages set deleted_at = now(), picture_at = null where seq = 2 and room_id = (select id from rooms where post_id = 'gone')`;
  await database.sql`update rooms set first = 2 where post_id = 'gone'`;
  const page = await ask('gone', `pic=${T0 + 2_500}`);
  t.same(numbers(page), [3, 4]);
  t.match(page, { older: false, more: false });
});

t.test('a page has an end in bytes too, and goes on from there', async (t) => {
  await fill('long', Array.from({ length: 40 }, (_, i) => ({ at: i, pic: i * 1_000 })));
  await database.sql`update messages set content = repeat('가', 2000) where room_id = (select id from rooms where post_id = 'long')`;
  const page = await ask('long', `pic=${T0 + 20_000}`);
  t.ok(Buffer.byteLength(JSON.stringify(page)) < 70_000);
  t.match(page, { older: true, more: true });
  t.same((await walk('long', 50)).there, Array.from({ length: 40 }, (_, i) => i + 1));
});

t.test('in a room where everybody says their picture, a page costs no more than elsewhere', async (t) => {
  await fill('large', Array.from({ length: 20_000 }, (_, i) => ({ at: i * 100, pic: 34_000 + i * 100 })));
  await database.sql`analyze messages`;
  await ask('large', 'pic=0');
  const began = performance.now();
  for (const at of [0, 500_000, 1_000_000, 1_500_000]) t.equal((await ask('large', `pic=${T0 + 34_000 + at}`)).rows.length, at === 0 ? 26 : 50);
  t.ok(performance.now() - began < 2_000, `${performance.now() - began} ms`);
});

t.test('how much was said of each part of the pictures is counted by what they belong to', async (t) => {
  await fill('heat', [{ at: 0, pic: 0 }, { at: 1, pic: 9_999 }, { at: 2, pic: 10_000 }, { at: 60_000 }, { at: 61_000, pic: 40_000 }, { at: 62_000, pic: 999_000 }, { at: 63_000, pic: 0 }]);
  await database.sql`update messages set deleted_at = now(), picture_at = null where seq = 7 and room_id = (select id from rooms where post_id = 'heat')`;
  const heat = async (query: string) => (await fetch(`${server.http}/api/v1/rooms/heat/heat?${query}`)).json();
  t.same(await heat(`from=${T0}&to=${T0 + 40_000}&buckets=4`), { from: T0, to: T0 + 40_000, counts: [2, 1, 0, 1] });
  t.same(await heat(`from=${T0 + 90_000}&to=${T0 + 100_000}&buckets=2`), { from: T0 + 90_000, to: T0 + 100_000, counts: [1, 0] }, 'one that says no picture is where its author was');
  t.same(await (await fetch(`${server.http}/api/v1/rooms/nobody/heat?from=0&to=9&buckets=3`)).json(), { from: 0, to: 9, counts: [0, 0, 0] });
});

t.test('what was measured while a stream was live goes over to its recording, and a recording by itself has been measured by nobody', async (t) => {
  const live = await attach('moves', '/skewed/master.m3u8?by=40000');
  t.equal(live.targetMs, 2_000);
  t.ok(Math.abs((live.skew ?? 0) + 40_000) < 3_000, `a clock that is 40 s ahead: ${live.skew}`);
  const fox = await openClient(server.ws, { room: 'moves', ...person('졸린 여우') });
  t.teardown(() => fox.close());
  const told = await attach('moves', '/recording/master.m3u8');
  t.match(told, { skew: live.skew, targetMs: 2_000, to: Number });
  t.match(await fox.next('rows', ({ room }) => room?.stream?.id === told.id), { room: { stream: told } });
  t.notOk('skew' in await attach('alone', '/recording/master.m3u8'));
});
