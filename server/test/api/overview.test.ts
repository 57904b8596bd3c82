import { nanoid } from 'nanoid';
import t from 'tap';
import { ADMIN_TOKEN, authorOf, does, enter, idOf, moderatorKey, ownerKey } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';

const database = await openDatabase();
const server = await openServer(database.url, { ADMIN_TOKEN });
t.teardown(async () => {
  await server.close();
  await database.close();
});
const owner = await ownerKey(server);

type Body = { rooms: { room: string; site: string; n: number; reported: number; waiting: number; recent: number }[]; rows: { n: number; text: string }[]; bans: { who: string; nick: string | null; room: string | null; mute: boolean; act: number }[]; audit: { id: number; by: string; action: string; room: string; undone: boolean; detail: Record<string, unknown> }[]; settings: { name: string; value: string | null; isSet: boolean }[]; next: string | number | null; code: string; act: number; rev: number };

async function call(method: string, path: string, token: string, body?: object): Promise<{ status: number; body: Body }> {
  const answer = await fetch(`${server.http}/api/v1${path}`, { method, headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) }, ...(body && { body: JSON.stringify(body) }) });
  return { status: answer.status, body: (await answer.json().catch(() => null)) as Body };
}

/** Every page of a list, one after the other. */
async function pages<K extends 'rooms' | 'bans' | 'audit' | 'rows'>(path: string, name: K, by: 'after' | 'before', token = owner): Promise<Body[K][number][]> {
  const all: Body[K][number][] = [];
  for (let next: string | number | null = ''; next !== null; ) {
    const { body } = await call('GET', `${path}${path.includes('?') ? '&' : '?'}limit=7${next === '' ? '' : `&${by}=${next}`}`, token);
    all.push(...(body[name] as Body[K][number][]));
    next = body.next;
  }
  return all;
}

t.test('rooms that ask for somebody come first, and page by page each comes once', async (t) => {
  const anna = await enter(server, 'room-0', { id: idOf(1) });
  for (let i = 0; i < 30; i += 1) {
    const one = i === 0 ? anna : await enter(server, `room-${i}`, { id: idOf(1) });
    for (let k = 0; k <= i % 3; k += 1) await one.say(`말 ${i} ${k}`);
    if (one !== anna) await one.close();
  }
  const ben = await enter(server, 'room-4', { id: idOf(2) });
  await does(ben, { t: 'report', n: 1, reason: 'spam' });
  await call('POST', '/rooms/room-9/acts', owner, { t: 'mod', do: 'rules', rules: { hold: true } });
  const held = await enter(server, 'room-9', { id: idOf(3) });
  t.match(await held.say('승인해 주세요'), { held: true });
  const all = await pages('/rooms', 'rooms', 'after');
  t.equal(all.length, 30);
  t.equal(new Set(all.map(({ room }) => room)).size, 30);
  t.same(all.slice(0, 2).map(({ room, reported, waiting }) => [room, reported, waiting]), [['room-4', 1, 0], ['room-9', 0, 1]]);
  t.same(all[2]?.recent, 3, 'then where much is said');
  t.same((await pages('/rooms?find=ROOM-2', 'rooms', 'after')).map(({ room }) => room).sort(), ['room-2', ...Array.from({ length: 10 }, (_, i) => `room-2${i}`)].sort());
  t.match(await call('GET', '/rooms?after=nonsense', owner), { status: 400, body: { code: 'bad_page' } });
  await Promise.all([anna, ben, held].map((one) => one.close()));
});

t.test('who moderates one room sees that one only, whatever they ask for', async (t) => {
  const { key } = await moderatorKey(server, { room: 'room-4' });
  t.same((await pages('/rooms', 'rooms', 'after', key)).map(({ room }) => room), ['room-4']);
  t.match(await call('GET', '/rooms?room=room-5', key), { status: 403 });
  t.match(await call('GET', '/audit?site=other', key), { status: 403 });
  t.match(await call('GET', '/rooms/room-5/search', key), { status: 403 });
  t.match(await call('POST', '/rooms/room-5/acts', key, { t: 'delete', n: 1 }), { status: 403 });
  t.match(await call('GET', '/health', key), { status: 403 });
});

