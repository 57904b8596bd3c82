import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { claim } from '../../dev/lock.ts';

t.test('one process holds a folder, and a second is told who', async (t) => {
  const dir = t.testdir({});
  const file = path.join(dir, 'start.pid');
  const release = await claim(file);
  await t.rejects(claim(file), { message: new RegExp(`^Aside already runs from this folder \\(process ${process.pid}\\): open it .* or \`kill ${process.pid}\`\\.$`) });
  t.same(await readdir(dir), ['start.pid']);
  await release();
  t.equal(existsSync(file), false);
  await (await claim(file))();
});

t.test('of many that come at once, one wins', async (t) => {
  const file = path.join(t.testdir({}), 'start.pid');
  const tries = await Promise.allSettled([1, 2, 3, 4].map(() => claim(file)));
  t.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
});

t.test('the claim of a process that is gone does not count, even when its number lives on in another', async (t) => {
  const file = path.join(t.testdir({}), 'start.pid');
  for (const left of [`${process.pid} another boot 12345`, '2147483647 boot 1', '', 'nonsense']) {
    await writeFile(file, left);
    await (await claim(file))();
  }
});
