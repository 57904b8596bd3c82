import t from 'tap';
import { findLinks } from '../../src/ui/links.ts';

const links = (text: string) => findLinks(text).flatMap(({ href }) => href ?? []);

t.test('an address of http(s) is a link, and its text is what was written', async (t) => {
  t.same(findLinks('see https://a.kr/x?y=1#z now').filter(({ text }) => text !== ''), [{ text: 'see ' }, { text: 'https://a.kr/x?y=1#z', href: 'https://a.kr/x?y=1#z' }, { text: ' now' }]);
  t.same(links('HTTP://A.KR and http://b.kr'), ['HTTP://A.KR', 'http://b.kr']);
});

t.test('nothing else is, whatever it looks like', async (t) => {
  for (const text of ['javascript:alert(1)', 'data:text/html,x', 'ftp://a.kr', 'a.kr', '//a.kr', 'https:a.kr', 'https://', 'blob:https', 'vbscript:x']) t.same(links(text), [], text);
});

t.test('what ends a sentence does not belong to it', async (t) => {
  t.same(links('https://a.kr. https://a.kr/b, (https://a.kr/c) "https://a.kr/d" https://a.kr/e?'), ['https://a.kr', 'https://a.kr/b', 'https://a.kr/c', 'https://a.kr/d', 'https://a.kr/e']);
  t.same(links('https://en.wikipedia.org/wiki/Aside_(theatre).'), ['https://en.wikipedia.org/wiki/Aside_(theatre)']);
  t.same(links('https://github.com/deep-dive/aside에 있어요'), ['https://github.com/deep-dive/aside'], 'nor a particle');
});

t.test('text is never lost, and a long one costs little', async (t) => {
  for (const text of ['', 'a', 'https://a.kr', 'a https://a.kr b https://c.kr', `https://${'('.repeat(2_000)}`, `https://${'a.'.repeat(900)}!`, 'https://a'.repeat(200)]) {
    const began = performance.now();
    t.equal(findLinks(text).map((piece) => piece.text).join(''), text);
    t.ok(performance.now() - began < 100, text.slice(0, 20));
  }
});
