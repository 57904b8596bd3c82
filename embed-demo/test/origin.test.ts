import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { startOrigin } from '../origin/origin.ts';

/** Two seconds before a round is over. */
const BEGAN = Date.UTC(2026, 10, 22, 8, 0, 22);
let time = BEGAN;
const origin = await startOrigin({ port: 0, host: '127.0.0.1', now: () => time });
t.teardown(() => origin.close());
t.beforeEach(() => void (time = BEGAN));

async function get(address: string): Promise<{ status: number; headers: Headers; bytes: Buffer; text: string }> {
  const answer = await fetch(origin.url + address);
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, headers: answer.headers, bytes, text: bytes.toString() };
}

type Listed = { n: number; uri: string; seconds: number; date: number | null; cuts: number; parts: { uri: string; seconds: number }[] };

/** `cuts`: how many discontinuities stand before the segment, also those that have left the playlist. */
async function list(address: string): Promise<{ text: string; segments: Listed[] }> {
  const { text } = await get(address);
  let n = Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1]) + Number(/SKIPPED-SEGMENTS=(\d+)/.exec(text)?.[1] ?? 0);
  let cuts = Number(/#EXT-X-DISCONTINUITY-SEQUENCE:(\d+)/.exec(text)?.[1] ?? 0);
  let next = { seconds: 0, date: null as number | null, parts: [] as Listed['parts'] };
  const segments: Listed[] = [];
  for (const line of text.split('\n')) {
    const [, tag = '', value = ''] = /^#([A-Z\d-]+):?(.*)$/.exec(line) ?? [];
    if (tag === 'EXTINF') next.seconds = Number.parseFloat(value);
    if (tag === 'EXT-X-PROGRAM-DATE-TIME') next.date = Date.parse(value);
    if (tag === 'EXT-X-DISCONTINUITY') cuts += 1;
    if (tag === 'EXT-X-PART') next.parts.push({ uri: /URI="(.+?)"/.exec(value)?.[1] ?? '', seconds: Number(/DURATION=([\d.]+)/.exec(value)?.[1]) });
    if (tag || line === '') continue;
    segments.push({ n, uri: line, ...next, cuts });
    next = { seconds: 0, date: null, parts: [] };
    n += 1;
  }
  return { text, segments };
}

/** In seconds: when the first sample of these bytes is shown. */
function clockOf(bytes: Buffer, timescale: number): number {
  return Number(bytes.readBigUInt64BE(bytes.indexOf('tfdt') + 8)) / timescale;
}

const TIMESCALES = { '360p': 24_000, '180p': 24_000, audio: 48_000 };

t.test('a window of six segments slides without a gap or a repeat', async (t) => {
  const seen: number[] = [];
  for (; time < BEGAN + 60_000; time += 500) {
    const { segments } = await list('/live/360p/media.m3u8');
    t.equal(segments.length, 6);
    t.same(segments.map(({ uri }) => uri), segments.map(({ n }) => `${n}.m4s`));
    const newest = segments.at(-1)?.n ?? 0;
    t.equal((newest + 1) * 2_000, time - (time % 2_000), 'the newest segment has just become whole');
    t.equal((await get(`/live/360p/${newest}.m4s`)).status, 200);
    t.equal((await get(`/live/360p/${newest + 1}.m4s`)).status, 404, 'and the next one is not there yet');
    if (seen.at(-1) !== newest) seen.push(newest);
  }
  t.same(seen, Array.from({ length: 30 }, (_, i) => (seen[0] ?? 0) + i));
});

t.test('numbers, dates and the media’s own times agree, also across the seam of two rounds', async (t) => {
  time += 8_000;
  for (const [name, timescale] of Object.entries(TIMESCALES)) {
    const { text, segments } = await list(`/live/${name}/media.m3u8`);
    t.notMatch(text, /DISCONTINUITY/);
    t.equal(segments.filter(({ date }) => date !== null).length, 2, 'the first segment has a date, and the seam');
    let clock = (segments[0]?.date ?? 0) / 1_000;
    for (const { n, uri, seconds, date } of segments) {
      const begins = clockOf((await get(`/live/${name}/${uri}`)).bytes, timescale);
      t.ok(Math.abs(begins - clock) < 0.001, `${name} ${n} begins where the one before it ended`);
      t.ok(begins - n * 2 >= 0 && begins - n * 2 < 1_024 / 48_000, 'and not later than one frame of sound after its number says');
      if (date !== null) t.equal(date, Math.round(begins * 1_000));
      clock += seconds;
    }
  }
});

