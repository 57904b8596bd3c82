import t from 'tap';
import { createStore, type Source } from '../../src/stream/store.ts';

function source(): Source & { push(text: string): void; end(): void; fail(): void } {
  const stream = new TransformStream<Uint8Array>(undefined, undefined, { highWaterMark: 100 });
  const writer = stream.writable.getWriter();
  writer.closed.catch(() => 'it is to fail');
  return {
    status: 200, headers: {}, body: stream.readable,
    push: (text) => void writer.write(Buffer.from(text)).catch(() => 'it is to fail'),
    end: () => void writer.close(),
    fail: () => void writer.abort(new Error('the origin is gone')),
  };
}

t.test('what arrives is given to all who ask, from the first byte, and fetched once', async (t) => {
  const store = createStore(1_000, () => 0);
  const coming = source();
  let fetched = 0;
  const ask = () => store.get('a', 900_000, async () => { fetched += 1; return coming; });
  const [one, two] = await Promise.all([ask(), ask()]);
  const reader = one.read()[Symbol.asyncIterator]();
  coming.push('first ');
  t.equal(Buffer.from((await reader.next()).value).toString(), 'first ', 'before the rest is there');
  coming.push('second');
  coming.end();
  t.equal((await two.all()).toString(), 'first second');
  t.equal(Buffer.from((await reader.next()).value).toString(), 'second');
  t.equal((await reader.next()).done, true);
  t.equal((await (await ask()).all()).toString(), 'first second');
  t.equal(fetched, 1);
  t.equal(store.bytes, 12);
});

t.test('it holds no more than it may, lets go of what was not asked for the longest, and keeps what still arrives', async (t) => {
  const store = createStore(25, () => 0);
  let fetched = '';
  const ask = async (name: string, coming: Source) => store.get(name, 900_000, async () => { fetched += name; return coming; });
  const open = source();
  await ask('o', open);
  open.push('0123456789');
  for (const name of 'abc') {
    const coming = source();
    const piece = await ask(name, coming);
    coming.push('0123456789');
    coming.end();
    await piece.all();
  }
  t.ok(store.bytes <= 25, `${store.bytes} bytes`);
  fetched = '';
  await ask('c', source());
  await ask('o', source());
  t.equal(fetched, '', 'the newest and what still arrives are there');
  await ask('a', source());
  t.equal(fetched, 'a');
});

t.test('what failed fails for all who waited, is not asked for again at once, and then is', async (t) => {
  let now = 0;
  const store = createStore(1_000, () => now);
  const coming = source();
  let fetched = 0;
  const ask = () => store.get('a', 900_000, async () => { fetched += 1; return fetched === 1 ? coming : { status: 200, headers: {}, body: (async function* () { yield Buffer.from('there'); })() }; });
  const piece = await ask();
  coming.push('half');
  coming.fail();
  await t.rejects(piece.all(), /the origin is gone/);
  await t.rejects((await ask()).all(), /the origin is gone/);
  t.equal(fetched, 1);
  now = 1_001;
  t.equal((await (await ask()).all()).toString(), 'there');
  const other = createStore(1_000, () => now);
  await t.rejects(other.get('b', 900_000, async () => { throw new Error('no way there'); }), /no way there/);
  await t.rejects(other.get('b', 900_000, async () => source()), /no way there/);
});
