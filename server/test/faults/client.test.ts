import t, { type Test } from 'tap';
import type { Row, ServerFrame } from '../../src/protocol/index.ts';
import { type Bounds, type Client, openClient } from './client.ts';
import { createClock } from './clock.ts';
import { openProxy } from './proxy.ts';
import { seedRandom } from './random.ts';
import { openStage, type Stage } from './stage.ts';
import { until } from '../support/until.ts';

const bounds: Partial<Bounds> = { redialMs: [5, 20], silentMs: [60_000, 60_000], unansweredMs: 60_000 };

type More = Partial<Bounds> & { eager?: boolean };

function open(t: Test, port: number, { eager = false, ...more }: More = {}): Client {
  const person = { id: '2f6f1ed3-54a7-4b1e-9a53-0d1c61c6a9b1', nick: '너구리', avatar: 'raccoon' } as const;
  const client = openClient({ name: 'one', room: 'r', url: () => `ws://127.0.0.1:${port}/ws`, random: seedRandom(1), clock: createClock(), person, eager, bounds: { ...bounds, ...more } });
  t.teardown(() => client.close());
  return client;
}

const fresh = { t: 'welcome', v: 1, you: { author: 'a', nick: null, avatar: null, role: 'reader' }, room: { id: 'r', title: null }, first: 1, resumed: false, more: false, mine: {}, here: 1, limits: { text: 1, nick: [2, 15], page: 50 } };

function row(n: number, rev = n, cid = `cid-of-message-${n}`): Row {
  return { n, rev, cid, author: 'a', nick: '너구리', avatar: 'raccoon', text: `message ${n}`, at: 1 };
}

async function meet(t: Test, rows: Row[] = [], more: More = {}): Promise<{ stage: Stage; client: Client }> {
  const stage = await openStage(t);
  const client = open(t, stage.port, more);
  await stage.hear('hello');
  stage.tell({ ...fresh, epoch: 'e', rev: rows.length, n: rows.length, rows });
  await until(() => client.live, 4_000);
  return { stage, client };
}

t.test('it comes back with the number it has, and takes what it missed', async (t) => {
  const { stage, client } = await meet(t, [row(1), row(2)]);
  t.equal(stage.heard[0]?.at, undefined, 'who has nothing claims nothing');
  stage.close();
  t.match(await stage.hear('hello'), { socket: 2, at: { epoch: 'e', rev: 2, low: 1 } });
  stage.tell({ ...fresh, epoch: 'e', rev: 4, n: 3, resumed: true, rows: [row(3), { n: 1, rev: 4, deleted: true }] });
  await until(() => client.rev === 4, 4_000);
  t.match(client.view().rows, [{ n: 1, deleted: true }, { n: 2 }, { n: 3 }]);
});

t.test('words without an outcome go out again after a cut: the same frames, in order (P5)', async (t) => {
  const { stage, client } = await meet(t);
  const [first, second] = [client.say('one'), client.say('two')];
  const sent = [await stage.hear('say'), await stage.hear('say')];
  stage.close();
  await stage.hear('hello');
  stage.tell({ ...fresh, epoch: 'e', rev: 0, n: 0, rows: [] });
  const again = [await stage.hear('say'), await stage.hear('say')];
  t.same(again, sent.map((frame) => ({ ...frame, socket: 2 })));
  stage.tell({ t: 'ok', cid: sent[0]?.cid, n: 1, rev: 1, dup: true });
  t.match(await first, { is: 'saved', n: 1 });
  stage.tell({ t: 'rows', from: 0, to: 2, epoch: 'e', rows: [row(1), row(2, 2, String(sent[1]?.cid))] });
  t.match(await second, { is: 'saved', n: 2 }, 'its own row settles it as well (P4)');
  t.equal(client.unsettled, 0);
});

t.test('an eager client says it again even when its row is in the welcome, and takes the second answer', async (t) => {
  const { stage, client } = await meet(t, [], { eager: true });
  const settled = client.say('one');
  const { cid } = await stage.hear('say');
  stage.close();
  await stage.hear('hello');
  stage.tell({ ...fresh, epoch: 'e', rev: 1, n: 1, rows: [row(1, 1, String(cid))] });
  t.match(await settled, { is: 'saved', n: 1 });
  t.match(await stage.hear('say'), { cid, socket: 2 });
});

t.test('it says the same again when told to wait or to try later, and stops when told what is wrong', async (t) => {
  const { stage, client } = await meet(t);
  const settled = client.say('one');
  const { cid } = await stage.hear('say');
  stage.tell({ t: 'wait', cid, retryAfter: 5 });
  t.match(await stage.hear('say'), { cid, text: 'one' });
  stage.tell({ t: 'no', cid, code: 'overloaded', retryAfter: 5 });
  t.match(await stage.hear('say'), { cid, text: 'one' });
  stage.tell({ t: 'no', cid, code: 'bad_text' });
  t.match(await settled, { is: 'refused', code: 'bad_text' });
});

