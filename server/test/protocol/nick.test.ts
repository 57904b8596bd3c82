import fc from 'fast-check';
import t from 'tap';
import { checkNick } from '../../src/protocol/index.ts';
import { houseNames } from '../../src/protocol/lookalikes.ts';
import { sweep } from './code-points.ts';
import { impostor, isCaught } from './impostors.ts';

t.test('no code point of Unicode lets a nickname hide or turn anything', async (t) => {
  const { tried, accepted, wrong } = sweep(2);
  t.equal(tried, 2 * 0x110000);
  t.same(wrong, []);
  t.ok(accepted > 250_000, `${accepted} accepted`);
});

t.test('every letter, digit and emoji that people write with may stand in a nickname', async (t) => {
  const refused: string[] = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const sign = String.fromCodePoint(code);
    if (!/[\p{L}\p{Nd}\p{Emoji_Presentation}]/u.test(sign) || /\p{Default_Ignorable_Code_Point}/u.test(sign)) continue;
    if (!checkNick(`${sign}너구리`).ok) refused.push(code.toString(16));
  }
  t.same(refused, ['13441', '13442'], 'but for two hieroglyphs that are blanks');
  for (const nick of ['नमस्ते', 'مرحبا', 'שלום', 'Ελλάδα', 'Привет', 'こんにちは', 'สวัสดี', 'Zoë', 'Ngọc Ánh', 'தமிழ்', '👩🏽‍💻 Ada', '🏳️‍🌈가', 'modern', 'Adam', '모모', 'Sid', 'O’Neil']) t.match(checkNick(nick), { ok: true }, nick);
});

t.test('no disguise of a house name gets through', async (t) => {
  fc.assert(fc.property(impostor, isCaught), { numRuns: 10_000 });
  for (const name of houseNames) t.match(checkNick(name), { code: name.length < 2 ? 'nick_invalid' : 'nick_lookalike' });
  for (const nick of ['ΑDΜΙΝ', 'ADMIΝ', 'ᴀᴅᴍɪɴ', 'АDМIN', 'rnoderator', 'MODΕRATOR', 'Ovvner', 'ꓮꓓꓟꓲꓠ', '🅰🅳🅼🅸🅽', 'ⓐⓓⓜⓘⓝ', '𝕒𝕕𝕞𝕚𝕟', 'AUTΗOR', 'SΥSTEM', 'a.d.m.i.n', 'àdmín', '관 리 자', '4dm1n', 'ａｄｍｉｎ']) {
    t.match(checkNick(nick), { code: 'nick_lookalike' }, nick);
  }
});

t.test('the bounds of a nickname are 2 to 15 letters, 30 code points and 90 bytes', async (t) => {
  t.match(checkNick('가나'), { ok: true });
  for (const nick of ['', '가', ' 가 ', '👨‍👩‍👧‍👦']) t.match(checkNick(nick), { code: 'nick_invalid' }, nick);
  t.match(checkNick('가'.repeat(15)), { ok: true });
  t.match(checkNick('가'.repeat(16)), { code: 'nick_invalid' });
  t.match(checkNick(`${'👍🏽'.repeat(11)}`), { ok: true }, '88 bytes');
  t.match(checkNick(`${'👍🏽'.repeat(12)}`), { code: 'nick_invalid' }, '96 bytes');
  t.match(checkNick(`${'x\u0301\u0302'.repeat(11)}`), { code: 'nick_invalid' }, '33 code points');
  t.match(checkNick(`${'ก็'.repeat(15)}`), { ok: true }, '15 letters of two code points');
  t.match(checkNick('a'.repeat(100_000)), { code: 'nick_invalid' });
});

t.test('a sign that only colours an emoji cannot make one name two', async (t) => {
  for (const nick of ['user1\ufe0f', '1\ufe0f2\ufe0f', '#\ufe0f태그', 'ab\ufe0e', '👍\ufe0f\ufe0f가']) t.match(checkNick(nick), { ok: false }, JSON.stringify(nick));
  for (const nick of ['❤️ 하트', '1️⃣ 등']) t.match(checkNick(nick), { ok: true }, nick);
});
