import fc from 'fast-check';
import t from 'tap';
import { readHint, writeHint } from '../../src/bus/hint.ts';
import { slotOf } from '../../src/bus/slots.ts';
import type { Commit } from '../../src/protocol/index.ts';

const place = { site: 's', post: 'p' };
const commit: Commit = { place, epoch: '1', from: 4, rev: 5, n: 5, first: 1, rows: [{ n: 5, rev: 5, deleted: true }] };

t.test('a hint is read as it was written, and a long one says its numbers only', async (t) => {
  t.same(readHint(place, writeHint(commit)), commit);
  const long: Commit = { ...commit, facts: { id: 'p', title: '가'.repeat(30_000) } };
  t.same(readHint(place, writeHint(long)), { place, epoch: '1', from: 4, rev: 5, n: 5, first: 1, rows: null });
});

t.test('what is no hint, or of another room, is none', async (t) => {
  const wrong: unknown[] = [
    null, 1, 'hint', [], {}, { ...commit, place: null }, { ...commit, place: { site: 's', post: 'q' } }, { ...commit, epoch: 1 }, { ...commit, from: 5 }, { ...commit, rev: '5' },
    { ...commit, n: 1.5 }, { ...commit, rows: undefined }, { ...commit, rows: {} }, { ...commit, rows: [null] }, { ...commit, rows: [{ n: 5 }] },
  ];
  for (const one of wrong) t.equal(readHint(place, JSON.stringify(one) ?? ''), null, JSON.stringify(one));
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => readHint(place, text) === null));
});

t.test('the slot of a name is that of Redis', async (t) => {
  // From the specification: CRC-16/XMODEM of this is 0x31c3.
  t.equal(slotOf('123456789'), 0x31c3);
});
