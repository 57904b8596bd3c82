import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

/** The clone this file lies in. */
export const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** Where this clone keeps what must survive a restart. Root's lies where the user it lends the database to can reach it. */
export async function openDataDir(root = ROOT): Promise<string> {
  const dir = process.getuid?.() === 0 ? path.join('/var/lib/aside', nameOf(root)) : path.join(root, '.data');
  try {
    await mkdir(dir, { recursive: true, mode: 0o755 });
  } catch (error) {
    throw new Error(`The data folder ${dir} cannot be made (${(error as Error).message}): start as the user who owns this clone.`);
  }
  return dir;
}

export function nameOf(root: string): string {
  return createHash('sha256').update(root).digest('hex').slice(0, 12);
}
