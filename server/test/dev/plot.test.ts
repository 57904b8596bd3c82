import t from 'tap';
import { drawPlot } from '../../bench/plot.ts';

t.test('a plot names every line, no two names on top of each other, and lies within its picture', async (t) => {
  const lines = [5, 5.1, 5.2, 0.02].map((y, i) => ({ name: `<${i}>`, points: [{ x: 1, y: y * 3, spread: [y * 2, y * 4] as const }, { x: 500, y }] }));
  const svg = drawPlot({ title: 'a & b', x: 'x', y: 'y', lines });
  const names = [...svg.matchAll(/y="([\d.]+)"[^>]*>&#60;(\d)&#62;</g)].map(([, y, name]) => ({ y: Number(y), name }));
  t.same(names.map(({ name }) => name), ['0', '1', '2', '3']);
  const places = names.map(({ y }) => y).sort((a, b) => a - b);
  t.ok(places.every((y, i) => i === 0 || y - (places[i - 1] ?? 0) >= 16), `${places}`);
  for (const [, y] of svg.matchAll(/ (?:y|y1|y2|cy)="([-\d.]+)"/g)) t.ok(Number(y) >= 0 && Number(y) <= 440, `${y}`);
  t.notMatch(svg, /NaN|Infinity|a & b/);
});
