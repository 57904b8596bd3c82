import { spawn } from 'node:child_process';
import path from 'node:path';
import t from 'tap';
import { openDatabase } from '../support/database.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/main.ts');
/** Preloaded: a signal makes the process throw where nobody catches. */
const BOMB = `data:text/javascript,process.on('SIGUSR1', () => { setImmediate(() => { throw new Error('a bug nobody foresaw'); }); });`;

t.test('an uncaught error is logged once and ends the process non-zero within 2 s (NFR-301)', async (t) => {
  const database = await openDatabase();
  t.teardown(database.close);
  const child = spawn(process.execPath, ['--import', BOMB, MAIN], {
    env: { ...process.env, DATABASE_URL: database.url, IDENTITY_SECRET: 'a secret for tests that has enough letters', PORT: '0', METRICS_PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  let out = '';
  const listening = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        out += text;
        if (out.includes('listening')) resolve();
      });
    }
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await listening;
  const began = performance.now();
  child.kill('SIGUSR1');
  t.not(await ended, 0);
  t.ok(performance.now() - began < 2_000);
  t.equal(out.split('\n').filter((line) => line.includes('a bug nobody foresaw')).length, 1);
});
