import t from 'tap';
import { createSeal } from '../../src/stream/seal.ts';

const HOUR = 3_600_000;
const stream = 'abcdefghijklmnop';
const url = 'https://origin.example/a/b.ts?x=1&y=한';

t.test('an address leads back to what it was made for, and is the same for everybody within a window', async (t) => {
  let now = 10 * HOUR + 1;
  const seal = createSeal(['a secret of the server, long enough'], () => now);
  const address = seal.address({ stream, kind: 'segment', url }, false);
  t.match(address, /^\/stream\/abcdefghijklmnop\/segment\/[\w-]+\.seg\?e=[\da-z]+&s=[\w-]{22}$/);
  t.same(seal.open(address), { stream, kind: 'segment', url });
  now += 4 * 60_000;
  t.equal(seal.address({ stream, kind: 'segment', url }, false), address);
  now += 2 * 60_000;
  const later = seal.address({ stream, kind: 'segment', url }, false);
  t.not(later, address);
  t.equal(later.split('?')[0], address.split('?')[0], 'a player knows it for the same segment');
  t.ok(seal.open(address), 'the old one still answers');
  now += 10 * 60_000;
  t.equal(seal.open(address), null, 'and then ends');
});

t.test('of a recording and of playlists they last as long as one watches', async (t) => {
  let now = 10 * HOUR;
  const seal = createSeal(['a secret of the server, long enough'], () => now);
  const addresses = [seal.address({ stream, kind: 'segment', url }, true), seal.address({ stream, kind: 'playlist', url }, false)];
  now += 3.9 * HOUR;
  for (const address of addresses) t.ok(seal.open(address));
  now += 3 * HOUR;
  for (const address of addresses) t.equal(seal.open(address), null);
});

t.test('whatever is changed, cut, swapped or made with another secret opens nothing', async (t) => {
  const now = 10 * HOUR;
  const [seal, other] = ['a secret of the server, long enough', 'another secret that is long enough'].map((secret) => createSeal([secret], () => now));
  if (!seal || !other) return;
  const address = seal.address({ stream, kind: 'segment', url }, false);
  for (const remembered of [false, true]) for (let i = 0; i < address.length; i += 1) {
    if (remembered) t.ok(seal.open(address));
    for (const letter of ['A', 'b', '0', '-', '/']) {
      const changed = address.slice(0, i) + letter + address.slice(i + 1);
      const opened = seal.open(changed);
      // The ending says nothing, and the last letters of a base64 text may stand for the same bytes.
      if (changed !== address && opened !== null) t.same(opened, { stream, kind: 'segment', url }, changed);
    }
    t.not(seal.open(address.slice(0, i))?.url, url.slice(0, -1));
  }
  t.equal(other.open(address), null);
  t.equal(seal.open(address.replace(stream, 'ponmlkjihgfedcba')), null, 'another room’s');
  t.equal(seal.open(address.replace('/segment/', '/playlist/')), null);
  t.ok(createSeal(['a new secret that is long enough....', 'a secret of the server, long enough'], () => now).open(address), 'while the secret is being changed, both open');
});

t.test('an address that was good in one spelling of its tag is good in the others too', async (t) => {
  const seal = createSeal(['a secret of the server, long enough'], () => 10 * HOUR);
  const address = seal.address({ stream, kind: 'segment', url }, false);
  const bytesOf = (one: string): string => Buffer.from(one.slice(-22), 'base64url').toString('hex');
  const spellings = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].map((last) => address.slice(0, -1) + last).filter((one) => bytesOf(one) === bytesOf(address));
  t.equal(spellings.length, 16);
  for (const one of [...spellings.reverse(), address]) t.same(seal.open(one), { stream, kind: 'segment', url });
});
