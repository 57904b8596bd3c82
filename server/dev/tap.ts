import { spawn } from 'node:child_process';
import { mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from './places.ts';

const TAP = path.join(ROOT, 'node_modules/tap/dist/esm/run.mjs');

/** What the runner's own output says: sentences that held, that did not, that were skipped. */
export type Tally = { passed: number; failed: number; skipped: number; broken: string[] };

/**
 * Runs test files and shows one line a file; what fails is shown in full.
 * A file that crashed or held no sentence counts as a failure.
 */
export async function runTap(args: readonly string[], env: NodeJS.ProcessEnv, show: (line: string) => void): Promise<Tally> {
  const child = spawn(process.execPath, [TAP, 'run', '--reporter=tap', ...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const reader = readTap(show);
  let rest = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) reader.line(line);
  }
  const code = child.exitCode ?? (await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1))));
  return reader.end(code);
}

/** tap makes its `t` from its plugins once after every install; until then its types and its runner lack them. */
export async function buildTap(): Promise<void> {
  const stamp = path.join(ROOT, '.tap/.built');
  const installed = await stat(path.join(ROOT, 'node_modules/.modules.yaml'));
  const built = await stat(stamp).catch(() => null);
  if (built && built.mtimeMs >= installed.mtimeMs) return;
  const child = spawn(process.execPath, [TAP, 'build'], { cwd: ROOT, stdio: 'ignore' });
  await new Promise((resolve) => child.once('close', resolve));
  await mkdir(path.dirname(stamp), { recursive: true });
  await writeFile(stamp, '');
  await utimes(stamp, new Date(), new Date());
}

type Reader = { line(line: string): void; end(exitCode: number): Tally };

function readTap(show: (line: string) => void): Reader {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0, broken: [] };
  let sentences = 0;
  let failedHere = 0;
  let said: string[] = [];

  function endFile(ok: boolean, name: string, time: string): void {
    if (sentences === 0) show(`✗ ${name}: holds no sentence or crashed`);
    else show(`${ok ? '✓' : '✗'} ${name} (${sentences} sentences${time})`);
    if (!ok || sentences === 0) {
      for (const line of said) show(`  ${line}`);
      tally.broken.push(name);
      if (failedHere === 0) tally.failed += 1;
    }
    sentences = failedHere = 0;
    said = [];
  }

  return {
    line(line) {
      const file = line.match(/^(not )?ok \d+ - (\S+)(?: # time=([\d.]+)ms)?/);
      if (file) return endFile(!file[1], file[2] ?? '', file[3] ? `, ${(Number(file[3]) / 1_000).toFixed(1)} s` : '');
      said.push(line);
      const sentence = line.match(/^ {4}(not )?ok \d+ - (.*)/);
      if (!sentence) return;
      sentences += 1;
      if (/ # (SKIP|TODO)/i.test(sentence[2] ?? '')) tally.skipped += 1;
      else if (sentence[1]) {
        tally.failed += 1;
        failedHere += 1;
      } else tally.passed += 1;
    },
    end(exitCode) {
      if (exitCode !== 0 && tally.failed === 0) {
        tally.failed += 1;
        for (const line of said) show(`  ${line}`);
      }
      if (tally.passed + tally.failed === 0) tally.failed += 1;
      return tally;
    },
  };
}
