import { glob, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findChromium } from './chromium.ts';
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
const chromium = await findChromium();
const left = chromium ? [] : files.filter((file) => file.endsWith('.browser.test.ts'));

const dir = path.join(tmpdir(), `aside-tests-${randomBytes(6).toString('hex')}`);
const database = await startDatabase({ dir, tethered: true, settings: { max_connections: '300' } });
let tally = { passed: 0, failed: 1, skipped: 0, broken: [] as string[] };
try {
  const env = { ...process.env, TEST_DATABASE_URL: database.url, ...(chromium ? { CHROMIUM: chromium } : {}) };
  tally = await runTap(['--jobs=2', ...files.filter((file) => !left.includes(file)).sort()], env, say);
} finally {
  await database.close({ patience: 0 });
  await rm(dir, { recursive: true, force: true });
}
for (const file of left) say(`skipped ${file}: needs Chromium. \`sudo apt-get install chromium\`, or CHROMIUM=/path/to/it, brings it back.`);
const skipped = tally.skipped + left.length;
for (const file of tally.broken) say(`failed ${file}`);
say(`${((performance.now() - began) / 1_000).toFixed(0)} s`);
say(`${tally.passed} passed, ${tally.failed} failed, ${skipped} skipped`);
// In CI nothing may be missing: a skipped test there is one that nobody runs.
process.exit(tally.failed > 0 || (process.env.CI && skipped > 0) ? 1 : 0);
