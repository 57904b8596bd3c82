import t from 'tap';
import { openDatabase } from '../support/database.ts';
import { MARK } from './bad-frame.ts';
import { badRequests } from './bad-requests.ts';
import { openProcess } from './process.ts';
import { ask, knock } from './raw.ts';
import { decline } from './refuse.ts';

const database = await openDatabase();
const server = await openProcess(database.url);
t.teardown(async () => {
  await server.close();
  await database.close();
});
const quiet = server.log.length;

t.test('every bad request is refused by its status and code, tells nothing back and writes nothing', async (t) => {
  for (const row of badRequests) {
    const fate = await decline({ http: server.http, sql: database.sql }, row);
    t.same(fate, { name: row.name, refused: true, harmed: false, written: 0, seen: 'refused' }, row.name);
  }
});

t.test('a part of the page that cannot be used is left out, and the page still comes', async (t) => {
  for (const query of ['title=a&title=b', 'theme=a&theme=b', 'lang=ko&lang=en', 'theme=purple', 'lang=xx', 'title=%20%20', '__proto__=x', 'constructor=x', 'title[]=x']) {
    const { status, body } = await ask(server.http, { path: `/room/x?${query}` });
    t.equal(status, 200, query);
    t.match(dataOf(body), { room: 'x', title: null, theme: 'auto', snapshot: { rows: [], rev: 0, epoch: '0' } }, query);
  }
  t.equal(dataOf((await ask(server.http, { path: `/room/x?title=${'가'.repeat(201).replace(/./g, encodeURIComponent)}` })).body).title, '가'.repeat(200));
});

t.test('a socket is opened at /ws and nowhere else; a knock elsewhere is answered and let go', async (t) => {
  for (const path of [`/room/${MARK}`, '/healthz', `/${MARK}`, `/api/v1/rooms/${MARK}/messages`, '/ws/', `/room/${MARK}%`]) {
    const { status } = await knock(server.http, path, []);
    t.ok(status === 404 || status === 400, `${path}: ${status}`);
  }
});

t.test('a handshake that is none is answered and let go', async (t) => {
  const good = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' };
  const handshakes: Record<string, { method?: string; headers: object }> = {
    'no key': { headers: { ...good, 'Sec-WebSocket-Key': undefined } },
    'a key that is none': { headers: { ...good, 'Sec-WebSocket-Key': MARK } },
    'another version': { headers: { ...good, 'Sec-WebSocket-Version': '7' } },
    'another protocol': { headers: { ...good, Upgrade: MARK } },
    'a POST': { method: 'POST', headers: good },
  };
  for (const [name, { method = 'GET', headers }] of Object.entries(handshakes)) {
    const lines = Object.entries({ Host: 'a', ...headers }).flatMap(([header, value]) => (value === undefined ? [] : [`${header}: ${value}`]));
    const { status } = await ask(server.http, { bytes: `${method} /ws HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n` });
    t.ok(status >= 400 && status < 500, `${name}: ${status}`);
  }
});

t.test('nothing that was asked for reaches the log, however fine it is', async (t) => {
  t.equal(server.log.slice(quiet), '');
});

function dataOf(html: string): { title: string | null } {
  return JSON.parse(/id="aside-page">(.*?)<\/script>/.exec(html)?.[1] ?? '{}') as { title: string | null };
}
