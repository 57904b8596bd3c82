import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { environmentExample, withTable } from '../../dev/environment.ts';
import { ROOT } from '../../dev/places.ts';
import { CloseCode, isFinal, refusals } from '../../src/protocol/index.ts';
import { brokenLinks, codeBlocks, missingFiles, namedFiles, readPage, readPages, tableUnder } from './pages.ts';

const CONTRACT = 'server/src/protocol/PROTOCOL.md';
const SPINE = ['http/socket', 'room/session', 'room/act', 'log/messages', 'bus/bus', 'room/rooms', 'room/room'].map((name) => `server/src/${name}.ts`);

/** What the documents say of the code and a machine can see: a sentence, and where it does not hold. */
export const claims: Record<string, () => Promise<string[]>> = {
  'both readmes show the same commands': async () => {
    const [english, korean] = [codeBlocks(await readPage('README.md')), codeBlocks(await readPage('README.ko.md'))];
    return [
      ...differ('README.ko.md shows', english, korean),
      ...['npx pnpm@12 start', 'npx pnpm@12 test'].filter((command) => !english.includes(`${command}\n`)).map((command) => `README.md does not show \`${command}\` by itself`),
    ];
  },

  'every guide shows the same code in both languages': async () => (await Promise.all(['install', 'embed', 'camera'].map(async (name) =>
    differ(`docs/${name}.ko.md shows`, codeBlocks(await readPage(`docs/${name}.md`)), codeBlocks(await readPage(`docs/${name}.ko.md`)))))).flat(),

  'the environment stands in README.md and .env.example as the server reads it': async () => {
    const { text } = await readPage('README.md');
    const example = await readFile(path.join(ROOT, '.env.example'), 'utf8').catch(() => '');
    return [
      ...(text.includes('<!-- environment -->\n|') ? [] : ['README.md holds no table of the environment']),
      ...(withTable(text) === text ? [] : ['the table in README.md is stale']),
      ...(example === environmentExample() ? [] : ['.env.example is stale']),
    ];
  },

  'ARCHITECTURE.md names the seven files of the spine in order': async () => {
    const { text } = await readPage('ARCHITECTURE.md');
    return differ('ARCHITECTURE.md walks through', SPINE, [...text.matchAll(/^\*\*\d\. `([^`]+)`\*\*/gm)].map(([, file = '']) => file));
  },

  'every file that a document names exists': async () => (await readPages()).flatMap(missingFiles),

  'every link inside the repository leads somewhere': async () => (await Promise.all((await readPages()).map(brokenLinks))).flat(),

  'ARCHITECTURE.md has a place for every file of the server': async () => {
    const named = namedFiles(await readPage('ARCHITECTURE.md'));
    const sources = await Array.fromAsync(glob('server/src/**/*.ts', { cwd: ROOT }));
    return sources.filter((file) => !named.includes(file)).map((file) => `ARCHITECTURE.md does not name ${file}`);
  },

  'the close codes in PROTOCOL.md are those of codes.ts': async () => {
    const rows = tableUnder(await readPage(CONTRACT), 'Codes').filter(([code = '']) => /^\d{4}$/.test(code));
    const told = rows.map(([code, name, , client = '']) => `${code} ${name} ${client.startsWith('stays away') ? 'stays away' : client}`);
    return differ('PROTOCOL.md says', Object.entries(CloseCode).map(([name, code]) => `${code} \`${name}\` ${isFinal(code) ? 'stays away' : 'comes back'}`), told);
  },

  'the refusals in PROTOCOL.md are those of codes.ts': async () => {
    const rows = tableUnder(await readPage(CONTRACT), 'Codes').filter(([, advice = '']) => /^(retry|fix|stop)$/.test(advice));
    return differ('PROTOCOL.md says', Object.entries(refusals).map(([code, advice]) => `\`${code}\` ${advice}`), rows.map(([code, advice]) => `${code} ${advice}`));
  },

  'every proof that a document asks for exists': async () => (await readPages()).flatMap(({ file, text }) =>
    [...text.matchAll(/(?:pnpm|pnpm@12) prove ([a-z][a-z-]*)/g)].flatMap(([, name = '']) => (existsSync(path.join(ROOT, `server/dev/prove/${name}.ts`)) ? [] : [`${file} speaks of a proof ${name}, and there is none`]))),

  'the byte budgets in both readmes are those that are weighed': async () => {
    const source = await readFile(path.join(ROOT, 'server/dev/bytes.ts'), 'utf8');
    const pages = await Promise.all(['README.md', 'README.ko.md'].map(readPage));
    return ['FIRST_LOAD', 'LOADER'].flatMap((name) => {
      const kilobytes = `${Number(source.match(new RegExp(`${name}_MAX_BYTES = ([\\d_]+);`))?.[1]?.replace('_', '')) / 1_000} kB`;
      return pages.flatMap(({ file, text }) => (text.includes(kilobytes) ? [] : [`${file} does not say ${kilobytes}`]));
    });
  },

  'NOTICES.md names every package we ship or build on, under the licence it states': notices,

  'short documents stay short': async () => (await readPages()).flatMap(({ file, text }) => {
    const most = file.startsWith('docs/adr/') ? 40 : ({ 'ARCHITECTURE.md': 180, 'CONTRIBUTING.md': 60, 'SECURITY.md': 40 } as Record<string, number>)[file];
    const lines = text.split('\n').length - 1;
    return most !== undefined && lines > most ? [`${file} has ${lines} lines, and may have ${most}`] : [];
  }),
};

