import { readFile } from 'node:fs/promises';
import t from 'tap';
import { standardAllowed, standardBlocked } from '../../../src/room/words/lists.ts';
import { createWords } from '../../../src/room/words/words.ts';

type Sample = { text: string; label: 'block' | 'pass'; lang: string; kind: string };

/** What was set aside is not to be looked at while the lists are written: `--known` leaves it out. */
const files = process.argv.includes('--known') ? ['known'] : ['known', 'sealed'];
const RECALL_MIN = 0.95;
const PRECISION_MIN = 0.99;
/** Far more than it takes, and far less than anything that is not linear. */
const LONGEST_MS = 250;
const COMPILE_MS = 2_000;
const standard = createWords({ blocked: standardBlocked, allowed: standardAllowed });

for (const file of files) {
  t.test(`recall and precision hold on what is ${file === 'sealed' ? 'set aside before the lists were written' : 'known'}`, async (t) => {
    const samples = (await readFile(new URL(`${file}.jsonl`, import.meta.url), 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as Sample);
    const found = samples.filter(({ text }) => standard.find(text) !== null);
    const wanted = samples.filter(({ label }) => label === 'block');
    const right = found.filter(({ label }) => label === 'block');
    const recall = right.length / wanted.length;
    const precision = right.length / found.length;
    t.comment(`${samples.length} texts: recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}`);
    t.ok(recall >= RECALL_MIN, `recall ${recall.toFixed(3)}`);
    t.ok(precision >= PRECISION_MIN, `precision ${precision.toFixed(3)}`);
  });
}

t.test('however a word is dressed up, it is found', async (t) => {
  const dressed = [
    '씨발', '씨발'.normalize('NFD'), 'ㅆㅣㅂㅏㄹ', '씨 발', '시 발 놈아', '시1발', '씨.발', '시@발', '씨이이발', '씨\u200b발', '개시발', 'ㅅㅂ', 'ㅅㅂㅋㅋ', 'ㅄ',
    'fuck', 'ｆｕｃｋ', '𝐟𝐮𝐜𝐤', 'fuсk', 'f u c k', 'f.u.c.k', 'fuuuuck', 'f*ck', 'sh1t', 'b!tch', 'f\u0336u\u0336c\u0336k\u0336', 'motherfucker', 'bullshit', 'fucking하네',
  ];
  for (const text of dressed) t.not(standard.find(text), null, text);
});

t.test('what only looks like a word is left alone', async (t) => {
  const innocent = [
    '역시 발랄', '출시 발표', '다시 발견', '1시 발표', '아저씨 발 조심', '날씨 발표', '출시발표', '도시발전', '시발점', '시발역', '새끼손가락', '이 새끼 고양이', '전염병 신고', '꿈을 좇아',
    'ㄱㅅ', 'ㅈㅅ', 'ㅅㅅ', 'push it', 'class', 'c l a s s', 'Scunthorpe', 'saw hore', 'wash it', 'Fukuoka', 'who’re you', 'Galaxy A55', 'Matsushita', 'shiitake', 'Dick Van Dyke', 'spicy',
  ];
  for (const text of innocent) t.equal(standard.find(text), null, text);
});

t.test('an author’s own word and allowed word take effect', async (t) => {
  const words = createWords({ blocked: ['당근', 'Spoiler', '18놈', '*토토*', 'f*ck', '馬鹿', '*'], allowed: ['당근마켓', 'spoilers'] });
  t.equal(words.find('이 당근을 봐'), '당근');
  t.equal(words.find('당 근'), '당근');
  t.equal(words.find('당근마켓에 있어'), null, 'an allowed word excuses the one inside');
  t.equal(words.find('SPOILER ahead'), 'Spoiler', 'as the list has it');
  t.equal(words.find('spoilers ahead'), null);
  t.equal(words.find('사설토토방'), '*토토*', 'with stars also within longer words');
  t.equal(words.find('이런 18놈'), '18놈');
  t.equal(words.find('2018놈'), null, 'a number is not a part of a longer one');
  t.equal(words.find('f**ck'), 'f*ck', 'a star inside stands for itself');
  t.equal(words.find('お前は馬鹿だ'), '馬鹿');
  t.equal(createWords({ blocked: [], allowed: [] }).find('시발'), null);
  t.equal(createWords({ blocked: ['dick', 'dickhead'], allowed: ['dick'] }).find('you dickhead'), 'dickhead', 'no excuse for a longer word');
});

t.test('a text as long as may be is read in linear time', async (t) => {
  const nested = createWords({ blocked: Array.from({ length: 25 }, (_, i) => 'ab'.repeat(i + 1)).concat(standardBlocked), allowed: standardAllowed });
  const texts = ['ㅅㅂㄷ', 'a', 'ab', 'f ', '시이', '시 발', 's.h.', '씨', 'fuc', '1a', '*f', '\u200b', '가', '😀', '시\u0301', '﷽'].map((part) => part.repeat(Math.floor(8_192 / part.length)));
  for (const text of texts) {
    for (const words of [standard, nested]) {
      const began = performance.now();
      words.find(text);
      const took = performance.now() - began;
      t.ok(took < LONGEST_MS, `${JSON.stringify(text.slice(0, 6))} takes ${took.toFixed(1)} ms`);
    }
  }
});

t.test('5,000 words are compiled in a moment, however long they are', async (t) => {
  const letters = '가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허';
  const blocked = Array.from({ length: 5_000 }, (_, i) => Array.from({ length: 50 }, (_, k) => letters[(i * 7 + k * (i % 23) + k) % letters.length]).join(''));
  const began = performance.now();
  const words = createWords({ blocked, allowed: [] });
  const took = performance.now() - began;
  t.ok(took < COMPILE_MS, `${took.toFixed(0)} ms`);
  t.equal(words.find(`앞 ${blocked[4_321]} 뒤`), blocked[4_321]);
});
