import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import t from 'tap';

const MAIN = path.resolve(import.meta.dirname, '../../src/main.ts');

t.test('told to stop while it still waits for its database, it ends at once and by itself', async (t) => {
  const silent = createServer();
  t.teardown(() => silent.close());
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const address = silent.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, DATABASE_URL: `postgres://127.0.0.1:${port}/aside`, IDENTITY_SECRET: 'a secret for tests that has enough letters', PORT: '0', METRICS_PORT: '0' },
    stdio: 'ignore',
  });
  t.teardown(() => child.kill('SIGKILL'));
  const [asking]: [Socket] = await (once(silent, 'connection') as Promise<[Socket]>);
  t.teardown(() => asking.destroy());
  asking.on('error', () => asking.destroy());
  const began = performance.now();
  child.kill('SIGTERM');
  // Ended by the signal itself, there would be no code: as the first process of a container it would not have ended at all.
  t.same(await once(child, 'exit'), [0, null]);
  t.ok(performance.now() - began < 1_000);
});
