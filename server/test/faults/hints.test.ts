import t from 'tap';
import { createHintShim, findEnd, type Mischief } from './hints.ts';
import { seedRandom } from './random.ts';

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const hint = (text: string, kind = '>'): string => `${kind}3\r\n${bulk('smessage')}${bulk('aside\nroom\n\npost')}${bulk(text)}`;
const none = (): Mischief => ({ lost: 0, doubled: 0, reordered: 0 });

t.test('where a value of RESP ends, whatever it is and wherever it is cut', async (t) => {
  const values = ['+OK\r\n', ':12\r\n', '$-1\r\n', '$0\r\n\r\n', bulk('한글\r\n'), '*0\r\n', `*2\r\n${bulk('a')}:1\r\n`, `%1\r\n${bulk('a')}*1\r\n,1.5\r\n`, `|1\r\n+a\r\n+b\r\n:7\r\n`, '_\r\n', '#t\r\n', hint('x')];
  for (const value of values) {
    const bytes = Buffer.from(`${value}+next\r\n`);
    t.equal(findEnd(bytes, 0), Buffer.byteLength(value), JSON.stringify(value));
    for (let cut = 0; cut < Buffer.byteLength(value); cut += 1) if (findEnd(bytes.subarray(0, cut), 0) !== -1) t.fail(`${JSON.stringify(value)} cut at ${cut}`);
  }
});

t.test('what is no hint passes to the letter, and hints meet what is asked', async (t) => {
  const others = `+PONG\r\n>3\r\n${bulk('smessage')}${bulk('aside\nprobe\n1')}${bulk('5')}`;
  const run = (asked: Partial<Mischief>, text: string): { out: string; done: Mischief } => {
    const done = none();
    let out = '';
    const shim = createHintShim({ ...none(), ...asked }, done, seedRandom(1));
    for (const byte of Buffer.from(text)) shim(Buffer.from([byte]), (bytes) => { out += bytes; });
    return { out, done };
  };
  const text = `${others}${hint('a')}${hint('b', '*')}${others}`;
  t.same(run({}, text), { out: text, done: none() });
  t.same(run({ lost: 1 }, text), { out: others + others, done: { ...none(), lost: 2 } });
  t.same(run({ doubled: 1 }, text), { out: `${others}${hint('a')}${hint('a')}${hint('b', '*')}${hint('b', '*')}${others}`, done: { ...none(), doubled: 2 } });
  const late = run({ reordered: 1 }, text);
  t.same(late, { out: others + others, done: { ...none(), reordered: 2 } });
});
