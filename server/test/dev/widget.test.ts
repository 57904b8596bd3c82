import { existsSync } from 'node:fs';
import { rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { buildWidget } from '../../dev/widget.ts';

const VITE = `import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
const widget = process.argv[3];
if (process.env.ASIDE_TEST_BROKEN) { console.error('line 3 makes no sense'); process.exit(1); }
mkdirSync(path.join(widget, 'dist'), { recursive: true });
writeFileSync(path.join(widget, 'dist', 'index.html'), '<!doctype html>');`;

t.test('the widget is built when something it is made of is younger than its build', async (t) => {
  const root = t.testdir({
    'pnpm-lock.yaml': '',
    server: { src: { protocol: { 'limits.ts': '' } } },
    widget: {
      'package.json': '{}',
      src: { ui: { 'room.tsx': '', 'old.tsx': '' } },
      test: { 'room.test.ts': '' },
      node_modules: { vite: { 'package.json': '{"type":"module"}', bin: { 'vite.js': VITE } } },
    },
  });
  const within = (name: string) => path.join(root, name);
  const build = () => buildWidget(root, new AbortController().signal);
  const change = (name: string) => utimes(within(name), new Date(Date.now() + 3_600_000), new Date(Date.now() + 3_600_000));
  const settle = (name: string) => utimes(within(name), new Date(0), new Date(0));

  t.equal(await build(), true);
  t.ok(existsSync(within('widget/dist/index.html')));
  t.equal(await build(), false);
  await change('widget/test/room.test.ts');
  t.equal(await build(), false);
  for (const name of ['widget/src/ui/room.tsx', 'server/src/protocol/limits.ts', 'pnpm-lock.yaml']) {
    await change(name);
    t.equal(await build(), true, name);
    await settle(name);
    t.equal(await build(), false, name);
  }
  await rm(within('widget/src/ui/old.tsx'));
  await change('widget/src/ui');
  t.equal(await build(), true);
  await settle('widget/src/ui');
  await rm(within('widget/dist'), { recursive: true });
  t.equal(await build(), true);

  process.env.ASIDE_TEST_BROKEN = '1';
  t.teardown(() => delete process.env.ASIDE_TEST_BROKEN);
  await writeFile(within('widget/src/ui/room.tsx'), 'nonsense');
  await change('widget/src/ui/room.tsx');
  await t.rejects(build(), { message: 'The widget could not be built: line 3 makes no sense' });
});
