import { constants } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { OpsError } from './refusal.ts';
import { demandTool, runTool, toolsEnv } from './tools.ts';

/** `backup FILE`: the whole database as `pg_dump` writes it, under its name only when it is whole. Never over a file that is there. */
export async function backup(url: string, [file, ...more]: string[], say: (line: string) => void): Promise<boolean> {
  if (!file || more.length > 0) throw new OpsError('usage', 'Say where to: backup FILE');
  if (await access(file, constants.F_OK).then(() => true, () => false)) throw new OpsError('exists', `${file} is there already, and stays as it is.`);
  await demandTool('pg_dump', url);
  const part = `${file}.part`;
  process.umask(0o077);
  try {
    await runTool('pg_dump', ['--format=custom', `--file=${part}`], toolsEnv(url));
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
  say(file);
  return true;
}
