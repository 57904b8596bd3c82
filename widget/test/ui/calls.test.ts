import t from 'tap';
import { findCall, findCallees } from '../../src/ui/calls.ts';
import { isEmojiOnly } from '../../src/ui/emoji.ts';

t.test('a name is called behind an @ that begins a word, up to the caret', async (t) => {
  t.same(findCall('@졸린', 3), { query: '졸린', from: 0, to: 3 });
  t.same(findCall('네, @졸린 여', 8), { query: '졸린 여', from: 3, to: 8 });
  t.same(findCall('@', 1), { query: '', from: 0, to: 1 });
  t.equal(findCall('mail@example.com', 16), null);
  t.equal(findCall('@너구리 안녕', 0), null);
  t.equal(findCall('@아주아주아주아주아주긴이름이라서아님', 18), null);
});

t.test('those present are offered, by the beginning of any word of their name, never oneself', async (t) => {
  const present = ['졸린 여우', '느긋한 여우', 'Sleepy Fox', '나'].map((nick, i) => ({ author: `a${i}`, nick, avatar: 'fox' }));
  const ask = (query: string): readonly string[] => findCallees({ query, from: 0, to: 0 }, present, 'a3');
  t.same(ask('여'), ['졸린 여우', '느긋한 여우']);
  t.same(ask('졸'), ['졸린 여우']);
  t.same(ask('fo'), ['Sleepy Fox']);
  t.same(ask(''), ['졸린 여우', '느긋한 여우', 'Sleepy Fox']);
  t.same(ask('우'), []);
});

t.test('one to three emoji alone are drawn large, and nothing else is', async (t) => {
  for (const text of ['👍', '❤️', '👨‍👩‍👧', '🇰🇷', '👍🏽', '🎉🎉🎉', '😀 😀']) t.ok(isEmojiOnly(text), text);
  for (const text of ['', '1', '#', '좋아요 👍', '👍👍👍👍', '©', 'ㅋㅋ', '1️']) t.notOk(isEmojiOnly(text), text);
});
