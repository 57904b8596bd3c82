import fc from 'fast-check';
import t from 'tap';
import { createIdentity } from '../../src/room/identity.ts';
import { createPresence, tellPresence } from '../../src/room/presence.ts';
import { createSeats } from '../../src/room/seats.ts';

t.test('a room counts each author once, and every reader without a name', async (t) => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.boolean(), fc.constantFrom(null, 'a', 'b', 'c')), { maxLength: 80 }), (steps) => {
    const presence = createPresence();
    const inside: (string | null)[] = [];
    return steps.every(([enters, author]) => {
      if (enters) {
        inside.push(author);
        presence.enter(author);
      } else if (inside.includes(author)) {
        inside.splice(inside.indexOf(author), 1);
        presence.leave(author);
      }
      return presence.count === new Set(inside.filter((one) => one !== null)).size + inside.filter((one) => one === null).length;
    });
  }));
  t.pass();
});

t.test('a count is told when it changed, at most every 5 s, and in a hot room when it moved by 1 %', async (t) => {
  const presence = createPresence();
  t.equal(presence.due(0), null);
  presence.enter(null);
  t.equal(presence.due(1), 1);
  presence.enter(null);
  t.equal(presence.due(5_000), null);
  t.equal(presence.due(5_001), 2);
  t.equal(presence.due(99_999), null, 'not again while nothing changes');
  for (let i = 0; i < 998; i += 1) presence.enter(null);
  t.equal(presence.due(200_000), 1_000);
  for (let i = 0; i < 9; i += 1) presence.enter(null);
  t.equal(presence.due(300_000), null);
  presence.enter(null);
  t.equal(presence.due(300_000), 1_010);
  const told: string[] = [];
  presence.enter('a');
  for (let i = 0; i < 20; i += 1) presence.leave(null);
  const place = { site: '', post: 'a' };
  const room = (one = presence) => ({ place, presence: one, members: [], tell: (text: string) => told.push(text) });
  tellPresence([room(), room(createPresence())], 400_000, null);
  t.same(told, ['{"t":"here","count":991}']);
});

t.test('names are those of people, each once, as many as may be told', async (t) => {
  const presence = createPresence();
  const someone = (author: string | null, nick: string | null) => ({ author, nick, avatar: nick && 'fox' });
  t.same(presence.names(10, [someone('a', '하나'), someone('a', '하나'), someone('b', null), someone(null, null), someone('c', '셋')]), [{ author: 'a', nick: '하나', avatar: 'fox' }, { author: 'c', nick: '셋', avatar: 'fox' }]);
  t.equal(presence.names(100, Array.from({ length: 500 }, (_, i) => someone(`${i}`, '이름'))).length, 100);
});

t.test('a person holds four seats in a room and 32 in all; the newest gets one, and the oldest gives its own up', async (t) => {
  const seats = createSeats();
  const gone: string[] = [];
  const sit = (name: string, post: string, author: string | null = 'anna', site = '') => {
    const rise = seats.take(author, { site, post }, { giveUpSeat: () => { gone.push(name); rise(); } });
    return rise;
  };
  const [first] = ['1', '2', '3', '4'].map((name) => sit(name, 'a'));
  sit('of another person', 'a', 'ben');
  sit('on another site', 'a', 'anna', 'another');
  t.same(gone, []);
  first?.();
  first?.();
  sit('5', 'a');
  t.same(gone, [], 'a seat given back twice is one free seat');
  sit('6', 'a');
  t.same(gone, ['2']);
  for (let i = 6; i <= 32; i += 1) sit(`in room ${i}`, `room ${i}`);
  t.same(gone, ['2']);
  sit('one more', 'one more room');
  t.same(gone, ['2', '3']);
  for (let i = 0; i < 100; i += 1) sit('of nobody', 'a', null);
  t.same(gone, ['2', '3']);
});

t.test('the id others see is 80 bits in base32, the same for ever, another for each site and secret', async (t) => {
  const identity = createIdentity(['a secret of at least thirty-two letters']);
  const id = '3f2b8c1e-9d47-4a60-b5c2-7e18f0a9d364';
  t.same(identity.publicId('', id), identity.publicId('', id));
  t.match(identity.publicId('', id).author, /^[a-z2-7]{16}$/);
  t.equal(identity.publicId('', id).author, '7gjy4dozdcwdt4uy', 'computed by hand once: a change would make strangers of all readers');
  const ids = new Set<string>();
  for (let i = 0; i < 20_000; i += 1) ids.add(identity.publicId(i % 2 ? '' : 'site', `${id}${i >> 1}`).author);
  t.equal(ids.size, 20_000);
  t.not(identity.publicId('a', `b${id}`).author, identity.publicId('ab', id).author);
  const rotated = createIdentity(['another secret of at least 32 letters', 'a secret of at least thirty-two letters']);
  t.equal(rotated.publicId('', id).was, identity.publicId('', id).author, 'while secrets change, the old id is known');
  t.not(rotated.publicId('', id).author, identity.publicId('', id).author);
  t.throws(() => createIdentity([]));
});

t.test('of more rooms than one second may tell of, the others are told of in the next', async (t) => {
  const rooms = Array.from({ length: 2_500 }, (_, i) => ({ place: { site: '', post: `${i}` }, presence: createPresence(), members: [], tell() {} }));
  for (const { presence } of rooms) presence.enter('somebody');
  const told = new Set<string>();
  const counts = [0, 1_000, 2_000, 3_000].map((now) => {
    let count = 0;
    tellPresence(rooms, now, ({ post }) => { told.add(post); count += 1; });
    return count;
  });
  t.same(counts, [1_000, 1_000, 500, 0]);
  t.equal(told.size, 2_500);
});
