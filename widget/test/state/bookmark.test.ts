import t from 'tap';
import { openBookmark } from '../../src/state/bookmark.ts';
import { openShelf } from '../../src/state/shelf.ts';
import { createStorage } from './shelf.ts';

function open(storage = createStorage(), tab = createStorage()) {
  return { storage, tab, bookmark: openBookmark(openShelf(() => storage), openShelf(() => tab), 's', 'post') };
}

t.test('what was read is kept for each room, and of two tabs the one that saw more counts', async (t) => {
  const { bookmark, storage } = open();
  t.equal(bookmark.readSeen(), null);
  bookmark.keepSeen(12);
  bookmark.keepSeen(9);
  t.equal(open(storage).bookmark.readSeen(), 12);
  t.equal(openBookmark(openShelf(() => storage), openShelf(() => storage), 's', 'other').readSeen(), null);
});

t.test('the place in a room is the tab’s own, under the address it was opened by', async (t) => {
  const { bookmark, storage, tab } = open();
  t.equal(bookmark.readSpot(''), undefined, 'it has not been here');
  bookmark.keepSpot('', { n: 7, y: -3.5 });
  t.same(open(storage, tab).bookmark.readSpot(''), { n: 7, y: -3.5 });
  t.equal(bookmark.readSpot('#m4'), undefined, 'a new address is followed');
  t.equal(open(storage).bookmark.readSpot(''), undefined);
  bookmark.keepSpot('#m4', null);
  t.equal(bookmark.readSpot('#m4'), null, 'it was left at its end');
});

t.test('what another version has written is begun anew', async (t) => {
  const { bookmark, storage, tab } = open();
  bookmark.keepSeen(1);
  bookmark.keepSpot('', { n: 1, y: 1 });
  for (const kept of ['', 'null', '[]', '{', '{"hash":"","spot":"x"}', '{"hash":"","spot":{"n":"1","y":2}}']) {
    storage.setItem(Object.keys(storage)[0] ?? '', kept);
    tab.setItem(Object.keys(tab)[0] ?? '', kept);
    t.ok(Number.isFinite(bookmark.readSeen() ?? 0));
    t.notOk(bookmark.readSpot(''));
  }
});
