import t from 'tap';
import { piecesOf } from '../../src/admin/pieces.ts';

const lineOf = (n: number, re?: number): string => JSON.stringify({ n, text: `말 ${String(n).padStart(3, '0')}`, ...(re && { re }) });

t.test('a short file is one piece, its empty lines left out and its lines known by their place', async (t) => {
  t.same(piecesOf(`{"aside":1}\r\n\n${lineOf(1)}\n`), [{ text: `{"aside":1}\n${lineOf(1)}`, at: [1, 3] }]);
  t.same(piecesOf('\n \n'), []);
});

t.test('of a long one every line comes once, in order, and brings along what it answers', async (t) => {
  const lines = Array.from({ length: 200 }, (_, i) => lineOf(i + 1, i > 0 && i % 3 === 0 ? 1 + ((i * 7) % i) : undefined));
  const most = 600;
  const pieces = piecesOf(lines.join('\n'), most);
  t.ok(pieces.length > 5);
  const came = new Set<number>();
  for (const { text, at } of pieces) {
    t.ok(text.length <= most + at.length, `${text.length}`);
    t.same(at, [...at].sort((a, b) => a - b));
    t.same(text.split('\n'), at.map((i) => lines[i - 1]));
    const here = new Set(at);
    for (const i of at.filter((one) => !came.has(one))) {
      const { re } = JSON.parse(lines[i - 1] ?? '') as { re?: number };
      if (re) t.ok(here.has(re), `${i} finds ${re}`);
    }
    for (const i of at) came.add(i);
  }
  t.equal(came.size, lines.length);
  const fresh = pieces.flatMap(({ at }, k) => at.filter((i) => !pieces.slice(0, k).some((one) => one.at.includes(i))));
  t.same(fresh, lines.map((_, i) => i + 1));
});

t.test('what is no line is sent as it is', async (t) => {
  t.same(piecesOf('{"n":\nnull\n[]'), [{ text: '{"n":\nnull\n[]', at: [1, 2, 3] }]);
});
