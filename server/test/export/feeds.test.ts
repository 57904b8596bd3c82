import t from 'tap';
import { ADMIN_TOKEN, does, enter, idOf, ownerKey } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';

const database = await openDatabase();
const server = await openServer(database.url, { ADMIN_TOKEN });
t.teardown(async () => {
  await server.close();
  await database.close();
});
type JsonFeed = { title: string; home_page_url: string; items: { id: string; url: string; content_text: string; date_published: string; date_modified?: string; authors: { name: string }[] }[] };
const feed = (ending: string, room = 'fed', headers: Record<string, string> = {}) => fetch(`${server.http}/api/v1/rooms/${room}/feed.${ending}`, { headers });
const texts = async (): Promise<string[]> => ((await (await feed('json')).json()) as JsonFeed).items.map(({ content_text }) => content_text);

t.test('a feed holds the newest fifty that stand, newest first, whatever is written in them', async (t) => {
  const [anna, mod] = await Promise.all([enter(server, 'fed', { id: idOf(1), nick: '졸린 <여우>' }), enter(server, 'fed', { key: await ownerKey(server) })]);
  for (let i = 1; i <= 55; i += 1) await anna.say(`말 ${i}`);
  await anna.say(']]></content> & "따옴표" <b>굵게</b>');
  t.equal((await texts()).length, 50);
  t.same((await texts()).slice(1, 3), ['말 55', '말 54']);
  const atom = await feed('atom');
  t.match(atom.headers.get('content-type'), 'application/atom+xml');
  const xml = await atom.text();
  t.match(xml, '&#60;b&#62;굵게');
  t.notMatch(xml, /[\u0000-\u0008]|<b>|<여우>/);
  t.equal(xml.match(/<entry>/g)?.length, 50);
  t.match(xml, `<id>${server.http}/room/fed#m56</id>`, 'each has an address that stays');

  const etag = atom.headers.get('etag') ?? '';
  t.equal((await feed('atom', 'fed', { 'if-none-match': etag })).status, 304);
  const { act } = (await does(mod, { t: 'delete', n: 55 })) as { act: number };
  t.equal((await feed('atom', 'fed', { 'if-none-match': etag })).status, 200, 'a deletion is another state');
  t.notOk((await texts()).includes('말 55'));
  t.notMatch(await (await feed('atom')).text(), '말 55');
  await does(mod, { t: 'mod', do: 'undo', of: act });
  t.ok((await texts()).includes('말 55'), 'and so is its undoing');
  await does(anna, { t: 'edit', n: 54, text: '고친 말' });
  const { items } = (await (await feed('json')).json()) as JsonFeed;
  t.match(items.find(({ content_text }) => content_text === '고친 말'), { url: /#m54$/, date_modified: String });
  await Promise.all([anna.close(), mod.close()]);
});

t.test('a room for adults has none, and one that was never spoken in an empty one', async (t) => {
  const owner = await enter(server, 'adults', { id: idOf(2), key: await ownerKey(server) });
  await owner.say('안녕하세요');
  await does(owner, { t: 'mod', do: 'rules', rules: { adults: true } });
  t.equal((await feed('atom', 'adults')).status, 403);
  t.equal((await feed('json', 'adults')).status, 403);
  t.match(await (await feed('atom', 'never')).text(), /<feed[^>]*><id>[^<]*<\/id><title>never<\/title>/);
  await owner.close();
});
