/** One line of a plot: its name and its points, both above zero. */
export type Line = { name: string; points: readonly { x: number; y: number; /** What the middle is of. */ spread?: readonly [number, number] }[] };
export type Plot = { title: string; x: string; y: string; lines: readonly Line[] };

const WIDTH = 720;
const HEIGHT = 440;
const LEFT = 64;
const RIGHT = 128;
const TOP = 48;
const BOTTOM = 56;
/** Told apart by colour-blind eyes too (Okabe and Ito); ours first. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00'];
const LABEL_GAP = 16;

/** Both axes are logarithmic: what is compared are ratios. Drawn on white, so that it can be read on any page. */
export function drawPlot({ title, x, y, lines }: Plot): string {
  const points = lines.flatMap((line) => line.points);
  const across = axis(points.map((point) => point.x), LEFT, WIDTH - RIGHT);
  const up = axis(points.flatMap((point) => [point.y, ...(point.spread ?? [])]), HEIGHT - BOTTOM, TOP);
  const xs = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b);
  const labels = spread(lines.map(({ points: own }) => up.at(own.at(-1)?.y ?? up.ticks[0] ?? 1)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13" fill="#333" role="img" aria-label="${escapeXml(title)}">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text x="${LEFT}" y="26" font-size="16" font-weight="600">${escapeXml(title)}</text>
${up.ticks.map((tick) => `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${up.at(tick)}" y2="${up.at(tick)}" stroke="#e5e5e5"/><text x="${LEFT - 8}" y="${up.at(tick) + 4}" text-anchor="end">${tick}</text>`).join('\n')}
${xs.map((tick) => `<text x="${across.at(tick)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${tick}</text>`).join('\n')}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 12}" text-anchor="middle">${escapeXml(x)}</text>
<text transform="translate(18 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${escapeXml(y)}</text>
${lines.map(({ name, points: own }, i) => `<g stroke="${COLOURS[i % COLOURS.length]}" fill="none" stroke-width="2">
${own.map(({ x: at, spread: ends }) => (ends ? `<line x1="${across.at(at)}" x2="${across.at(at)}" y1="${up.at(ends[0])}" y2="${up.at(ends[1])}" stroke-width="1"/>` : '')).join('')}
<polyline points="${own.map((point) => `${across.at(point.x)},${up.at(point.y)}`).join(' ')}"/>
${own.map((point) => `<circle cx="${across.at(point.x)}" cy="${up.at(point.y)}" r="3.5" fill="#fff"/>`).join('')}
</g><text x="${WIDTH - RIGHT + 10}" y="${(labels[i] ?? 0) + 4}" font-weight="${i === 0 ? 700 : 400}">${escapeXml(name)}</text>`).join('\n')}
</svg>
`;
}

/** From values to places between two ends, and the round values (1, 2 and 5 of each ten) that lie among them. */
function axis(values: readonly number[], from: number, to: number): { at(value: number): number; ticks: number[] } {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const ticks: number[] = [];
  for (let ten = 10 ** Math.floor(Math.log10(low)); ten <= high * 10; ten *= 10) {
    for (const step of [1, 2, 5]) ticks.push(Number((ten * step).toPrecision(1)));
  }
  const first = ticks.findLast((tick) => tick <= low) ?? low;
  const last = ticks.find((tick) => tick >= high) ?? high;
  const span = Math.log(last / first) || 1;
  return { at: (value) => Math.round((from + ((to - from) * Math.log(value / first)) / span) * 10) / 10, ticks: ticks.filter((tick) => tick >= first && tick <= last) };
}

/** Places for labels, in their order and no nearer than a line of text. */
function spread(wanted: readonly number[]): number[] {
  const places = [...wanted];
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  for (let k = 1; k < order.length; k += 1) {
    const [before, own] = [order[k - 1] ?? 0, order[k] ?? 0];
    places[own] = Math.max(places[own] ?? 0, (places[before] ?? 0) + LABEL_GAP);
  }
  return places;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
}
