import t from 'tap';
import { idle, type Link } from '../../src/net/link.ts';
import { openRoom } from '../../src/state/held.ts';
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

t.test('what the header tells of the connection: a short loss nothing, a long one what is the matter', async (t) => {
  const read = (at: Link['at'], { lapsed = false, doubtful = false, here = 2 as number | null, online = true } = {}) =>
    readStatus({ link: { value: { ...idle, at } as Link }, lapsed: { value: lapsed }, room: { value: { ...openRoom(null, null), here, doubtful } } }, online);
  const states = ['idle', 'dialing', 'greeting', 'waiting', 'live', 'closed'] as const;
  t.same(states.map((at) => read(at)), ['live', 'live', 'live', 'live', 'live', 'closed']);
  t.same(states.map((at) => read(at, { here: null })), ['quiet', 'quiet', 'quiet', 'quiet', 'quiet', 'closed'], 'before the first welcome there is nothing to tell');
  t.same([read('waiting', { lapsed: true }), read('waiting', { lapsed: true, online: false })], ['joining', 'offline']);
  t.equal(read('waiting', { online: false }), 'live');
  t.equal(read('live', { doubtful: true }), 'doubtful');
  t.equal(read('waiting', { doubtful: true, lapsed: true }), 'joining');
});

t.test('a line is drawn again when a member is another one', async (t) => {
  t.equal(differ({ a: 1, b: null }, { a: 1, b: null }), false);
  t.equal(differ({ a: 1 }, { a: 2 }), true);
  t.equal(differ({ a: {} }, { a: {} }), true);
});
