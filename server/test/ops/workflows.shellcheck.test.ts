import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import t from 'tap';
import { ROOT } from '../../dev/places.ts';
import { run } from '../../dev/run.ts';
import { programsOf, readWorkflows } from './workflows/read.ts';

const check = (...files: string[]) => run('shellcheck', files, { cwd: ROOT, env: process.env });

t.test('every script of the pipelines and every step holds before ShellCheck, and one that does not is seen', async (t) => {
  const scripts = await run('bash', ['-c', 'ls .ci/run .github/scripts/*.sh'], { cwd: ROOT });
  t.match(await check(...scripts.output.trim().split('\n')), { code: 0, output: '' });
  const home = await mkdtemp(path.join(tmpdir(), 'aside-shellcheck-'));
  t.teardown(() => rm(home, { recursive: true, force: true }));
  const step = path.join(home, 'step.sh');
  for (const { at, run: text } of programsOf(await readWorkflows())) {
    await writeFile(step, `#!/usr/bin/env bash\n${text}\n`);
    t.match(await check(step), { code: 0, output: '' }, at);
  }
  await writeFile(step, '#!/usr/bin/env bash\nrm -rf $1/*\n');
  t.match(await check(step), { code: 1, output: /SC2086/ });
});
