import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import t from 'tap';
import { type Client, openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { openProcess } from './process.ts';
import { knock } from './raw.ts';

/** As many as make it worth the work. */
const READERS = 200;
const WORDS = 120;
/** Compressed to the 16 KiB that a frame may have. */
const BOMB_BYTES = 15_000_000;
const BOMBS = 40;
const BOMBS_GROW_BYTES = 32 * 1024 * 1024;

const database = await openDatabase();
const server = await openProcess(database.url);
t.teardown(async () => {
  await server.close();
  await database.close();
});

/** As browsers do: whatever is sent is compressed. */
function openBrowser(room: string): Promise<Client> {
  return openClient(server.ws, { room, ...person() }, { perMessageDeflate: { threshold: 0 } });
}

function socketOf({ raw }: Client): Socket {
  return (raw as unknown as { _socket: Socket })._socket;
}

t.test('in a hot room who takes what is compressed gets the same rows as who does not, by half of the bytes', async (t) => {
  const room = 'deflate-hot';
  const crowd = await Promise.all(Array.from({ length: READERS }, () => openClient(server.ws, { room }, { perMessageDeflate: true })));
  const plain = await openClient(server.ws, { room });
  const author = await openBrowser(room);
  t.teardown(() => Promise.all([...crowd, plain, author].map((one) => one.close())));
  const [first] = crowd as [Client];
  const rowsOf = ({ frames }: Client) => frames.flatMap((frame) => (frame.t === 'rows' ? frame.rows : []));
  const before = [first, plain].map((one) => socketOf(one).bytesRead);
  for (let i = 0; i < WORDS; i += 1) author.send({ t: 'say', cid: `deflate-hot-${String(i).padStart(10, '0')}`, text: `${i}번째 사람이 벤치마크 부분을 정말 잘 읽었다고 합니다 🦝` });
  t.ok(await until(() => [...crowd, plain].every((one) => rowsOf(one).length === WORDS), 20_000));
  const wanted = JSON.stringify(rowsOf(plain));
  t.equal(crowd.filter((one) => JSON.stringify(rowsOf(one)) !== wanted).length, 0);
  const [small = 0, large = 0] = [first, plain].map((one, i) => socketOf(one).bytesRead - (before[i] ?? 0));
  t.ok(small < large / 2, `${small} bytes for ${large}`);
});

t.test('words that were compressed are heard, whole or in fragments', async (t) => {
  const client = await openBrowser('deflate-in');
  t.teardown(() => client.close());
  t.equal(client.raw.extensions, 'permessage-deflate');
  t.match(await client.say('가나다'.repeat(600)), { t: 'ok', n: 1 });
  const text = JSON.stringify({ t: 'say', cid: 'deflate-in-fragments', text: '🦝 조각조각 '.repeat(40) });
  for (const [i, piece] of [text.slice(0, 40), text.slice(40, 41), text.slice(41)].entries()) client.raw.send(piece, { fin: i === 2, compress: true });
  t.match(await client.next('ok', ({ cid }) => cid === 'deflate-in-fragments'), { n: 2 });
  for (let i = 0; i < 20; i += 1) client.send({ t: 'say', cid: `deflate-in-order-${i}`, text: `${i}` });
  await client.next('ok', ({ cid }) => cid === 'deflate-in-order-19');
  t.same(client.frames.flatMap((frame) => (frame.t === 'rows' ? frame.rows : [])).filter(({ n }) => n > 2).map((row) => ('text' in row ? row.text : null)), Array.from({ length: 20 }, (_, i) => `${i}`));
});

t.test('what grows beyond a frame is refused, and takes no memory', async (t) => {
  const peak = (): number => Number(readFileSync(`/proc/${server.pid}/status`, 'utf8').match(/VmHWM:\s+(\d+) kB/)?.[1]) * 1_024;
  const clients = await Promise.all(Array.from({ length: BOMBS }, () => openBrowser('deflate-bomb')));
  const before = peak();
  const bomb = 'a'.repeat(BOMB_BYTES);
  for (const { raw } of clients) raw.send(bomb);
  const codes = await Promise.all(clients.map(async ({ closed }) => (await closed).code));
  t.same(new Set(codes), new Set([1009]));
  t.ok(peak() - before < BOMBS_GROW_BYTES, `${peak() - before} bytes more`);
});

t.test('what cannot be inflated ends the connection with 1007', async (t) => {
  const client = await openBrowser('deflate-bad');
  const bad = Buffer.from('\xff\xff\xff\xff', 'latin1');
  socketOf(client).write(Buffer.concat([Buffer.from([0xc1, 0x80 | bad.length, 0, 0, 0, 0]), bad]));
  t.equal((await client.closed).code, 1007);
});

t.test('who offers what we cannot keep is let in without it', async (t) => {
  const answered = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover';
  const offers: [string, string | undefined][] = [
    ['permessage-deflate', answered],
    ['permessage-deflate; client_max_window_bits', answered],
    ['x-webkit-deflate-frame, permessage-deflate; client_max_window_bits=12; server_no_context_takeover', answered],
    ['permessage-deflate; server_max_window_bits=10, permessage-deflate', answered],
    ['permessage-deflate; server_max_window_bits=10', undefined],
    ['permessage-deflate; unheard_of', undefined],
    ['permessage-deflate-frame', undefined],
    ['permessage-deflate; =', undefined],
    [',,;', undefined],
  ];
  for (const [offer, answer] of offers) {
    const { status, headers } = await knock(server.http, '/ws', [['Sec-WebSocket-Extensions', offer]]);
    t.same([status, headers['sec-websocket-extensions']], [101, answer], offer);
  }
});
