import t from 'tap';
import { openJar } from '../../src/state/jar.ts';
import { openKeeper } from '../../src/state/keeper.ts';
import { openShelf } from '../../src/state/shelf.ts';
import { createCookies, createStorage, denyStorage } from './shelf.ts';

const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const noCookies = openJar({ get cookie() { return ''; }, set cookie(_) {} });

t.test('nobody has an id before they speak', async (t) => {
  const storage = createStorage();
  const keeper = openKeeper(openShelf(() => storage), noCookies);
  t.same(keeper.read(), { id: null, nick: null, avatar: null });
  t.same(Object.keys(storage), []);
});

t.test('an id is made once, and is the same for every tab of the browser', async (t) => {
  const storage = createStorage();
  const [one, two] = [openKeeper(openShelf(() => storage), noCookies), openKeeper(openShelf(() => storage), noCookies)];
  const [first, second] = await Promise.all([one.takeId(), two.takeId()]);
  t.match(first, uuidV4);
  t.equal(second, first);
  t.equal(await openKeeper(openShelf(() => storage), noCookies).takeId(), first, 'after a reload too');
});

t.test('FR-203: name and animal persist beside the id', async (t) => {
  const storage = createStorage();
  const keeper = openKeeper(openShelf(() => storage), noCookies);
  const id = await keeper.takeId();
  t.equal(keeper.keepName('느긋한 너구리', 'raccoon'), 'storage');
  t.same(openKeeper(openShelf(() => storage), noCookies).read(), { id, nick: '느긋한 너구리', avatar: 'raccoon' });
});

t.test('where storage throws, one partitioned cookie keeps it', async (t) => {
  const cookies = createCookies();
  const keeper = openKeeper(openShelf(denyStorage), openJar(cookies));
  t.equal(keeper.keepName('수줍은 고래', 'whale'), 'cookie');
  const id = await keeper.takeId();
  t.match(cookies.last, /^__Host-aside=/);
  for (const part of ['Path=/', 'Secure', 'SameSite=None', 'Partitioned']) t.match(cookies.last, part);
  t.same(openKeeper(openShelf(denyStorage), openJar(cookies)).read(), { id, nick: '수줍은 고래', avatar: 'whale' });
});

t.test('two tabs that share only the cookie make one person, though both were named before either had an id', async (t) => {
  const cookies = createCookies();
  const [one, two] = [openKeeper(openShelf(denyStorage), openJar(cookies)), openKeeper(openShelf(denyStorage), openJar(cookies))];
  one.keepName('수줍은 고래', 'whale');
  two.keepName('졸린 여우', 'fox');
  const [first, second] = await Promise.all([one.takeId(), two.takeId()]);
  t.equal(second, first);
  t.equal(one.read().nick, '졸린 여우', 'named as they said last');
});

t.test('where nothing is kept it lasts as long as the page, and is known to', async (t) => {
  const shelf = openShelf(denyStorage);
  const keeper = openKeeper(shelf, noCookies);
  t.equal(keeper.keepName('졸린 여우', 'fox'), 'memory');
  const id = await keeper.takeId();
  t.equal(await keeper.takeId(), id);
  t.match(keeper.read(), { id, nick: '졸린 여우' });
});

t.test('what another version or a stranger left there is not believed', async (t) => {
  for (const left of ['', '{', 'null', '[]', '"x"', '{"id":7,"nick":{},"avatar":"dragon"}', '{"id":"me","nick":""}']) {
    const storage = createStorage();
    storage.setItem('aside:me', left);
    t.same(openKeeper(openShelf(() => storage), noCookies).read(), { id: null, nick: null, avatar: null }, left);
  }
});
