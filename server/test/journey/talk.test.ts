import t, { type Test } from 'tap';
import { type Client, openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';

const database = await openDatabase();
const server = await openServer(database.url);
t.teardown(async () => {
  await server.close();
  await database.close();
});

async function enter(t: Test, room: string, rest: object = person()): Promise<Client> {
  const client = await openClient(server.ws, { room, ...rest });
  t.teardown(() => client.close());
  return client;
}

t.test('what one says, everybody in the room reads, in one order and from the database', async (t) => {
  const [anna, ben] = [await enter(t, 'talk'), await enter(t, 'talk')];
  const stranger = await enter(t, 'elsewhere');
  t.match(await anna.say('안녕하세요'), { t: 'ok', n: 1, rev: 1 });
  t.match(await ben.say('Hello'), { t: 'ok', n: 2 });
  for (const one of [anna, ben]) {
    const first = await one.next('rows', ({ to }) => to === 1);
    t.match(first, { from: 0, epoch: /^[0-9a-f]{16}$/, rows: [{ n: 1, text: '안녕하세요', nick: '익명의 너구리' }] });
    t.match(await one.next('rows', ({ to }) => to === 2), { from: 1, rows: [{ n: 2, text: 'Hello' }] });
  }
  t.equal(stranger.frames.some((frame) => frame.t === 'rows'), false, 'nothing leaks into another room');
  t.match(await database.sql`select content from messages order by seq`, [{ content: '안녕하세요' }, { content: 'Hello' }]);
});

t.test('the same cid is saved once, however often it is sent, and other words under it are refused (P5)', async (t) => {
  const anna = await enter(t, 'once');
  const cid = 'the-very-same-cid-00';
  t.match(await anna.say('one', cid), { t: 'ok', n: 1 });
  t.match(await anna.say('one', cid), { t: 'ok', n: 1, dup: true });
  t.match(await anna.say('two', cid), { t: 'no', code: 'cid_conflict' });
  const ben = await enter(t, 'once');
  t.match(await ben.say('three', cid), { t: 'ok', n: 2 }, 'a cid belongs to its author');
  await Promise.all([anna.say('four', 'both-at-the-same-time'), anna.say('four', 'both-at-the-same-time')]);
  const [count] = await database.sql`select count(*)::int as count from messages m join rooms r on r.id = m.room_id where post_id = 'once'`;
  t.equal(count?.count, 3);
});

t.test('a returning reader gets exactly what changed, deletions too, and nothing else', async (t) => {
  const anna = await enter(t, 'resume');
  for (const text of ['a', 'b', 'c']) await anna.say(text);
  const { epoch } = await anna.next('rows', ({ from }) => from === 0);
  anna.send({ t: 'edit', cid: 'edit-0123456789abcdef', n: 1, text: 'A' });
  await anna.next('ok', ({ rev }) => rev === 4);
  anna.send({ t: 'delete', cid: 'delete-0123456789abcd', n: 2 });
  await anna.next('ok', ({ rev }) => rev === 5);
  const back = await enter(t, 'resume', { at: { epoch, rev: 3, low: 1 } });
  const welcome = await back.next('welcome');
  t.match(welcome, { resumed: true, rev: 5, n: 3, rows: [{ n: 1, rev: 4, text: 'A' }, { n: 2, rev: 5, deleted: true }] });
  t.same(Object.keys(welcome.rows[1] ?? {}), ['n', 'rev', 'deleted'], 'a deleted row is nothing else');
  const fresh = await (await enter(t, 'resume', {})).next('welcome');
  t.match(fresh, { resumed: false, rows: [{ n: 1 }, { n: 3 }] });
  t.equal(fresh.rows.length, 2, 'a fresh page leaves deleted rows out (P13)');
  for (const at of [{ epoch: '0123456789abcdef', rev: 3 }, { epoch, rev: 99 }]) {
    t.match(await (await enter(t, 'resume', { at })).next('welcome'), { resumed: false }, 'another epoch or a number above the head starts over (P12)');
  }
});

t.test('only the author edits and deletes, and a state that is already there takes no number', async (t) => {
  const [anna, ben] = [await enter(t, 'own'), await enter(t, 'own')];
  await anna.say('mine');
  for (const frame of [{ t: 'edit', text: 'x' }, { t: 'delete' }]) {
    ben.send({ ...frame, cid: `ben-${frame.t}-0123456789`, n: 1 });
    t.match(await ben.next('no', ({ cid }) => cid === `ben-${frame.t}-0123456789`), { code: 'forbidden' });
  }
  ben.send({ t: 'react', cid: 'react-on-0123456789', n: 1, emoji: '👍', on: true });
  t.match(await ben.next('ok', ({ cid }) => cid === 'react-on-0123456789'), { rev: 2 });
  ben.send({ t: 'react', cid: 'react-again-01234567', n: 1, emoji: '👍', on: true });
  t.match(await ben.next('ok', ({ cid }) => cid === 'react-again-01234567'), { rev: 2 });
  const late = await enter(t, 'own', ben.frames.length > 0 ? {} : {});
  t.match(await late.next('welcome'), { rows: [{ reactions: { '👍': 1 } }], mine: {} });
  anna.send({ t: 'react', cid: 'react-none-01234567', n: 9, emoji: '👍', on: true });
  t.match(await anna.next('no', ({ cid }) => cid === 'react-none-01234567'), { code: 'not_found' });
});

t.test('older history is read page by page, and a page says where it stands', async (t) => {
  const anna = await enter(t, 'history');
  for (let i = 1; i <= 120; i += 1) anna.send({ t: 'say', cid: `history-${String(i).padStart(12, '0')}`, text: `message ${i}` });
  await anna.next('ok', ({ n }) => n === 120);
  const reader = await enter(t, 'history', {});
  const welcome = await reader.next('welcome');
  t.match(welcome, { n: 120, more: true });
  t.same(welcome.rows.map((row) => row.n), Array.from({ length: 50 }, (_, i) => 71 + i));
  const numbers: number[] = [];
  let before = 71;
  for (let more = true; more; ) {
    const page = await (await fetch(`${server.http}/api/v1/rooms/history/messages?before=${before}&limit=50`)).json() as { rows: { n: number }[]; more: boolean; rev: number };
    numbers.push(...page.rows.map((row) => row.n));
    t.equal(page.rev, 120);
    more = page.more;
    before = page.rows.at(-1)?.n ?? 0;
  }
  t.same(numbers, Array.from({ length: 70 }, (_, i) => 70 - i));
});

t.test('a resume larger than a frame comes in frames joined by more, one above the limit starts over (P10)', async (t) => {
  const anna = await enter(t, 'large');
  await anna.say('first');
  const { epoch } = await anna.next('rows', ({ from }) => from === 0);
  const words = '가나다라마바사 '.repeat(90);
  for (let i = 0; i < 80; i += 1) anna.send({ t: 'say', cid: `large-${String(i).padStart(12, '0')}`, text: `${i} ${words}` });
  await anna.next('ok', ({ n }) => n === 81);
  const back = await enter(t, 'large', { at: { epoch, rev: 1 } });
  t.match(await back.next('welcome'), { resumed: true, rev: 1, rows: [] });
  const last = await back.next('rows', ({ more }) => !more);
  const frames = back.frames.filter((frame) => frame.t === 'rows');
  t.ok(frames.length > 2, `${frames.length} frames`);
  t.match(last, { from: 1, to: 81 });
  t.same(frames.flatMap((frame) => frame.rows.map((row) => row.n)), Array.from({ length: 80 }, (_, i) => i + 2));
  t.ok(frames.every((frame) => Buffer.byteLength(JSON.stringify(frame)) <= 64 * 1024));
  for (let i = 0; i < 600; i += 1) anna.send({ t: 'say', cid: `many-${String(i).padStart(12, '0')}`, text: `${i}` });
  await anna.next('ok', ({ n }) => n === 681);
  t.match(await (await enter(t, 'large', { at: { epoch, rev: 1 } })).next('welcome'), { resumed: false, n: 681, more: true });
});

t.test('several servers on one database stay right without a bus', async (t) => {
  const other = await openServer(database.url);
  t.teardown(() => other.close());
  const anna = await enter(t, 'two');
  const ben = await openClient(other.ws, { room: 'two', ...person() });
  t.teardown(() => ben.close());
  await anna.say('from here');
  t.match(await ben.next('rows', undefined, 8_000), { rows: [{ text: 'from here' }] });
  await ben.say('from there');
  t.match(await anna.next('rows', ({ to }) => to === 2, 8_000), { rows: [{ text: 'from there' }] });
});
