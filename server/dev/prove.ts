import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './places.ts';
import { type Proof, proofs } from './proofs.ts';

/** `pnpm prove [NAME…] [--share 0.02] [--seed 7] [--no-clock]`: shows that a promise holds, on the real thing. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { share: { type: 'string', default: '1' }, seed: { type: 'string' }, 'no-clock': { type: 'boolean', default: false } },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const names = positionals.filter((one) => one !== '--');
const chosen = names.length > 0 ? names : Object.keys(proofs);
const unknown = chosen.filter((name) => !(name in proofs));
if (unknown.length > 0) {
  say(`There is no proof named ${unknown.join(', ')}. There are: ${Object.keys(proofs).join(', ')}.`);
  process.exit(2);
}
const HEAD = `# Proof

What the product promises, and the newest full run of the command that shows it. Written by \`pnpm prove\`, on ${cpus().length} cores, Linux ${release()}, Node ${process.version}.

| promise | command | seed | count | figure | commit |
|---|---|---|---|---|---|
`;
const share = Number(values.share);
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
const clock = !values['no-clock'];
const failed: string[] = [];
const leftOut: string[] = [];
// Where no clock judges, one waits while another works; what takes long begins first.
const queue = clock ? [...chosen] : chosen.toSorted((a, b) => Number(proofs[b]?.long ?? false) - Number(proofs[a]?.long ?? false));
await Promise.all(Array.from({ length: clock ? 1 : 2 }, async () => {
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) await proveOne(name, proofs[name] as Proof);
}));
say(failed.length === 0 ? `${chosen.length - leftOut.length} hold${leftOut.length > 0 ? `, ${leftOut.length} left out` : ''}` : `does not hold: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);

async function proveOne(name: string, proof: Proof): Promise<void> {
  const reason = proof.needsClock && !clock ? 'needs a clock' : proof.whole && share < 1 && !names.includes(name) ? 'has no parts' : null;
  if (reason !== null) {
    leftOut.push(name);
    return say(`– ${name}: ${reason}, left out`);
  }
  say(`… ${name}: ${proof.promise} (seed ${seed}, share ${share})`);
  const began = performance.now();
  const result = await (await proof.load()).prove({ share, seed, clock, say: (line) => say(`  ${clock ? '' : `${name}: `}${line}`) }).catch((error: Error) => ({ ok: false, count: 0, figure: error.stack ?? String(error) }));
  if (!result.ok) failed.push(name);
  say(`${result.ok ? '✓' : '✗'} ${name}: ${result.figure} (${((performance.now() - began) / 1_000).toFixed(0)} s)`);
  if (share === 1 && clock) await record(name, result);
}

/** Full runs leave a row, of failures too. */
async function record(name: string, { ok, count, figure }: { ok: boolean; count: number; figure: string }): Promise<void> {
  const file = path.join(ROOT, 'docs/proof.md');
  if (!existsSync(file)) await writeFile(file, HEAD);
  const commit = execFileSync('git', ['rev-parse', '--short=10', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const changed = execFileSync('git', ['status', '--porcelain', '--', 'server', 'widget', 'sql', 'embed-demo', ':!server/bench/README.md'], { cwd: ROOT, encoding: 'utf8' }).trim() === '' ? '' : ' + changes';
  const row = `| ${ok ? '✓' : '✗'} ${name} | \`pnpm prove ${name}\` | ${seed} | ${count.toLocaleString('en')} | ${figure.split('\n')[0]?.replaceAll('|', '/')} | ${commit}${changed} |\n`;
  const rows = (await readFile(file, 'utf8')).split('\n').filter((line) => !/^\| [✓✗] /.test(line) || !line.includes(`\`pnpm prove ${name}\``)).join('\n');
  await writeFile(file, `${rows.trimEnd()}\n`);
  await appendFile(file, row);
}
