import { nanoid } from 'nanoid';
import t from 'tap';
import { type Client, openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { ask } from './raw.ts';

const database = await openDatabase();
const server = await openServer(database.url, { PUBLIC_URL: 'https://chat.example' });
t.teardown(async () => {
  await server.close();
  await database.close();
});
const get = async (path: string) => {
  const answer = await fetch(server.http + path);
  return { status: answer.status, headers: answer.headers, body: await answer.json() as Record<string, never> };
};

const erase = (client: Client, n: number) => {
  const own = nanoid();
  client.send({ t: 'delete', cid: own, n });
  return client.next('ok', ({ cid }) => cid === own);
};

t.test('counts tell how many messages stand in each of many rooms, and nothing of rooms there are none of', async (t) => {
  const fox = await openClient(server.ws, { room: 'a,b', ...person('졸린 여우') });
  for (const text of ['하나', '둘', '셋']) await fox.say(text);
  await erase(fox, 2);
  await fox.close();
  t.same(await get(`/api/v1/counts?ids=${encodeURIComponent('a,b')},none`).then(({ body }) => body), { counts: { 'a,b': 2, none: 0 } });
  const { headers } = await get('/api/v1/counts?ids=x');
  t.match(headers.get('cache-control'), /public, max-age=\d+/);
  t.equal(headers.get('access-control-allow-origin'), '*');
});

t.test('counts that nobody can give are refused by name', async (t) => {
  const many = Array.from({ length: 101 }, (_, i) => i).join(',');
  for (const [query, code] of [['', 'bad_ids'], [`?ids=${many}`, 'bad_ids'], ['?ids=%E0%A4', 'bad_ids'], ['?ids=', 'bad_room'], ['?ids=a,,b', 'bad_room'], ['?ids=a%00', 'bad_room'], [`?ids=a&site=${'x'.repeat(65)}`, 'bad_site']] as const) {
    t.match(await get(`/api/v1/counts${query}`), { status: 400, body: { code } }, query);
  }
  t.equal((await get(`/api/v1/counts?ids=${many.slice(0, many.lastIndexOf(','))}`)).status, 200);
});

t.test('a pasted link of a room becomes its frame, sandboxed and without a script, in numbers that Ghost and WordPress take', async (t) => {
  const link = 'https://chat.example/room/%EA%B8%80%20%22%3E%3Cb%3E';
  const { status, body, headers } = await get(`/oembed?url=${encodeURIComponent(link)}&maxwidth=500&format=json`);
  t.equal(status, 200);
  t.match(headers.get('content-type'), /^application\/json/);
  t.match(body, { version: '1.0', type: 'rich', provider_name: 'Aside', provider_url: 'https://chat.example', title: '글 "><b>', width: 500, height: 480, cache_age: 3600 });
  const { html } = body as unknown as { html: string };
  t.match(html, /^<iframe src="https:\/\/chat\.example\/embed\?postId=%EA%B8%80\+%22%3E%3Cb%3E" title="[^"]+" width="500" height="480" sandbox="allow-scripts allow-same-origin [^"]+" [^<>]*><\/iframe>$/);
  t.notMatch(html, /<script|<b>/);
  for (const other of ['https://chat.example/embed?postId=x&theme=dark', 'https://chat.example/room/x?site=s#m12']) t.equal((await get(`/oembed?url=${encodeURIComponent(other)}`)).status, 200, other);
});

t.test('what is no link of a room, or not to be answered in another form, is refused as oEmbed says', async (t) => {
  for (const url of ['', 'x', 'https://other.example/room/x', 'http://chat.example/room/x', 'https://chat.example/admin', 'https://chat.example/room/', 'https://chat.example/room/a/b', 'https://chat.example/room/%E0%A4', 'https://chat.example/embed', 'javascript:alert(1)']) {
    t.match(await get(`/oembed?url=${encodeURIComponent(url)}`), { status: 404, body: { code: 'not_found' } }, url);
  }
  const link = encodeURIComponent('https://chat.example/room/x');
  t.match(await get(`/oembed?url=${link}&format=xml`), { status: 501, body: { code: 'bad_format' } });
  for (const size of ['maxwidth=0', 'maxheight=-1', 'maxwidth=wide', 'maxwidth=1e3']) t.match(await get(`/oembed?url=${link}&${size}`), { status: 400, body: { code: 'bad_size' } }, size);
  t.match(await get(`/oembed?url=${link}&maxwidth=9999&maxheight=9999`), { body: { width: 640, height: 480 } });
});

t.test('a room’s page tells who pastes it where its frame is described, and is found at one address', async (t) => {
  const page = await ask(server.http, { path: '/room/%EB%B0%A9?theme=dark&title=x' });
  t.match(page.body, '<link rel="canonical" href="https://chat.example/room/%EB%B0%A9">');
  const described = `https://chat.example/oembed?url=${encodeURIComponent('https://chat.example/room/%EB%B0%A9')}`;
  t.match(page.body, `<link rel="alternate" type="application/json+oembed" href="${described}">`);
  t.equal(page.headers.link, `<${described}>; rel="alternate"; type="application/json+oembed"`);
  t.notMatch(page.body, 'noindex');
  t.match(page.body, '<meta property="og:url" content="https://chat.example/room/%EB%B0%A9">');
  t.match(page.body, /<meta property="og:title" content="(?!x")[^"]+">/, 'never the title that the request brings');
  t.match(page.body, '<meta name="color-scheme" content="dark">');
  const framed = await ask(server.http, { path: '/embed?postId=%EB%B0%A9' });
  t.match(framed.body, '<meta name="robots" content="noindex"><link rel="canonical" href="https://chat.example/room/%EB%B0%A9">');
});

t.test('a room can be read without scripts, by people and by search engines, and holds nothing that was deleted', async (t) => {
  const fox = await openClient(server.ws, { room: 'read', ...person('졸린 <여우>') });
  for (const text of ['첫째 </noscript><script>', '지울 말', '셋째\n줄']) await fox.say(text);
  await erase(fox, 2);
  await fox.close();
  const { body } = await ask(server.http, { path: '/room/read?title=%3Cscript%3E' });
  const plain = /<noscript>(.*)<\/noscript>/s.exec(body)?.[1] ?? '';
  t.match(plain, /<h1>&#60;script&#62;<\/h1>/);
  t.match(plain, /<li id="m1"><strong>졸린 &#60;여우&#62;<\/strong> <time datetime="[\dT:.-]+Z">[^<]+<\/time><p>첫째 &#60;\/noscript&#62;&#60;script&#62;<\/p><\/li>/);
  t.match(plain, '<p>셋째\n줄</p>');
  t.notMatch(body, '지울 말');
  const known = JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(body)?.[1] ?? '');
  t.match(known, { '@type': 'Conversation', name: 'read', url: 'https://chat.example/room/read', hasPart: [{ '@type': 'Comment', url: 'https://chat.example/room/read#m1', text: '첫째 </noscript><script>', author: { name: '졸린 <여우>' } }, { text: '셋째\n줄' }] });
  t.equal(known.hasPart.length, 2);
  const framed = await ask(server.http, { path: '/embed?postId=read&lang=en' });
  t.match(framed.body, '<a href="https://chat.example/room/read" target="_blank" rel="noopener">Open this conversation in a window of its own</a>');
  t.notMatch(framed.body, 'ld+json');
});

t.test('the badge is a picture of who is there, or of what was said, in either language', async (t) => {
  const read = async (path: string) => (await ask(server.http, { path })).body;
  t.match(await read('/badge/quiet.svg'), /^<svg [^>]*aria-label="이야기 나누기">.*<\/svg>$/);
  t.match(await read('/badge/quiet.svg?lang=en'), />Talk about it<\/text>/);
  const fox = await openClient(server.ws, { room: '한/글.svg', ...person('졸린 여우') });
  await fox.say('하나');
  const path = `/badge/${encodeURIComponent('한/글.svg')}.svg`;
  t.match(await read(path), />지금 1명<\/text>/);
  t.match(await read(`${path}?lang=en`), />1 here now<\/text>/);
  await fox.close();
  const { headers, status } = await ask(server.http, { path });
  t.match([status, headers['content-type'], headers['cache-control']], [200, /^image\/svg\+xml/, 'public, max-age=60']);
  t.match(await ask(server.http, { path: '/badge/x.png' }), { status: 404 });
  t.match(await ask(server.http, { path: '/badge/.svg' }), { status: 400 });
});

t.test('a link of a room has a picture: its title, who is there and how much was said', async (t) => {
  const read = async (path: string) => {
    const answer = await fetch(server.http + path);
    return { status: answer.status, headers: answer.headers, png: Buffer.from(await answer.arrayBuffer()) };
  };
  const page = (await ask(server.http, { path: '/room/%EA%B7%B8%EB%A6%BC?lang=en' })).body;
  t.match(page, '<meta property="og:image" content="https://chat.example/card/%EA%B7%B8%EB%A6%BC.png?lang=en">');
  t.match(page, '<meta property="og:image:width" content="1200">');
  const blank = await read('/card/%EA%B7%B8%EB%A6%BC.png?lang=en');
  t.match([blank.status, blank.headers.get('content-type'), blank.headers.get('cache-control')], [200, 'image/png', 'public, max-age=60']);
  t.equal(blank.png.subarray(1, 4).toString(), 'PNG');
  t.same([blank.png.readUInt32BE(16), blank.png.readUInt32BE(20)], [1_200, 630]);
  const began = performance.now();
  const others = await Promise.all(Array.from({ length: 40 }, (_, i) => read(`/card/nobody-${i}.png?lang=en`)));
  t.ok(others.every(({ png }) => png.equals(blank.png)), 'rooms nobody spoke in share one');
  t.ok(performance.now() - began < 1_000, 'and making up addresses makes no work');
  t.notOk((await read('/card/nobody.png')).png.equals(blank.png), 'in Korean it is another');
  const fox = await openClient(server.ws, { room: '그림', ...person('졸린 여우') });
  t.teardown(() => fox.close());
  await fox.say('하나');
  const spoken = await read('/card/%EA%B7%B8%EB%A6%BC.png?lang=en');
  t.equal(spoken.status, 200);
  t.notOk(spoken.png.equals(blank.png));
  for (const [path, status] of [['/card/x.svg', 404], ['/card/.png', 400], [`/card/x.png?site=${'x'.repeat(65)}`, 400]] as const) t.equal((await read(path)).status, status, path);
});

t.test('what can be read compressed is sent compressed: pages as they are asked for, files as they were built', async (t) => {
  const send = (path: string, accepted: string) => fetch(server.http + path, { headers: { 'accept-encoding': accepted } });
  for (const [accepted, encoding] of [['gzip, br', 'gzip'], ['br', null], ['gzip;q=0', null], ['identity', null]] as const) {
    const { headers } = await send('/room/read', accepted);
    t.equal(headers.get('content-encoding'), encoding, accepted);
    t.equal(headers.get('vary'), 'accept-encoding');
  }
  t.match(await (await send('/room/read', 'gzip')).text(), /^<!doctype html>/);
  const { body } = await ask(server.http, { path: '/room/read' });
  const script = /src="(\/assets\/index-[^"]+\.js)"/.exec(body)?.[1] ?? '';
  for (const [path, kept] of [[script, 'public, max-age=31536000, immutable'], ['/embed.js', 'public, max-age=3600']] as const) {
    const files = await Promise.all(['br', 'gzip', 'identity'].map((accepted) => send(path, accepted)));
    t.same(files.map(({ headers }) => headers.get('content-encoding')), ['br', 'gzip', null], path);
    const [br, gzip, plain] = await Promise.all(files.map((file) => file.text()));
    t.equal(br, plain);
    t.equal(gzip, plain);
    for (const { headers } of files) t.match([headers.get('cache-control'), headers.get('content-type'), headers.get('access-control-allow-origin')], [kept, /javascript/, '*']);
  }
});
