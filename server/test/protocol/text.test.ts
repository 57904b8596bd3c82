import t from 'tap';
import { checkNick, checkText } from '../../src/protocol/index.ts';

t.test('a nickname is counted in letters a reader sees', async (t) => {
  t.same(checkNick('익명의 너구리'), { ok: true, value: '익명의 너구리' });
  t.same(checkNick('👨‍👩‍👧 가족'), { ok: true, value: '👨‍👩‍👧 가족' });
  t.same(checkNick('❤️ 하트'), { ok: true, value: '❤️ 하트' });
  t.equal(checkNick('가').ok, false);
  t.equal(checkNick('a'.repeat(15)).ok, true);
  t.equal(checkNick('a'.repeat(16)).ok, false);
});

t.test('a nickname hides nothing and passes for nobody of the house', async (t) => {
  for (const nick of ['ab\u202ecd', 'mod\u200derator', 'a\u200bb', 'z\u0301\u0301\u0301\u0301a', 'ㅤㅤ', 'ab\u0000', '\ud800ab']) {
    t.same(checkNick(nick), { ok: false, code: 'nick_invalid' }, JSON.stringify(nick));
  }
  for (const nick of ['관리자', 'ADM1N', 'мoderator', 'M o d', '운 영 자', 'Ａｄｍｉｎ']) {
    t.same(checkNick(nick), { ok: false, code: 'nick_lookalike' }, nick);
  }
});

t.test('text keeps its lines, and loses nothing but the blanks around it', async (t) => {
  t.same(checkText('  안녕\r\n하세요 '), { ok: true, value: '안녕\n하세요' });
  t.same(checkText('   \n'), { ok: false, code: 'empty' });
  t.same(checkText('\u200b\u2060'), { ok: false, code: 'empty' });
  t.same(checkText('a\u0000'), { ok: false, code: 'bad_text' });
  t.same(checkText('\ud800'), { ok: false, code: 'bad_text' });
  t.same(checkText('가'.repeat(2_001)), { ok: false, code: 'too_long' });
  t.equal(checkText('가'.repeat(2_000)).ok, true);
});
