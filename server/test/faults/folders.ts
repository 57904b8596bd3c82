import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where a run keeps its database, and its logs beside it. Whatever is on the stack is closed by Ctrl-C too. */
export async function openFolders(stack: AsyncDisposableStack, name: string): Promise<{ dir: string; logDir: string }> {
  const dir = path.join(tmpdir(), `aside-${name}-${randomBytes(6).toString('hex')}`);
  const logDir = `${dir}-logs`;
  await mkdir(logDir, { recursive: true });
  const leave = (): void => void stack.disposeAsync().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, leave);
    stack.defer(() => void process.off(signal, leave));
  }
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  return { dir, logDir };
}
