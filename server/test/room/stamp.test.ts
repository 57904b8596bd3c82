import { createHash } from 'node:crypto';
import t from 'tap';
import { sha256Head } from '../../../widget/src/state/sha256.ts';
import { createStamps } from '../../src/room/stamp.ts';

const place = { site: '', post: 'p' };
const shield = { level: 2, at: 0, since: 0 } as const;
const NOW = 1_763_690_000_000;

function solve({ salt, bits }: { salt: string; bits: number }): string {
  for (let answer = 0; ; answer += 1) if (Math.clz32(sha256Head(`${salt}.${answer}`)) >= bits) return `${salt}.${answer}`;
}

t.test('the widget’s own hash is SHA-256', async (t) => {
  const wrong = Array.from({ length: 2_000 }, (_, i) => `${'x'.repeat(i % 120)}.${i}`).filter((text) => createHash('sha256').update(text).digest().readUInt32BE(0) !== sha256Head(text));
  t.same(wrong, []);
});

t.test('a stamp is good for one message of one person in one room, for two minutes', async (t) => {
  const stamps = createStamps('a secret');
  const stamp = solve(stamps.issue(place, 'anna', 'c1', shield, NOW));
  t.notOk(stamps.redeem(stamp, place, 'ben', 'c1', NOW), 'another’s');
  t.notOk(stamps.redeem(stamp, { site: '', post: 'q' }, 'anna', 'c1', NOW), 'of another room');
  t.notOk(stamps.redeem(stamp, place, 'anna', 'c1', NOW + 121_000), 'too old');
  t.notOk(createStamps('another secret').redeem(stamp, place, 'anna', 'c1', NOW), 'not ours');
  t.ok(stamps.redeem(stamp, place, 'anna', 'c1', NOW + 119_000));
  t.ok(stamps.redeem(stamp, place, 'anna', 'c1', NOW + 119_000), 'the same message again');
  t.notOk(stamps.redeem(stamp, place, 'anna', 'c2', NOW + 119_000), 'another message');
  t.notOk(createStamps('a secret').redeem(stamp, place, 'anna', 'c2', NOW), 'nor on another server');
});

t.test('nothing that was not worked out is taken, whatever its shape', async (t) => {
  const stamps = createStamps('a secret');
  const { salt, bits } = stamps.issue(place, 'anna', 'c1', shield, NOW);
  t.ok(bits >= 16);
  const easier = salt.replace(`-${bits}-`, '-1-');
  let unsolved = 0;
  while (Math.clz32(sha256Head(`${salt}.${unsolved}`)) >= bits) unsolved += 1;
  for (const stamp of [undefined, '', salt, `${salt}.`, `${salt}.${unsolved}`, `${salt}.-1`, `${salt}.1e9`, solve({ salt: easier, bits: 1 }), 'a.b.c', '-'.repeat(128), `${salt}.${'9'.repeat(40)}`]) t.notOk(stamps.redeem(stamp, place, 'anna', 'c1', NOW), String(stamp).slice(0, 40));
});

t.test('each step asks for more work', async (t) => {
  const stamps = createStamps('a secret');
  t.same(([2, 3, 4] as const).map((level) => stamps.issue(place, 'anna', 'c1', { ...shield, level }, NOW).bits), [16, 18, 20]);
});
