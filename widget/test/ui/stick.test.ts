import t from 'tap';
import { differ } from '../../src/ui/differ.ts';
import { END_PX, isAtEnd, isNearBottom, isNearTop } from '../../src/ui/stick.ts';
import { readStatus } from '../../src/ui/status.ts';

t.test('FR-305: the end reaches a few dozen pixels up, no further', async (t) => {
  const view = { clientHeight: 400, scrollHeight: 1_400 };
  t.equal(isAtEnd({ ...view, scrollTop: 1_000 }), true);
  t.equal(isAtEnd({ ...view, scrollTop: 1_000 - END_PX }), true);
  t.equal(isAtEnd({ ...view, scrollTop: 1_000 - END_PX - 1 }), false);
  t.equal(isAtEnd({ scrollTop: 0, clientHeight: 400, scrollHeight: 100 }), true, 'a short talk is all end');
  t.equal(isNearTop({ ...view, scrollTop: 5_000 }), false);
  t.equal(isNearTop({ ...view, scrollTop: 0 }), true);
  t.equal(isNearBottom({ ...view, scrollTop: 0 }), false);
  t.equal(isNearBottom({ ...view, scrollTop: 900 }), true);
});

t.test('what the header tells of the connection', async (t) => {
  t.same((['idle', 'dialing', 'greeting', 'waiting', 'live', 'closed'] as const).map((at) => readStatus(at, true, false)), ['joining', 'joining', 'joining', 'joining', 'live', 'closed']);
  t.equal(readStatus('waiting', false, false), 'offline');
  t.equal(readStatus('live', false, false), 'live');
  t.equal(readStatus('live', true, true), 'doubtful');
  t.equal(readStatus('waiting', true, true), 'joining');
});

t.test('a line is drawn again when a member is another one', async (t) => {
  t.equal(differ({ a: 1, b: null }, { a: 1, b: null }), false);
  t.equal(differ({ a: 1 }, { a: 2 }), true);
  t.equal(differ({ a: {} }, { a: {} }), true);
});
