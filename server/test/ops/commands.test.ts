import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { ROOT } from '../../dev/places.ts';

type Block = { file: string; text: string; /** The words between the heading above it and the block itself, with those between the page's title and its first heading. */ before: string };

/** What runs a block, by how the block begins. Others say on their page why nobody runs them here. */
const RUN_BY: Record<string, Record<string, string>> = {
  'README.md': {
    'npx pnpm@12 start': 'server/dev/prove/fresh-machine.ts',
    'npx pnpm@12 test': '.ci/run',
    'HOST=0.0.0.0 npx pnpm@12 start': 'server/dev/prove/fresh/cases.ts',
    'npx --prefer-offline pnpm@12 start': 'server/dev/prove/fresh-machine.ts',
    'npx pnpm@12 --filter @aside/widget build': 'server/dev/prove/image.ts',
  },
  'docs/install.md': {
    'git clone': 'server/dev/prove/fresh-machine.ts',
    '(umask 077; cat > .env)': 'server/dev/prove/image.ts',
    'docker compose up --detach --build --wait': 'server/dev/prove/image.ts',
    'git pull && docker compose up': 'server/dev/prove/image.ts',
    'FRAME_ANCESTORS=': 'server/dev/prove/image.ts',
    'docker compose run --rm backup': 'server/test/install/backup.test.ts',
    'docker compose stop server': 'server/test/install/backup.test.ts',
  },
};
/** With its reason behind it. */
const NOT_RUN = /not run (here|by a test): \w/i;

const blocks = await readBlocks(['README.md', 'docs/install.md', 'docs/deploy-gke.md', 'terraform/README.md', 'k8s/README.md', 'docs/runbooks/*.md']);

t.test('every command that an operator is told to type is run by a test, or its page says that it is not, and why', async (t) => {
  t.ok(blocks.length > 20, `${blocks.length} blocks`);
  t.same(blocks.flatMap(findUnproved), []);
});

t.test('what is said to run them is there', async (t) => {
  for (const [file, runs] of Object.entries(RUN_BY)) {
    for (const [begins, by] of Object.entries(runs)) {
      t.ok(existsSync(path.join(ROOT, by)), by);
      t.ok(blocks.some((block) => block.file === file && block.text.startsWith(begins)), `${file} has ${begins}`);
    }
  }
});

t.test('a command that nobody runs, and that does not say so, is found', async (t) => {
  const block: Block = { file: 'README.md', text: 'rm -rf everything', before: 'Type this.' };
  t.match(findUnproved(block), [/rm -rf everything/]);
  t.match(findUnproved({ ...block, before: '*Not run here.*' }), [/rm -rf everything/], 'without a reason');
  t.same(findUnproved({ ...block, before: '*Not run here: there is no cluster.*' }), []);
});

function findUnproved({ file, text, before }: Block): string[] {
  const isRun = Object.keys(RUN_BY[file] ?? {}).some((begins) => text.startsWith(begins));
  return isRun || NOT_RUN.test(before) ? [] : [`${file}: ${text.split('\n')[0]}`];
}

async function readBlocks(patterns: string[]): Promise<Block[]> {
  const found: Block[] = [];
  for await (const file of glob(patterns, { cwd: ROOT })) {
    const text = await readFile(path.join(ROOT, file), 'utf8');
    const preface = text.split(/^## /m)[0] ?? '';
    for (const section of text.split(/^## /m)) {
      let before = preface;
      for (const [, told = '', body = ''] of section.matchAll(/([\s\S]*?)^```(?:sh|bash|console)\n([\s\S]*?)^```$/gm)) {
        before = `${before}\n${told}`;
        found.push({ file, text: body.trim(), before });
      }
    }
  }
  return found;
}
