import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../../../dev/places.ts';
import { run } from '../../../dev/run.ts';
import type { Program } from './read.ts';

type Ran = { code: number | null; said: string; outputs: Record<string, string>; summary: string };

/** A repository with our scripts and what it is given, cloned from one beside it as a runner clones ours. */
export type Repository = {
  git(...args: string[]): Promise<string>;
  /** Of the one that it was cloned from. */
  origin(...args: string[]): Promise<string>;
  read(file: string): Promise<string>;
  write(files: Record<string, string>): Promise<void>;
  commit(says: string): Promise<void>;
  temp: string;
  /** Runs a step as a runner does. What it is given has to be named, all of it. */
  step(program: Program, given?: Record<string, string>): Promise<Ran>;
  close(): Promise<void>;
};

export async function openRepository(files: Record<string, string>): Promise<Repository> {
  const home = await mkdtemp(path.join(tmpdir(), 'aside-workflow-'));
  const [clone, bare, temp] = [path.join(home, 'clone'), path.join(home, 'origin.git'), path.join(home, 'temp')];
  await mkdir(temp);
  const env = { PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`, HOME: home, LC_ALL: 'C', GIT_CONFIG_NOSYSTEM: '1' };
  const inside = (folder: string) => async (...args: string[]) => {
    const { code, output } = await run('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args], { cwd: folder, env });
    if (code !== 0) throw new Error(`git ${args.join(' ')}: ${output}`);
    return output.trim();
  };
  const git = inside(clone);

  async function write(given: Record<string, string>): Promise<void> {
    for (const [file, text] of Object.entries(given)) {
      await mkdir(path.dirname(path.join(clone, file)), { recursive: true });
      await writeFile(path.join(clone, file), text);
    }
  }

  async function commit(says: string): Promise<void> {
    await git('add', '--all');
    await git('commit', '--quiet', '--allow-empty', '--message', says);
    await git('push', '--quiet', 'origin', 'main');
  }

  async function step({ at, run: text, given: named }: Program, given: Record<string, string> = {}): Promise<Ran> {
    const missing = named.filter((name) => name !== 'GH_TOKEN' && given[name] === undefined);
    if (missing.length > 0) throw new Error(`${at} is given ${missing.join(', ')} too`);
    const kept = { GITHUB_OUTPUT: path.join(home, 'output'), GITHUB_STEP_SUMMARY: path.join(home, 'summary'), GITHUB_ENV: path.join(home, 'env') };
    for (const file of Object.values(kept)) await writeFile(file, '');
    const script = path.join(home, 'step.sh');
    await writeFile(script, text);
    // What GitHub runs where no shell is named.
    const { code, output } = await run('bash', ['--noprofile', '--norc', '-e', script], { cwd: clone, env: { ...env, ...kept, RUNNER_TEMP: temp, GITHUB_WORKSPACE: clone, GITHUB_SHA: await git('rev-parse', 'HEAD'), ...given } });
    const outputs = Object.fromEntries((await readFile(kept.GITHUB_OUTPUT, 'utf8')).split('\n').filter(Boolean).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
    return { code, said: output, outputs, summary: await readFile(kept.GITHUB_STEP_SUMMARY, 'utf8') };
  }

  await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare], { env });
  await run('git', ['clone', '--quiet', bare, clone], { env });
  await git('switch', '--quiet', '--orphan', 'main');
  await cp(path.join(ROOT, '.github/scripts'), path.join(clone, '.github/scripts'), { recursive: true });
  await write(files);
  await commit('the beginning');
  return { git, origin: inside(bare), read: (file) => readFile(path.join(clone, file), 'utf8'), write, commit, temp, step, close: () => rm(home, { recursive: true, force: true }) };
}