t.test('an encoder’s clock can be wrong, or tell nothing', async (t) => {
  const dateOf = async (address: string) => (await list(address)).segments[0]?.date;
  const right = (await dateOf('/live/360p/media.m3u8')) ?? 0;
  t.equal(await dateOf('/skewed/360p/media.m3u8'), right + 40_000);
  t.equal(await dateOf('/skewed/360p/media.m3u8?by=-5000'), right - 5_000);
  t.match((await get('/skewed/master.m3u8?by=-5000')).text, '\n360p/media.m3u8?by=-5000\n', 'the first playlist hands it on to the others');
  t.equal((await get('/skewed/360p/media.m3u8?by=soon')).status, 400);
  t.notMatch((await get('/undated/audio/media.m3u8')).text, /DATE/);
});

t.test('a stream with seams begins anew behind each, and never counts one twice', async (t) => {
  const known = new Map<number, number>();
  for (; time < BEGAN + 80_000; time += 2_000) {
    for (const { n, cuts } of (await list('/seamed/180p/media.m3u8')).segments) {
      t.equal(known.get(n) ?? cuts, cuts, `${n} stays behind the same seam while the window slides`);
      known.set(n, cuts);
    }
  }
  for (const [n, cuts] of known) {
    if (n % 12 === 0 && known.has(n - 1)) t.equal(cuts, (known.get(n - 1) ?? 0) + 1);
    t.equal(clockOf((await get(`/seamed/180p/${n}.m4s`)).bytes, TIMESCALES['180p']), (n % 12) * 2);
  }
});

t.test('parts are exactly their segment', async (t) => {
  for (const name of Object.keys(TIMESCALES)) {
    const { segments } = await list(`/low/${name}/media.m3u8`);
    const split = segments.filter(({ parts }) => parts.length > 0);
    t.same(split, segments.slice(-3), 'the newest three segments are listed in parts');
    for (const { uri, parts, seconds } of split) {
      const bytes = await Promise.all(parts.map(async (part) => (await get(`/low/${name}/${part.uri}`)).bytes));
      t.ok(Buffer.concat(bytes).equals((await get(`/low/${name}/${uri}`)).bytes));
      t.equal(parts.length, 4);
      t.ok(Math.abs(parts.reduce((sum, part) => sum + part.seconds, 0) - seconds) < 0.0001);
      t.ok(parts.every((part) => part.seconds <= 0.512));
    }
  }
});

t.test('who waits for a part is answered when it exists, and not before', async (t) => {
  const next = BEGAN / 2_000;
  const settled: string[] = [];
  const wait = (what: string, address: string) => get(address).finally(() => void settled.push(what));
  const part = wait('part 0', `/low/360p/media.m3u8?_HLS_msn=${next}&_HLS_part=0`);
  const hinted = wait('hinted', `/low/360p/${next}.0.m4s`);
  const whole = wait('whole', `/low/360p/media.m3u8?_HLS_msn=${next}`);
  const beyond = wait('beyond', `/low/audio/media.m3u8?_HLS_msn=${next}&_HLS_part=4`);
  t.match((await get('/low/360p/media.m3u8')).text, `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${next}.0.m4s"`);
  t.same(settled, []);
  time += 500;
  t.match((await part).text, `URI="${next}.0.m4s",INDEPENDENT=YES\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${next}.1.m4s"\n#EXT-X-RENDITION-REPORT:URI="../180p/media.m3u8",LAST-MSN=${next},LAST-PART=0\n`);
  t.equal((await hinted).status, 200);
  t.same(settled.toSorted(), ['hinted', 'part 0']);
  time += 1_500;
  t.match((await whole).text, `\n${next}.m4s\n`);
  t.equal(settled.length, 3);
  time += 500;
  t.match((await beyond).text, `URI="${next + 1}.0.m4s"`, 'a part beyond the last is the next segment’s first');
});

t.test('what a low-latency playlist cannot mean is refused', async (t) => {
  const next = BEGAN / 2_000;
  for (const query of [`_HLS_msn=${next + 9}`, '_HLS_part=1', '_HLS_msn=soon', `_HLS_msn=${next}&_HLS_part=-1`]) t.equal((await get(`/low/360p/media.m3u8?${query}`)).status, 400, query);
  t.equal((await get(`/low/360p/${next}.1.m4s`)).status, 404, 'only the hinted part may be asked for early');
  t.equal((await get(`/live/360p/${next}.0.m4s`)).status, 404);
});

t.test('a delta update is the full playlist with its older segments skipped', async (t) => {
  for (const ahead of [0, 500, 1_500, 2_000, 6_000]) {
    time = BEGAN + ahead;
    const full = await list('/low/360p/media.m3u8');
    const delta = await list('/low/360p/media.m3u8?_HLS_skip=YES');
    t.equal(full.segments.length, 12);
    t.match(delta.text, '\n#EXT-X-SKIP:SKIPPED-SEGMENTS=6\n');
    t.same(delta.segments, full.segments.slice(6));
    const [head = ''] = full.text.split('#EXT-X-MAP');
    const rest = full.text.slice(full.text.indexOf(`\n${full.segments[5]?.uri}\n`) + `\n${full.segments[5]?.uri}\n`.length);
    t.equal(delta.text, `${head}#EXT-X-SKIP:SKIPPED-SEGMENTS=6\n${rest}`);
  }
});

