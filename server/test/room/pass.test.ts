import t from 'tap';
import { createRoom, type Member, type Room } from '../../src/room/room.ts';
import { createShed } from '../../src/room/shed.ts';
import { createTail } from '../../src/room/tail.ts';
import { until } from '../support/until.ts';
import { Model } from './model.ts';

/** As many as a pass serves before it lets others have a turn, twice. */
const READERS = 1_000;
const ROUNDS = 3;
type Span = { from: number; to: number };

function enter(room: Room): Member & { spans: Span[] } {
  const spans: Span[] = [];
  const member = { at: room.tail.head.rev, author: null, nick: null, avatar: null, full: false, deflates: false, spans, write: (bytes: Uint8Array) => void spans.push(JSON.parse(Buffer.from(bytes).toString()) as Span), fallBehind() {} };
  room.join(member);
  return member;
}

t.test('who is caught up in the midst of a pass gets every row once', async (t) => {
  const model = new Model();
  const say = (): void => room.take(model.apply({ do: 'say', pick: 0, size: 1, together: 3 }));
  model.apply({ do: 'say', pick: 0, size: 1, together: 3 });
  const room = createRoom({ site: '', post: 'pass' }, createTail(model.read()), { encode: (text) => Buffer.from(text), deflate: (text) => Buffer.from(text), now: () => performance.now(), shed: createShed([]), delivered() {} });
  t.teardown(() => room.close());
  const members = Array.from({ length: READERS }, () => enter(room));
  const last = members.at(-1) as (typeof members)[number];
  const middle = members[READERS / 2 - 1] as typeof last;
  let rounds = ROUNDS;
  // Before the pass goes on from its middle more comes, and the last one is caught up for another reason.
  middle.write = () => {
    if (rounds > 0) setImmediate(() => { say(); room.catchUp(last); say(); });
    rounds -= 1;
  };
  say();
  t.ok(await until(() => rounds <= 0 && members.every(({ at }) => at === room.tail.head.rev), 5_000));
  for (const { spans } of [last, members[0] as typeof last]) {
    t.ok(spans.length >= ROUNDS);
    for (const [i, { from }] of spans.entries()) if (i > 0) t.equal(from, spans[i - 1]?.to);
  }
});
