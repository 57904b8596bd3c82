import { avatars, checkNick } from '@aside/server/protocol';
import { readdir, readFile } from 'node:fs/promises';
import t from 'tap';
import { hueOf } from '@aside/server/protocol';
import { proposeName } from '../../src/ui/names.ts';
import { sheetWords } from '../../src/ui/sheets/words.ts';
import { tellCount, tellDay, tellTime } from '../../src/ui/time.ts';
import { en } from '../../src/ui/words/en.ts';
import { ko } from '../../src/ui/words/ko.ts';
import { naming } from '../../src/ui/words/naming.ts';
import { loadWords, wordsOf } from '../../src/ui/words/words.ts';
import { writing } from '../../src/ui/words/writing.ts';

t.test('every name that can be proposed can be taken', async (t) => {
  for (const words of [naming.ko, naming.en]) {
    for (const mood of words.moods) for (const avatar of avatars) {
      const nick = `${mood} ${words.animals[avatar]}`;
      t.same(checkNick(nick), { ok: true, value: nick });
    }
  }
});

t.test('FR-204: a roll of the dice brings another animal, and the name that fits', async (t) => {
  t.same(proposeName(naming.ko, () => 0), { avatar: 'raccoon', nick: '익명의 너구리' });
  for (let i = 0; i < 16; i += 1) t.not(proposeName(naming.ko, () => i / 16, 'fox').avatar, 'fox');
});

t.test('both languages say everything', async (t) => {
  t.same(Object.keys(ko).sort(), Object.keys(en).sort());
  for (const words of [ko, en]) for (const [name, value] of Object.entries(words)) t.not(value, '', name);
  await Promise.all([loadWords('ko'), loadWords('en')]);
  t.equal(wordsOf('ko').room, '게시물 토론방');
  t.equal(wordsOf('en').room, 'Post discussion');
  t.same([ko.people('38'), en.people('38'), en.people('1')], ['38명', '38 people', '1 person']);
});

t.test('no word is there that nobody reads', async (t) => {
  const ui = new URL('../../src/ui/', import.meta.url);
  const files = (await readdir(ui, { recursive: true })).filter((file) => /\.tsx?$/.test(file) && !/words/.test(file));
  const code = (await Promise.all(files.map((file) => readFile(new URL(file, ui), 'utf8')))).join('\n');
  const named = Object.keys({ ...ko, ...sheetWords.ko, ...writing.ko, ...naming.ko });
  // The header's words carry the names of its states.
  const unread = named.filter((name) => !new RegExp(`\\bwords(?:\\(\\))?\\.${name}\\b|\\)\\.${name}\\b|'${name}'`).test(code));
  t.same(unread, []);
});

t.test('every animal of the protocol is drawn', async (t) => {
  t.same((await readdir(new URL('../../src/ui/animals', import.meta.url))).sort(), avatars.map((name) => `${name}.svg`).sort());
  const styles = await readFile(new URL('../../src/ui/animals.css', import.meta.url), 'utf8');
  t.same([...styles.matchAll(/^\.(\w+) \{ background-image: url\(\.\/animals\/\1\.svg\) \}/gm)].map(([, name]) => name), avatars, 'and shown by its name');
});

t.test('times are told the way one speaks', async (t) => {
  const now = new Date(2026, 10, 21, 14, 14).getTime();
  const day = 86_400_000;
  t.equal(tellTime(now, 'ko').replace(/\s/g, ' '), '오후 2:14');
  t.same([0, 1].map((days) => tellDay(now - days * day, now, 'ko')), ['오늘', '어제']);
  t.match(tellDay(now - 3 * day, now, 'ko'), /11월 18일/);
  t.match(tellDay(now - 400 * day, now, 'ko'), /2025년/);
  t.match(tellDay(now - 3 * day, now, 'en'), /November 18/);
  t.same([tellCount(38, 'ko'), tellCount(1_234, 'ko'), tellCount(12_340, 'ko'), tellCount(1_234, 'en')], ['38', '1.2천', '1.2만', '1.2K']);
});

t.test('a hue belongs to an author', async (t) => {
  t.equal(hueOf('abc'), hueOf('abc'));
  const hues = new Set(Array.from({ length: 500 }, (_, i) => hueOf(`author ${i}`)));
  t.equal(hues.size, 24);
});
