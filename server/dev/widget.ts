import { existsSync } from 'node:fs';
import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { run } from './run.ts';

/** Builds the widget unless its last build is younger than everything it is made of; tells whether it did. */
export async function buildWidget(root: string, signal: AbortSignal): Promise<boolean> {
  const widget = path.join(root, 'widget');
  const stamp = path.join(widget, 'dist', '.built');
  const began = new Date();
  const sources = [widget, path.join(root, 'server/src/protocol'), path.join(root, 'pnpm-lock.yaml')];
  const builtAt = existsSync(stamp) ? (await stat(stamp)).mtimeMs : 0;
  if (builtAt >= Math.floor(Math.max(...(await Promise.all(sources.map(changedAt)))))) return false;
  const vite = path.join(path.dirname(createRequire(path.join(widget, 'package.json')).resolve('vite/package.json')), 'bin', 'vite.js');
  const { code, output, error } = await run(process.execPath, [vite, 'build', widget, '--logLevel', 'warn'], { cwd: root, signal, env: process.env });
  if (code !== 0) throw new Error(`The widget could not be built: ${output.trim() || error?.message}`);
  await writeFile(stamp, '');
  await utimes(stamp, began, began);
  return true;
}

const MADE_BY_TOOLS = new Set(['node_modules', 'dist', 'test', '.tap']);

/** The last change below `place`; a folder's own time counts too, since it moves when something in it is deleted. */
async function changedAt(place: string): Promise<number> {
  const entry = await stat(place);
  if (!entry.isDirectory()) return entry.mtimeMs;
  const names = (await readdir(place)).filter((name) => !MADE_BY_TOOLS.has(name));
  const below = await Promise.all(names.map((name) => changedAt(path.join(place, name))));
  // Making dist moves the time of the folder around it.
  return Math.max(names.includes('package.json') ? 0 : entry.mtimeMs, ...below);
}
