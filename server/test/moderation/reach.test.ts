import t from 'tap';
import type { PageData, Row } from '../../src/protocol/index.ts';
import type { Client } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { ADMIN_TOKEN, ask, authorOf, does, enter, idOf, moderatorKey, seen, textsOf } from './desk.ts';

const database = await openDatabase();
// Two servers on one database, without a bus: what one did, the other finds by comparing.
const [server, other] = await Promise.all([openServer(database.url, { ADMIN_TOKEN }), openServer(database.url, { ADMIN_TOKEN })]);
t.teardown(async () => {
  await Promise.all([server.close(), other.close()]);
  await database.close();
});
const { key } = await moderatorKey(server);
/** A connected reader notices a missed change within 30 s; here within the comparison of servers that share no bus. */
const WITHIN_MS = 10_000;
const PAGES = 4;

type Copy = { epoch: string; rev: number; low: number; rows: Map<number, Row> };

/** What a program could keep of a room: its position, and the rows as they were. */
function copyOf(client: Client): Copy {
  const rows = seen(client);
  const epoch = client.frames.flatMap((frame) => ('epoch' in frame && frame.epoch && frame.epoch !== '0' ? [frame.epoch] : [])).at(-1) ?? '0';
  return { epoch, rev: Math.max(...[...rows.values()].map(({ rev }) => rev)), low: Math.min(...rows.keys()), rows };
}

/** Comes back with a copy, and has what the copy becomes. */
async function comeBack(room: string, copy: Copy, at = other): Promise<string[]> {
  const client = await enter(at, room, { at: { epoch: copy.epoch, rev: copy.rev, low: copy.low } });
  const welcome = client.frames.find((frame) => frame.t === 'welcome');
  const rows = new Map(welcome?.t === 'welcome' && welcome.resumed ? copy.rows : []);
  for (const [n, row] of seen(client)) if ((rows.get(n)?.rev ?? -1) < row.rev) rows.set(n, row);
  await client.close();
  return textsOf(rows.values());
}

/** The whole room, page by page backwards, as a reader who scrolls up has it. */
async function pageBack(room: string): Promise<string[]> {
  const rows: Row[] = [];
  for (let before = 0, more = true; more; ) {
    const { body } = await ask(other, 'GET', `/api/v1/rooms/${room}/messages?limit=50${before === 0 ? '' : `&before=${before}`}`);
    rows.push(...body.rows);
    more = (body as unknown as { more: boolean }).more;
    before = Math.min(...body.rows.map(({ n }) => n));
  }
  return textsOf(rows);
}

async function snapshot(room: string): Promise<string[]> {
  const html = await (await fetch(`${other.http}/room/${room}`)).text();
  const [, json = '{}'] = /id="aside-page">(.*?)<\/script>/s.exec(html) ?? [];
  const shown = textsOf((JSON.parse(json) as PageData).snapshot?.rows ?? []);
  for (const text of ['spam', 'gone']) if (!shown.some((one) => one.startsWith(text))) t.notMatch(html, new RegExp(`>${text} \\d`), 'nor in what is read without scripts');
  return shown;
}

t.test('deletion, ban and undo reach who was away, who pages back, the page, and rows of a copy taken before', async (t) => {
  const room = 'reach';
  const [anna, spammer, mod] = await Promise.all([enter(server, room, { id: idOf(1) }), enter(server, room, { id: idOf(2) }), enter(server, room, { key })]);
  for (let i = 0; i < 50 * PAGES; i += 1) await (i % 4 === 3 ? spammer.say(`spam ${i}`) : anna.say(i % 10 === 0 ? `gone ${i}` : `word ${i}`));
  const away = await enter(other, room);
  await until(() => textsOf(seen(away).values()).includes(`spam ${50 * PAGES - 1}`), WITHIN_MS);
  const left = copyOf(away);
  await away.close();
  const watching = await enter(other, room);
  const all = await pageBack(room);
  t.equal(all.length, 50 * PAGES);
  const without = (gone: RegExp) => all.filter((text) => !gone.test(text));
  /** In every way there is, once the other server knows. */
  async function sees(expected: readonly string[], what: string): Promise<void> {
    const newest = expected.slice(-20);
    await until(() => textsOf(seen(watching).values()).slice(-20).join() === newest.join(), WITHIN_MS);
    t.same(textsOf(seen(watching).values()).slice(-20), newest, `${what}: who reads on the other server`);
    t.same(await pageBack(room), expected, `${what}: who pages back`);
    t.same((await snapshot(room)).slice(-20), newest, `${what}: the page`);
    for (const at of [server, other]) t.same((await comeBack(room, left, at)).slice(-20), newest, `${what}: a copy taken before, and who was away`);
  }

  const acts: number[] = [];
  for (const [n, row] of [...(await enter(server, room)).frames.flatMap((frame) => (frame.t === 'welcome' ? frame.rows : []))].entries()) {
    if (n % 10 === 0 && !row.deleted) acts.push(((await does(mod, { t: 'delete', n: row.n })) as { act: number }).act);
  }
  const taken = new Set(all);
  for (const text of await pageBack(room)) taken.delete(text);
  t.equal(taken.size, acts.length);
  await sees(all.filter((text) => !taken.has(text)), 'deletion');

  const ban = await does(mod, { t: 'mod', do: 'ban', who: authorOf(spammer), sweep: true });
  await sees(without(/^spam/).filter((text) => !taken.has(text)), 'ban');

  t.match(await does(mod, { t: 'mod', do: 'undo', of: (ban as { act: number }).act }), { t: 'ok' });
  await sees(all.filter((text) => !taken.has(text)), 'undo of the ban');
  for (const of of acts) await does(mod, { t: 'mod', do: 'undo', of });
  await sees(all, 'undo of the deletions');
});
