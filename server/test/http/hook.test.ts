import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { enter, idOf } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';

const SECRET = 'a-secret-of-the-operator-for-their-own-judge';
type Asked = { body: { room: string; site: string; author: string; text: string }; signature: string; raw: string };
const asked: Asked[] = [];
/** What the judge does with words. */
const judge = createServer((request: IncomingMessage, response: ServerResponse) => {
  let raw = '';
  request.setEncoding('utf8').on('data', (text: string) => { raw += text; }).on('end', () => {
    const body = JSON.parse(raw) as Asked['body'];
    asked.push({ body, raw, signature: String(request.headers['aside-signature']) });
    if (body.text.includes('느리게')) return;
    if (body.text.includes('고장')) return response.writeHead(500).end();
    if (body.text.includes('엉터리')) return response.end('nonsense');
    if (body.text.includes('다른 곳')) return response.writeHead(302, { location: '/' }).end();
    return response.end(JSON.stringify({ verdict: body.text.includes('거절') ? 'refuse' : body.text.includes('보류') ? 'hold' : 'pass' }));
  });
});
await new Promise<void>((listening) => judge.listen(0, '127.0.0.1', listening));
const HOOK_URL = `http://127.0.0.1:${(judge.address() as AddressInfo).port}/judge`;
const database = await openDatabase();
const open = await openServer(database.url, { HOOK_URL, HOOK_SECRET: SECRET });
const closed = await openServer(database.url, { HOOK_URL, HOOK_SECRET: SECRET, HOOK_FAILS: 'closed' });
t.teardown(async () => {
  await open.close();
  await closed.close();
  await database.close();
  judge.closeAllConnections();
  judge.close();
});

t.test('the operator’s own judge lets pass, holds or refuses, and can tell that it is us who asks', async (t) => {
  const anna = await enter(open, 'judged', { id: idOf(1) });
  t.match(await anna.say('좋은 말'), { t: 'ok', n: 1 });
  t.match(await anna.say('거절할 말'), { t: 'no', code: 'unwanted' });
  t.match(await anna.say('보류할 말'), { t: 'ok', held: true });
  t.match(asked.map(({ body }) => body), [{ room: 'judged', site: '', text: '좋은 말' }, { text: '거절할 말' }, { text: '보류할 말' }]);
  t.match(asked[0]?.body.author, /^[a-z2-7]{16}$/);
  for (const { signature, raw } of asked) {
    const [, at = '', v1 = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
    t.equal(v1, createHmac('sha256', SECRET).update(`${at}.${raw}`).digest('hex'));
  }
});

t.test('a judge that fails, lies, leads elsewhere or is slow lets words pass, or makes them wait, as the operator said', async (t) => {
  const [anna, ben] = [await enter(open, 'failing', { id: idOf(2) }), await enter(closed, 'failing', { id: idOf(3) })];
  for (const how of ['고장', '엉터리', '다른 곳', '느리게']) {
    const began = performance.now();
    t.match(await anna.say(`${how} 난 심사`), { t: 'ok' }, how);
    t.match(await ben.say(`${how} 난 심사`), { t: 'no', code: 'overloaded', retryAfter: Number }, how);
    t.ok(performance.now() - began < 3_000, 'within its deadline');
  }
});
