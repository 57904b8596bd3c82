import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrate } from '../src/log/migrate.ts';
import { openSql } from '../src/log/sql.ts';
import { printAsyncapi } from './asyncapi.ts';
import { weigh } from './bytes.ts';
import { startDatabase } from './database.ts';
import { environmentExample, withTable } from './environment.ts';
import { breaches } from './law.ts';
import { printDashboard, printManagedRules } from './monitoring.ts';
import { ROOT } from './places.ts';
import { withScale } from './scale.ts';
import { printSchema } from './schema.ts';
import { buildTap } from './tap.ts';
import { buildWidget } from './widget.ts';

/** `pnpm check`: what the house agreed on, as far as a machine can see it. `--fix` writes what is printed from elsewhere. */
const fixing = process.argv.includes('--fix');
process.chdir(ROOT);
await buildTap();

const checks: [name: string, run: () => Promise<string[]>][] = [
  ['types', async () => tool('tsc', ['-p', '.'])],
  ['lint', async () => tool('biome', ['check', '--error-on-warnings', '--max-diagnostics=50'])],
  ['import law', () => breaches(ROOT)],
  ['unused code', async () => tool('knip', ['--no-progress'])],
  ['empty catches', emptyCatches],
  ['schema dump', async () => same('sql/schema.sql', await schema())],
  ['wire contract', async () => same('server/src/protocol/asyncapi.json', await printAsyncapi())],
  ['environment', environment],
  ['sizes', async () => same('docs/scale.md', withScale(await readFile('docs/scale.md', 'utf8'), await readFile('server/bench/README.md', 'utf8')))],
  ['eyes', async () => [...(await same('k8s/monitoring/dashboard.json', printDashboard())), ...(await same('k8s/monitoring/managed-rules.yaml', printManagedRules(await readFile('k8s/monitoring/rules.yaml', 'utf8'))))]],
  ['lockfile', async () => ((await readFile('pnpm-lock.yaml', 'utf8')).includes('tarball:') ? ['pnpm-lock.yaml holds download addresses'] : [])],
  ['bytes', async () => { await buildWidget(ROOT, new AbortController().signal); return (await weigh()).faults; }],
];

let failed = 0;
for (const [name, run] of checks) {
  const faults = await run();
  process.stdout.write(`${faults.length === 0 ? '✓' : '✗'} ${name}\n${faults.map((line) => `    ${line}\n`).join('')}`);
  if (faults.length > 0) failed += 1;
}
process.stdout.write(failed === 0 ? 'All checks hold.\n' : `${failed} of ${checks.length} checks do not hold.\n`);
process.exit(failed === 0 ? 0 : 1);

function tool(name: string, args: string[]): string[] {
  const { status, stdout, stderr } = spawnSync(path.join('node_modules/.bin', name), args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return status === 0 ? [] : `${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== '');
}

/** A catch says why nothing is to be done, or does something. */
async function emptyCatches(): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob('{server,widget,embed-demo}/**/*.{ts,tsx}', { exclude: ['**/node_modules/**', '**/dist/**'] })) {
    const text = await readFile(file, 'utf8');
    if (/catch\s*(\([^)]*\))?\s*\{\s*\}|\.catch\(\s*\(\s*\)\s*=>\s*\{\s*\}\s*\)/.test(text)) found.push(`${file} swallows an error without a word`);
  }
  return found;
}

async function schema(): Promise<string> {
  const dir = path.join(tmpdir(), `aside-schema-${randomBytes(6).toString('hex')}`);
  const database = await startDatabase({ dir, tethered: true });
  try {
    const sql = openSql(database.url, { max: 1 });
    await migrate(sql);
    await sql.end({ timeout: 1 });
    return await printSchema(database.url);
  } finally {
    await database.close({ patience: 0 });
    await rm(dir, { recursive: true, force: true });
  }
}

async function environment(): Promise<string[]> {
  const readme = await readFile('README.md', 'utf8');
  return [...(await same('.env.example', environmentExample())), ...(await same('README.md', withTable(readme)))];
}

async function same(file: string, wanted: string): Promise<string[]> {
  const had = existsSync(file) ? await readFile(file, 'utf8') : '';
  if (had === wanted) return [];
  if (!fixing) return [`${file} is stale: run \`pnpm fix\``];
  await writeFile(file, wanted);
  return [];
}
