import t from 'tap';
import { createRaid, type Raid } from '../../src/room/raid.ts';
import { shapeOf } from '../../src/room/shape.ts';

/** Plays seconds in no time: what happens in each, and where the shield is then. */
function play(raid: Raid, seconds: number, from: { at: number; level: number }, each: (second: number, now: number, level: number) => void): { at: number; level: number; levels: number[] } {
  let { at, level } = from;
  let movedAt = at;
  const levels: number[] = [];
  for (let second = 0; second < seconds; second += 1) {
    each(second, at, level);
    at += 1_000;
    const next = raid.step(level, at, at - movedAt).level;
    if (next !== level) movedAt = at;
    level = next;
    levels.push(level);
  }
  return { at, level, levels };
}
const tried = (raid: Raid, text: string, author: string, now: number, isStranger = true): void => raid.tried({ shape: shapeOf(text), author, isStranger }, now);

t.test('under a raid the shield climbs step by step within seconds, and five minutes after it is down', async (t) => {
  const raid = createRaid();
  const raided = play(raid, 60, { at: 0, level: 0 }, (second, now, level) => {
    for (let i = 0; i < 60; i += 1) {
      raid.joined(now);
      tried(raid, i % 2 ? 'FREE COINS at spam.example' : `무료 코인 ${second} ${i}`, `bot ${second} ${i}`, now);
    }
    if (level >= 2) for (let i = 0; i < 20; i += 1) raid.passed(now);
  });
  t.same(raided.levels.slice(0, 1), [1], 'at once');
  t.equal(raided.level, 4);
  t.ok(raided.levels.every((level, i) => level - (raided.levels[i - 1] ?? 0) <= 1), 'never two steps at once');
  const after = play(raid, 300, raided, () => {});
  t.equal(after.level, 0);
  t.ok(after.levels.every((level, i) => level <= (after.levels[i - 1] ?? 4)), 'and only comes down');
});

t.test('a party is none: known people may talk as much as they like, and newcomers with words of their own wait for nobody’s approval', async (t) => {
  const known = createRaid();
  t.equal(play(known, 120, { at: 0, level: 0 }, (second, now) => { for (let i = 0; i < 40; i += 1) tried(known, `좋은 글이네요 ${second} ${i}`, `${i}`, now, false); }).level, 0);
  const arriving = createRaid();
  const own = (k: number): string => Array.from({ length: 8 }, (_, i) => String.fromCharCode(0xac00 + ((k + 1) * (i + 7) * 7_919) % 11_172)).join('');
  const party = play(arriving, 120, { at: 0, level: 0 }, (second, now) => {
    for (let i = 0; i < 10; i += 1) {
      arriving.joined(now);
      tried(arriving, own(second * 10 + i), `new ${second} ${i}`, now);
      if (second > 10) arriving.passed(now);
    }
  });
  t.ok(party.level <= 2, `step ${party.level}`);
  const quiet = createRaid();
  t.equal(play(quiet, 600, { at: 0, level: 0 }, (second, now) => { if (second % 3 === 0) tried(quiet, `안녕하세요 ${second}`, `${second}`, now); }).level, 0, 'a newcomer every three seconds');
});

t.test('what strangers say alike, with links or with many emoji, weighs more', async (t) => {
  const rush = (text: (i: number) => string): number => {
    const raid = createRaid();
    for (let i = 0; i < 14; i += 1) tried(raid, text(i), `${i}`, 0);
    return raid.step(0, 5_000, 0).level;
  };
  const own = ['정말 좋네요', '저도 그래요', '다음 글은요', '질문 있어요', '어디서 찍었나요', '날씨 얘기', '고양이 귀여워', '축하드려요', '잘 읽었어요', '사진 멋지네', '음악도 좋고', '새벽에 읽는 중', '친구가 알려줌', '북마크 했어요'];
  t.equal(rush((i) => own[i] as string), 0);
  t.equal(rush(() => '같은 말을 모두 함께'), 1);
  t.equal(rush((i) => `${own[i]} https://${i}.example`), 1);
  t.equal(rush((i) => `${own[i]}${'🔥'.repeat(9)}`), 1);
});

t.test('one person is no raid, however much they send', async (t) => {
  const raid = createRaid();
  t.equal(play(raid, 60, { at: 0, level: 0 }, (second, now) => { for (let i = 0; i < 60; i += 1) tried(raid, `싸다 ${second} ${i} https://spam.example`, 'alone', now); }).level, 0);
});

t.test('a server that has seen nothing takes no step back that another has just taken', async (t) => {
  const fresh = createRaid();
  t.same(fresh.step(4, 1_000, 5_000), { level: 4, why: '' }, 'nor one that was started anew in a raid');
  t.equal(fresh.step(4, 61_000, 65_000).level, 3);
});
