import { glob, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { programs } from './programs.ts';
import { startDatabase } from './database.ts';
import { ROOT } from './places.ts';
import { buildTap, runTap } from './tap.ts';
import { buildWidget } from './widget.ts';

/** `pnpm test [files…]`: every test on real parts, and a last line that counts them. */
const began = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

process.chdir(ROOT);
await buildTap();
await buildWidget(ROOT, new AbortController().signal);

const asked = process.argv.slice(2).filter((one) => one !== '--');
const files = asked.length > 0 ? asked : await Array.fromAsync(glob('{server,widget,embed-demo}/test/**/*.test.ts', { exclude: ['**/node_modules/**'] }));
const left = new Map<string, string>();
for (const { name, ending, remedy, find } of programs) {
  const needing = files.filter((file) => file.endsWith(ending));
  if (needing.length > 0 && !(await find())) for (const file of needing) left.set(file, `needs ${name}. ${remedy} brings it back.`);
}

const dir = path.join(tmpdir(), `aside-tests-${randomBytes(6).toString('hex')}`);
const database = await startDatabase({ dir, tethered: true, settings: { max_connections: '300' } });
let tally = { passed: 0, failed: 1, skipped: 0, broken: [] as string[] };
try {
  const env = { ...process.env, TEST_DATABASE_URL: database.url };
  tally = await runTap(['--jobs=2', ...files.filter((file) => !left.has(file)).sort()], env, say);
} finally {
  await database.close({ patience: 0 });
  await rm(dir, { recursive: true, force: true });
}
for (const [file, why] of left) say(`skipped ${file}: ${why}`);
const skipped = tally.skipped + left.size;
for (const file of tally.broken) say(`failed ${file}`);
say(`${((performance.now() - began) / 1_000).toFixed(0)} s`);
say(`${tally.passed} passed, ${tally.failed} failed, ${skipped} skipped`);
// In CI nothing may be missing: a skipped test there is one that nobody runs.
process.exit(tally.failed > 0 || (process.env.CI && skipped > 0) ? 1 : 0);
