import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../dev/places.ts';
import { run } from '../dev/run.ts';

const VERSION = '1.4.5';

/** Bun's own program, fetched from the registry the first time: 90 MB that nobody needs who does not measure. */
export async function findBun(): Promise<string> {
  const dir = path.join(ROOT, 'node_modules/.cache/aside-bun');
  const name = `bun-${process.platform}-${process.arch === 'arm64' ? 'aarch64' : 'x64'}`;
  const file = path.join(dir, 'node_modules/@oven', name, 'bin/bun');
  if (await access(file).then(() => true, () => false)) return file;
  await mkdir(dir, { recursive: true });
  const { code, output } = await run('npm', ['install', '--prefix', dir, '--no-save', '--ignore-scripts', `@oven/${name}@${VERSION}`], { env: process.env });
  if (code !== 0) throw new Error(`Bun could not be fetched: ${output}`);
  return file;
}