t.test('it does not show what comes after a gap, and asks once (P2)', async (t) => {
  const { stage, client } = await meet(t, [row(1)]);
  stage.tell({ t: 'rows', from: 3, to: 4, rows: [row(4)] });
  stage.tell({ t: 'rows', from: 4, to: 5, rows: [row(5)] });
  t.match(await stage.hear('since'), { rev: 1 });
  stage.tell({ t: 'rows', from: 1, to: 5, rows: [row(2), row(3), row(4), row(5)] });
  await until(() => client.rev === 5, 4_000);
  t.equal(stage.heard.filter((frame) => frame.t === 'since').length, 1);
  t.same(client.view().rows.map(({ n }) => n), [1, 2, 3, 4, 5]);
  stage.tell({ t: 'rows', from: 2, to: 4, rows: [row(3), row(4)] });
  stage.tell({ t: 'beat', rev: 5 });
  await stage.hear('pong');
  t.equal(client.rev, 5, 'what it knows is ignored');
});

t.test('frames joined by more are shown together, or not at all (P10)', async (t) => {
  const { stage, client } = await meet(t);
  stage.tell({ t: 'rows', from: 0, to: 2, epoch: 'e', rows: [row(1)], more: true });
  stage.tell({ t: 'beat', rev: 0 });
  await stage.hear('pong');
  t.same(client.view().rows, []);
  stage.close();
  await stage.hear('hello');
  stage.tell({ ...fresh, epoch: '0', rev: 0, n: 0, rows: [] });
  stage.tell({ t: 'rows', from: 0, to: 2, epoch: 'e', rows: [row(1)], more: true });
  stage.tell({ t: 'rows', from: 0, to: 2, epoch: 'e', rows: [row(2)] });
  await until(() => client.rev === 2, 4_000);
  t.same(client.view().rows.map(({ n }) => n), [1, 2]);
});

t.test('a reset forgets what was shown, and what is below the first is dropped (P12, P13)', async (t) => {
  const { stage, client } = await meet(t, [row(1), row(2)]);
  stage.tell({ ...fresh, t: 'reset', epoch: 'f', rev: 9, n: 9, more: true, rows: [row(8), row(9)] });
  await until(() => client.rev === 9, 4_000);
  t.match(client.view(), { epoch: 'f', low: 8, rows: [{ n: 8 }, { n: 9 }] });
  stage.tell({ t: 'rows', from: 9, to: 10, first: 9, rows: [row(10)] });
  await until(() => client.rev === 10, 4_000);
  t.match(client.view(), { first: 9, low: 9, rows: [{ n: 9 }, { n: 10 }] });
});

t.test('it stays away when told so, and comes back after everything else (P9)', async (t) => {
  const { stage, client } = await meet(t);
  stage.close(4001);
  await stage.hear('hello');
  stage.tell({ ...fresh, epoch: '0', rev: 0, n: 0, rows: [] });
  await until(() => client.live, 4_000);
  stage.close(4504);
  await until(() => !client.live, 4_000);
  t.same(client.record().events.at(-1)?.is, 'closed');
  t.equal(await until(() => stage.heard.filter((frame) => frame.t === 'hello').length > 2, 100), false);
});

t.test('a link on which words stay unanswered, or nothing is heard, is given up', async (t) => {
  const { stage, client } = await meet(t, [], { unansweredMs: 40 });
  void client.say('anybody?');
  t.match(await stage.hear('hello'), { socket: 2 });
  const silent = await meet(t, [], { silentMs: [40, 40] });
  t.match(await silent.stage.hear('hello'), { socket: 2 });
});

t.test('every frame is written down once, in order, with what was done with it', async (t) => {
  const { stage, client } = await meet(t, [row(1)]);
  stage.tell({ t: 'rows', from: 1, to: 2, rows: [row(2)] } satisfies ServerFrame);
  stage.tell({ t: 'nothing we know' });
  await until(() => client.record().events.some(({ is }) => is === 'unread'), 4_000);
  const { events } = client.record();
  t.same(events.map((event) => (event.is === 'got' ? `${event.frame.t} ${event.took}` : event.is)), ['opened', 'sent', 'welcome applied', 'rows applied', 'unread']);
  t.ok(events.every((event, i) => i === 0 || event.when > (events[i - 1]?.when ?? 0)));
});

t.test('words cut in mid-send arrive whole on the next link, through split and late bytes', async (t) => {
  const stage = await openStage(t);
  const proxy = await openProxy(stage.port, seedRandom(3));
  t.teardown(() => proxy.close());
  Object.assign(proxy.up, { split: 3, delayMs: 2 });
  Object.assign(proxy.down, { split: 3, delayMs: 2 });
  const client = open(t, proxy.port);
  await stage.hear('hello');
  stage.tell({ ...fresh, epoch: '0', rev: 0, n: 0, rows: [] });
  await until(() => client.live, 4_000);
  const cut = proxy.cutMidSend('some', 4_000, () => client.inFlight > 0);
  const settled = client.say('a longer sentence than fits into what is let through');
  t.match(await cut, { passed: Number, withheld: Number });
  await stage.hear('hello');
  stage.tell({ ...fresh, epoch: '0', rev: 0, n: 0, rows: [] });
  const { cid, text, socket } = await stage.hear('say');
  t.match({ text, socket }, { text: 'a longer sentence than fits into what is let through', socket: 2 });
  stage.tell({ t: 'ok', cid, n: 1, rev: 1 });
  t.match(await settled, { is: 'saved', n: 1 });
});
