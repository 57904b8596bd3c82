import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import path from 'node:path';

const ORDER = ['append', 'acks', 'fan-out', 'native', 'rooms', 'wire', 'memory', 'crowd', 'machine', 'stopped', 'units', 'serving', 'viewers'] as const;
export type Section = (typeof ORDER)[number];

const FILE = path.join(import.meta.dirname, 'README.md');
const HEAD = `# Benchmarks

Written by \`pnpm bench\` and by full runs of \`pnpm prove ${ORDER.join(' ')}\`. The server is the one that \`pnpm start\` runs; only its caps are lifted, by their settings (\`ours.ts\` lists them). The cores are shared with the readers and senders: trust the ratios, not the absolute figures.
`;

/** Puts a section with fresh figures in the place of its last ones, and says where they come from. `plot`: an SVG, kept beside it. */
export function report(section: Section, text: string, plot?: string): void {
  const commit = execFileSync('git', ['rev-parse', '--short=10', 'HEAD'], { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  const where = `\`pnpm bench ${section}\` on ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}, Node ${process.version}, commit ${commit}.`;
  const sections = new Map([...(existsSync(FILE) ? readFileSync(FILE, 'utf8') : '').matchAll(/<!-- ([a-z-]+) -->\n([\s\S]*?)<!-- \/\1 -->/g)].map(([, name = '', body = '']) => [name, body]));
  if (plot) writeFileSync(path.join(path.dirname(FILE), `${section}.svg`), plot);
  const picture = plot ? `\n\n![${section}: what the table says, as a plot](${section}.svg)` : '';
  sections.set(section, `${text.trim()}${picture}\n\n${where}\n`);
  writeFileSync(FILE, [HEAD, ...ORDER.flatMap((name) => (sections.has(name) ? [`<!-- ${name} -->\n${sections.get(name)}<!-- /${name} -->\n`] : []))].join('\n'));
}
