import t from 'tap';
import { ADMIN_TOKEN, does, enter, idOf, moderatorKey, ownerKey } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';

const database = await openDatabase();
const server = await openServer(database.url, { ADMIN_TOKEN });
t.teardown(async () => {
  await server.close();
  await database.close();
});
const owner = await ownerKey(server);

function fetched(room: string, format: string, key = owner): Promise<Response> {
  return fetch(`${server.http}/api/v1/rooms/${encodeURIComponent(room)}/export?format=${format}`, { headers: { authorization: `Bearer ${key}` } });
}

async function linesOf(room: string): Promise<Record<string, unknown>[]> {
  return (await (await fetched(room, 'ndjson')).text()).trimEnd().split('\n').map((line) => JSON.parse(line));
}

t.test('what is deleted is in no format, and what a moderator brings back is in all', async (t) => {
  const anna = await enter(server, 'here', { id: idOf(1) });
  const moderator = await enter(server, 'here', { id: idOf(2), key: owner });
  await anna.say('남는 말');
  const { n } = (await anna.say('지워질 말')) as { n: number };
  const { act } = (await does(moderator, { t: 'delete', n })) as { act: number };
  for (const format of ['ndjson', 'csv', 'md']) {
    const text = await (await fetched('here', format)).text();
    t.match(text, '남는 말', format);
    t.notMatch(text, '지워질 말', format);
  }
  t.match(await does(moderator, { t: 'mod', do: 'undo', of: act }), { t: 'ok' });
  for (const format of ['ndjson', 'csv', 'md']) t.match(await (await fetched('here', format)).text(), '지워질 말', format);
  const [meta, row] = await linesOf('here');
  t.match(meta, { aside: 1, room: 'here', site: '', title: null, exportedAt: Number });
  t.match(row, { n: 1, text: '남는 말', nick: '너구리', at: Number });
  t.notOk('rev' in (row ?? {}));
  await anna.close();
  await moderator.close();
});

t.test('words calculate nothing in a spreadsheet and format nothing in Markdown', async (t) => {
  const anna = await enter(server, 'signs', { id: idOf(3) });
  await anna.say('=1+"2"');
  await anna.say('<b>x</b> [a](b)\n# head');
  const csv = Buffer.from(await (await fetched('signs', 'csv')).arrayBuffer()).toString();
  t.ok(csv.startsWith('\ufeff"n","at"'));
  t.match(csv, `"'=1+""2"""`);
  const md = await (await fetched('signs', 'md')).text();
  t.match(md, '> \\<b\\>x\\<\\/b\\> \\[a\\]\\(b\\)');
  t.notMatch(md, /^# head|^> #/m);
  await anna.close();
});

t.test('a room of many pages is whole and in order', async (t) => {
  await database.sql`insert into rooms (site, post_id) values ('', 'long') on conflict do nothing`;
  await database.sql`insert into messages (room_id, seq, rev, cid, anonymous_id, nickname, avatar, content, created_at)
    select r.id, i, i, 'cid' || i, 'aaaaaaaaaaaaaaaa', '너구리', 'raccoon', 'words', now() from rooms r, generate_series(1, 400) i where r.post_id = 'long'`;
  await database.sql`update rooms set seq = 400, rev = 400 where post_id = 'long'`;
  const [, ...rows] = await linesOf('long');
  t.same(rows.map(({ n }) => n), Array.from({ length: 400 }, (_, i) => i + 1));
  await database.sql`update rooms set first = 11 where post_id = 'long'`;
  t.equal((await linesOf('long'))[1]?.n, 11);
});

t.test('the file has a safe name, and is for moderators of the room', async (t) => {
  const answer = await fetched('a"b/../한글', 'csv');
  t.equal(answer.headers.get('content-disposition'), 'attachment; filename="aside-a_b_.csv"');
  await answer.text();
  t.match(await (await fetched('here', 'xlsx')).json(), { code: 'bad_format' });
  t.equal((await fetched('here', 'csv', (await moderatorKey(server, { room: 'there' })).key)).status, 403);
  t.equal((await fetched('here', 'csv', 'x'.repeat(43))).status, 401);
});