t.test('a recording begins at its date and ends', async (t) => {
  const from = Date.UTC(2026, 4, 1, 20);
  const { text, segments } = await list(`/recording/360p/media.m3u8?from=${from}&seconds=60`);
  t.match(text, /#EXT-X-PLAYLIST-TYPE:VOD\n[\s\S]*#EXT-X-ENDLIST\n$/);
  t.same(segments.map(({ n }) => n), Array.from({ length: 30 }, (_, n) => n));
  t.same(segments.map(({ date }) => date).filter((date) => date !== null), [from, from + 24_000, from + 48_000]);
  for (const { n, uri } of segments) t.equal(clockOf((await get(`/recording/360p/${uri}`)).bytes, TIMESCALES['360p']), n * 2);
  t.match(await list('/recording/audio/media.m3u8'), { segments: { length: 60 } }, 'two minutes, if nobody says otherwise');
  for (const query of ['seconds=0', 'seconds=3601', 'from=yesterday']) t.equal((await get(`/recording/360p/media.m3u8?${query}`)).status, 400, query);
  t.equal((await get('/recording/360p/1800.m4s')).status, 404);
});

t.test('captions are tied to the picture’s time, in both languages', async (t) => {
  for (const [name, said] of [['ko', '늦게 와도 놓친 것은 없습니다.'], ['en', 'Whoever comes late has missed nothing.']]) {
    const { segments } = await list(`/live/${name}/media.m3u8`);
    t.equal(segments.length, 6);
    const { text, headers } = await get(`/live/${name}/${segments.at(-2)?.uri}`);
    t.equal(headers.get('content-type'), 'text/vtt; charset=utf-8');
    const round = BEGAN / 1_000 - 22;
    t.equal(text, `WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:${(round * 90_000) % 2 ** 33},LOCAL:00:00:00.000\n\n00:00:16.400 --> 00:00:19.600\n${said}\n`);
    t.equal((await list(`/low/${name}/media.m3u8`)).segments.at(-1)?.n, BEGAN / 2_000, 'with low latency they come before the picture');
  }
});

t.test('the first playlist describes what the files are, and players of every site may have them', async (t) => {
  const { text, headers } = await get('/live/master.m3u8');
  t.equal(headers.get('content-type'), 'application/vnd.apple.mpegurl');
  t.equal(headers.get('access-control-allow-origin'), '*');
  for (const [name, resolution] of [['360p', '640x360'], ['180p', '320x180']]) {
    const { bytes, headers } = await get(`/live/${name}/init.mp4`);
    t.equal(headers.get('content-type'), 'video/mp4');
    const codec = bytes.subarray(bytes.indexOf('avcC') + 5, bytes.indexOf('avcC') + 8).toString('hex');
    t.match(text, new RegExp(`BANDWIDTH=\\d+,.*CODECS="avc1\\.${codec},mp4a\\.40\\.2",RESOLUTION=${resolution},.*\\n${name}/media\\.m3u8\\n`));
  }
  t.equal((await fetch(`${origin.url}/live/master.m3u8`, { method: 'OPTIONS' })).status, 204);
  t.equal((await fetch(`${origin.url}/live/master.m3u8`, { method: 'POST' })).status, 405);
  for (const address of ['/', '//', '/live/', '/live/720p/media.m3u8', '/live/ko/init.mp4', '/live/ko/1.m4s', '/live/360p/1.vtt', '/live/..%2f/media.m3u8']) t.equal((await get(address)).status, 404, address);
});

t.test('an origin dies in three ways, and comes back', async (t) => {
  const address = '/live/360p/media.m3u8';
  origin.requests.clear();
  const waiting = get(`/low/360p/media.m3u8?_HLS_msn=${BEGAN / 2_000}`);
  await t.resolves(get(address));
  origin.fail('off');
  await t.rejects(waiting, 'who waits is cut off');
  await t.rejects(get(address));
  origin.fail('503');
  t.equal((await get(address)).status, 503);
  origin.fail('html');
  t.match(await get(address), { status: 200, text: /^<!doctype html>/ });
  origin.fail(null);
  t.match(await get(`${address}?x=1`), { status: 200, text: /^#EXTM3U\n/ });
  t.same([...origin.requests], [['/low/360p/media.m3u8', 1], [address, 5]], 'and has counted who asked');
});

t.test('the sample stays small', async (t) => {
  const folder = path.join(import.meta.dirname, '..', 'origin', 'sample');
  const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(path.join(folder, name))).size));
  t.ok(sizes.reduce((sum, one) => sum + one, 0) < 1_300_000);
});