t.test('a room is searched by words and by person, past what one look reads', async (t) => {
  const [anna, ben] = [await enter(server, 'search', { id: idOf(10), nick: '졸린 여우' }), await enter(server, 'search', { id: idOf(11), nick: '느긋한 수달' })];
  for (let i = 1; i <= 20; i += 1) await (i % 2 ? anna : ben).say(i % 5 ? `그냥 말 ${i}` : `Needle ${i}`);
  t.same((await pages('/rooms/search/search?text=needle', 'rows', 'before')).map(({ n }) => n), [20, 15, 10, 5]);
  t.same((await pages(`/rooms/search/search?author=${authorOf(anna)}&text=needle`, 'rows', 'before')).map(({ n }) => n), [15, 5]);
  t.equal((await pages(`/rooms/search/search?text=${encodeURIComponent('수달')}`, 'rows', 'before')).length, 10, 'a name is found too');
  await does(anna, { t: 'delete', n: 15 });
  t.same((await pages('/rooms/search/search?text=needle', 'rows', 'before')).map(({ n }) => n), [20, 10, 5], 'what is deleted is not');
  await Promise.all([anna, ben].map((one) => one.close()));
});

t.test('what is done without a socket is told to everybody, once, and stands in the audit with its undoing', async (t) => {
  const anna = await enter(server, 'acts', { id: idOf(20) });
  await anna.say('광고');
  const cid = nanoid();
  const done = await call('POST', '/rooms/acts/acts', owner, { t: 'delete', n: 1, cid });
  t.match(done, { status: 200, body: { n: 1, act: Number } });
  await anna.next('rows', ({ rows }) => rows.some((row) => row.n === 1 && row.deleted));
  t.match(await call('POST', '/rooms/acts/acts', owner, { t: 'delete', n: 1, cid }), { status: 200, body: { n: 1 } });
  t.match(await call('POST', '/rooms/acts/acts', owner, { t: 'mod', do: 'undo', of: done.body.act }), { status: 200 });
  await anna.next('rows', ({ rows }) => rows.some((row) => row.n === 1 && !row.deleted && row.rev > 2));
  const audit = await pages('/audit?room=acts', 'audit', 'before');
  t.same(audit.map(({ action, undone, room }) => [action, undone, room]), [['undo', false, 'acts'], ['remove', true, 'acts']]);
  t.notMatch(JSON.stringify(audit), '광고', 'the words do not');

  for (const body of [{ t: 'say', text: 'words' }, { t: 'mod', do: 'grant' }, {}, []]) t.match(await call('POST', '/rooms/acts/acts', owner, body), { status: 400, body: { code: 'bad_act' } });
  t.match(await call('POST', '/rooms/acts/acts', ADMIN_TOKEN, { t: 'delete', n: 1 }), { status: 403 }, 'a token signs nothing');
  t.match(await call('POST', '/rooms/acts/acts', owner, { t: 'delete', n: 99 }), { status: 404, body: { code: 'not_found' } });
  await anna.close();
});

t.test('bans are listed with a name while they stand', async (t) => {
  const anna = await enter(server, 'bans', { id: idOf(30), nick: '시끄러운 여우' });
  await anna.say('말');
  const { body } = await call('POST', '/rooms/bans/acts', owner, { t: 'mod', do: 'mute', who: authorOf(anna), seconds: 600 });
  t.match((await pages('/bans?room=bans', 'bans', 'before')), []);
  const found = (await pages('/bans', 'bans', 'before')).find(({ who }) => who === authorOf(anna));
  t.match(found, { mute: true, act: body.act, nick: '시끄러운 여우', doneIn: 'bans' });
  await call('POST', '/rooms/bans/acts', owner, { t: 'mod', do: 'undo', of: body.act });
  t.equal((await pages('/bans', 'bans', 'before')).some(({ who }) => who === authorOf(anna)), false);
  await anna.close();
});

t.test('settings are shown, secrets are not; health tells of the database', async (t) => {
  const { body } = await call('GET', '/settings', owner);
  const all = new Map(body.settings.map((one) => [one.name, one]));
  t.match(all.get('ROOM_MESSAGES_PER_S'), { value: '100000', isSet: true });
  t.match(all.get('ADMIN_TOKEN'), { value: null, isSet: true });
  t.notMatch(JSON.stringify(body), ADMIN_TOKEN);
  t.notMatch(JSON.stringify(body), 'a secret for tests');
  t.match((await call('GET', '/health', owner)).body, { database: { ok: true, version: /^1\d/ }, redis: { hears: null }, shed: [] });
});
