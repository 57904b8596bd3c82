import { readFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { ROOT } from '../../dev/places.ts';
import { type Figures, type Shape, sizeOf, withScale } from '../../dev/scale.ts';

const f: Figures = {
  socket: 10, sockets: 10_000, process: 100, room: 50, small: 10, calm: 10, warm: 5, hot: 1, wire: 300, appends: 10_000, hotAppends: 8_000,
  commits: 1_000, table: 200, index: 300, wal: 900, tail: 1_000, head: 10, channel: 200, redis: 2, heard: 40,
};
const blog: Shape = { readers: 20_000, room: 10, perRoomS: 0.05, led: false };

t.test('sizes are what their formulas give by hand', async (t) => {
  const size = sizeOf(f, blog);
  // 20,000 readers ÷ half of 10,000; 2,000 rooms of one message in 20 s, each to ten.
  t.match(size, { processes: 4, nodes: 2, messages: 100, rows: 1_000, connections: 20, postgres: 1 });
  // A room of ten is missing from one of four processes with ¾ to the tenth.
  t.equal(size.open, (2_000 * 4 * (1 - 0.75 ** 10)) / 4);
  t.equal(size.yearGB, (100 * 3_600 * 4 * 365 * 500) / 1e9);
  t.equal(size.partitions, 3);
});

t.test('one process tells nobody anything, and reads no room twice', async (t) => {
  t.match(sizeOf(f, { ...blog, readers: 1_000 }), { processes: 1, nodes: 1, heard: 0, shards: 0, redisMB: 0, tails: 0 });
});

t.test('rooms that are led cost the same rows, and less of all that processes tell each other', async (t) => {
  const [spread, led] = [sizeOf(f, { ...blog, readers: 1e6 }), sizeOf(f, { ...blog, readers: 1e6, led: true })];
  t.equal(spread.rows, led.rows);
  for (const one of ['open', 'eachMB', 'eachCore', 'heard', 'redisMB', 'tails', 'reading'] as const) t.ok(led[one] < spread[one], one);
});

t.test('a newer benchmark takes the place of an older one, and a missing figure is no figure', async (t) => {
  const benches = await readFile(path.join(ROOT, 'server/bench/README.md'), 'utf8');
  const doc = '<!-- measured -->\n\n<!-- /measured -->';
  const crowd = '<!-- crowd -->\n## One process\n\n15,000 connections in 15 rooms that said hello: **6.1 kB** each\n<!-- /crowd -->\n';
  t.match(withScale(doc, `${benches}${crowd}`), /\| 15,000 \| \[crowd\]/);
  t.throws(() => withScale(doc, benches.replaceAll('bytes of table', 'bytes')), /none of .*bytes of table/);
});
