import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Imports point one way. A layer may import itself and what stands below it; packages have one home. */
const layers: Record<string, { below: readonly string[]; packages: readonly RegExp[] }> = {
  'server/src/main': { below: ['server/src/app', 'server/src/config'], packages: [/^close-with-grace$/] },
  'server/src/app': { below: ['server/src/config', 'server/src/http', 'server/src/room', 'server/src/log', 'server/src/bus', 'server/src/stream', 'server/src/protocol'], packages: [/^fastify$/, /^@fastify\//, /^pino$/] },
  'server/src/ops': { below: ['server/src/config', 'server/src/bus', 'server/src/log', 'server/src/protocol'], packages: [/^ws$/, /^prom-client$/] },
  'server/src/config': { below: [], packages: [] },
  'server/src/http': { below: ['server/src/room', 'server/src/log', 'server/src/bus', 'server/src/stream', 'server/src/protocol'], packages: [/^fastify$/, /^@fastify\//, /^ws$/, /^prom-client$/, /^@resvg\//, /^@opentelemetry\//] },
  'server/src/room': { below: ['server/src/log', 'server/src/bus', 'server/src/protocol'], packages: [] },
  'server/src/log': { below: ['server/src/protocol'], packages: [/^postgres$/] },
  'server/src/bus': { below: ['server/src/protocol'], packages: [/^@redis\/client$/] },
  'server/src/stream': { below: ['server/src/protocol'], packages: [/^undici$/, /^ipaddr\.js$/] },
  'server/src/protocol': { below: [], packages: [] },
  'widget/src/main': { below: ['widget/src/ui', 'widget/src/state', 'widget/src/net', 'widget/src/embed', '@aside/server/protocol'], packages: [/^preact/] },
  'widget/src/admin': { below: ['widget/src/ui', 'widget/src/state', 'widget/src/embed'], packages: [/^preact/] },
  'widget/src/ui': { below: ['widget/src/state', '@aside/server/protocol'], packages: [/^preact/, /^hls\.js(\/|$)/] },
  'widget/src/state': { below: ['widget/src/net', '@aside/server/protocol'], packages: [/^nanoid$/, /^uuid$/] },
  'widget/src/net': { below: ['@aside/server/protocol'], packages: [] },
  'widget/src/embed': { below: [], packages: [] },
};

/** Every import that breaks the law, as a sentence. `root` is a folder that holds `server/src` and `widget/src`. */
export async function breaches(root: string): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob('{server,widget}/src/**/*.{ts,tsx}', { cwd: root })) {
    const from = layerOf(file);
    const layer = layers[from];
    if (!layer) {
      found.push(`${file} stands in no layer`);
      continue;
    }
    const text = await readFile(path.join(root, file), 'utf8');
    for (const asked of importsOf(text)) {
      const to = targetOf(file, asked);
      if (to === null) {
        if (from.startsWith('widget') && asked.startsWith('node:')) found.push(`${file} imports ${asked}: browsers have no Node`);
        else if (!asked.startsWith('node:') && !layer.packages.some((one) => one.test(asked))) found.push(`${file} imports ${asked}, which has its home elsewhere`);
        else if (from === 'server/src/protocol') found.push(`${file} imports ${asked}: the contract imports nothing`);
      } else if (to !== from && !layer.below.includes(to)) found.push(`${file} imports ${asked}: ${from} stands below ${to}`);
    }
    if (from !== 'server/src/config' && from !== 'server/src/main' && from !== 'server/src/ops' && ENVIRONMENT.test(bare(text))) found.push(`${file} reads process.env; only config does`);
    if (/\bcreateRequire\b|\brequire\s*\(/.test(bare(text))) found.push(`${file} requires; only imports can be seen`);
  }
  return found.sort();
}

const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g;
const ENVIRONMENT = /\bprocess\s*(\?\.|\.)\s*env\b|\bprocess\s*(\?\.)?\s*\[|\benv\b[^;]*\bfrom\s*''/;

/** What a file imports: strings after `from`, `import` or `import(`; those in comments and texts are none. */
function importsOf(text: string): string[] {
  const found: string[] = [];
  let code = '';
  let end = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    code = `${code}${text.slice(end, index)}`.slice(-200);
    end = index + token.length;
    if (token.startsWith('//') || token.startsWith('/*')) continue;
    if (/(\bfrom|\bimport|\bimport\s*\()\s*$/.test(code)) found.push(token.slice(1, -1));
    code += "''";
  }
  return found;
}

/** The code without comments and without what stands in strings. */
function bare(text: string): string {
  return text.replace(TOKEN, (token) => (token.startsWith('/') ? '' : "''"));
}

/** The layer a relative import or the contract leads to; null for packages and Node's own. */
function targetOf(file: string, asked: string): string | null {
  if (asked === '@aside/server/protocol') return asked;
  if (!asked.startsWith('.')) return null;
  if (/\.css(\?|$)/.test(asked)) return layerOf(file);
  return layerOf(path.posix.normalize(path.posix.join(path.posix.dirname(file), asked)));
}

function layerOf(file: string): string {
  const [, folder = ''] = file.match(/^((?:server|widget)\/src\/[^/.]+)/) ?? [];
  return folder;
}
