import type { LiveRow } from '@aside/server/protocol';
import t from 'tap';
import { hide, keepHidden, readHidden } from '../../src/state/hidden.ts';
import { HIDDEN_KEY, type Reader } from '../../src/state/reader.ts';
import { openShelf } from '../../src/state/shelf.ts';

const open = () => {
  const shelf = openShelf(() => { throw new Error('denied'); });
  const reader: Pick<Reader, 'hides' | 'author'> = { hides: { value: null }, author: { value: 'me' } };
  return { shelf, reader };
};
const row = (author: string, text: string, nick = '수달'): LiveRow => ({ n: 1, rev: 1, cid: 'c', author, nick, avatar: 'otter', text, at: 0 });

t.test('a person and a word are hidden from then on, and are not once they are taken out', (t) => {
  const { shelf, reader } = open();
  keepHidden(reader, shelf, { people: [{ author: 'a', nick: '여우' }], words: [' ＡＤ '] });
  t.equal(reader.hides.value?.(row('a', '안녕')), true);
  t.equal(reader.hides.value?.(row('b', '안녕')), false);
  t.equal(reader.hides.value?.(row('b', 'an ad!')), true, 'whatever its width and case');
  t.equal(reader.hides.value?.(row('b', '안녕', 'AD여우')), true, 'in a name too');
  t.equal(reader.hides.value?.(row('me', 'ad')), false, 'not one\'s own');
  const later = { hides: { value: null }, author: { value: null } };
  hide(later, shelf);
  t.ok(later.hides.value, 'at the next visit too');
  keepHidden(reader, shelf, { people: [], words: ['  '] });
  t.equal(reader.hides.value, null);
  t.equal(shelf.read(HIDDEN_KEY), null);
  t.end();
});

t.test('what is kept may be anything, and is bounded', (t) => {
  const { shelf, reader } = open();
  for (const json of ['', '[]', '{"people":7,"words":{"a":1}}', '{"people":[null,{"author":1}],"words":[2]}']) {
    shelf.write(HIDDEN_KEY, json);
    t.same(readHidden(shelf), { people: [], words: [] }, json);
  }
  keepHidden(reader, shelf, { people: Array.from({ length: 300 }, (_, i) => ({ author: String(i), nick: 'x' })), words: Array.from({ length: 300 }, (_, i) => `w${i}`) });
  const { people, words } = readHidden(shelf);
  t.same([people.length, people.at(-1)?.author, words.length], [200, '299', 100]);
  t.end();
});