/** The dependencies of server and widget, and everything that the page itself names, as far as it is installed here. */
async function notices(): Promise<string[]> {
  const { text } = await readPage('NOTICES.md');
  const told = new Map<string, string>();
  for (const [, names = '', licence = ''] of text.matchAll(/^\| ([@\w][^|]*?) \| ([\w.-]+) \|/gm)) for (const name of names.split(', ')) told.set(name, licence);
  for (const [, licence = '', names = ''] of text.matchAll(/^- \*\*([\w.-]+)\*\*: (.+)$/gm)) for (const name of names.split(', ')) told.set(name, licence);
  told.delete('package');
  const needed = await shipped();
  const missing = needed.filter((name) => !told.has(name)).map((name) => `NOTICES.md does not name ${name}`);
  const wrong = [...told].flatMap(([name, licence]) => {
    const stated = statedBy(name);
    return stated === null || stated === licence ? [] : [`NOTICES.md says ${licence} of ${name}, which says ${stated}`];
  });
  return [...missing, ...wrong];
}

async function shipped(): Promise<string[]> {
  const [server, widget, root] = await Promise.all(['server', 'widget', '.'].map(async (place) => JSON.parse(await readFile(path.join(ROOT, place, 'package.json'), 'utf8'))));
  const bundle = await Array.fromAsync(glob('widget/src/**/*.{ts,tsx}', { cwd: ROOT }), (file) => readFile(path.join(ROOT, file), 'utf8'));
  const inWidget = Object.keys(widget.dependencies).filter((name) => bundle.some((text) => text.includes(`from '${name}'`)) && !name.startsWith('@aside/'));
  return [...Object.keys({ ...server.dependencies, ...server.optionalDependencies, ...root.optionalDependencies }), ...inWidget];
}

/** Null when it is not installed: most platforms' packages are not. */
function statedBy(name: string): string | null {
  for (const place of ['server', 'widget', '.', 'node_modules/.pnpm']) {
    for (const folder of createRequire(path.join(ROOT, place, 'package.json')).resolve.paths(name) ?? []) {
      const file = path.join(folder, name, 'package.json');
      if (existsSync(file)) return createRequire(file)(file).license ?? null;
    }
  }
  return null;
}

function differ(what: string, wanted: readonly string[], got: readonly string[]): string[] {
  const lines = Array.from({ length: Math.max(wanted.length, got.length) }, (_, i) => [wanted[i], got[i]] as const);
  return lines.flatMap(([one, other]) => (one === other ? [] : [`${what} ${JSON.stringify(other ?? 'nothing')} where ${JSON.stringify(one ?? 'nothing')} belongs`]));
}
