import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build, defineConfig, type Plugin, type TerserOptions } from 'vite';

/** The messages are in the page as data: holding the first paint for the script puts them into it. */
const firstPaint: Plugin = {
  name: 'first-paint',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle = {} }) {
      const words = (lang: string) => Object.keys(bundle).find((file) => new RegExp(`/${lang}-[^/]+\\.js$`).test(file)) ?? '';
      const script = '<script type="module" blocking="render"';
      // Scripts run in order: the words are there when the first paint is drawn. The server puts the reader's language there.
      return html.replace('<script type="module"', `${script} crossorigin src="/${words('ko')}" data-en="/${words('en')}"></script>${script}`);
    },
  },
};

/** `h` itself instead of the wrapper that the automatic form brings along. */
const markup: Plugin = {
  name: 'markup',
  enforce: 'pre',
  transform: { filter: { id: /\.tsx$/ }, handler: (code) => ({ code: `import { Fragment, h } from 'preact';\n${code}`, map: null }) },
};

/** What is fetched later brings no styles and no chain along: the helper that waits for those has nothing to do. */
const later: Plugin = {
  name: 'later',
  enforce: 'pre',
  load: { filter: { id: /vite\/preload-helper/ }, handler: () => 'export const __vitePreload = (load) => load();' },
};

const embed = path.join(import.meta.dirname, 'src/embed');

/** What a blog's own page runs, each a file without a hash: the loader as a classic script, what it fetches as a module. */
const forBlogs: Plugin = {
  name: 'for-blogs',
  async generateBundle() {
    for (const [name, file, format] of [['embed', 'loader.ts', 'iife'], ['counts', 'counts.ts', 'es'], ['snippet', 'snippet.ts', 'es']] as const) {
      const made = await build({
        configFile: false, logLevel: 'warn', plugins: [later],
        build: {
          write: false, target, modulePreload: false, minify: 'terser',
          terserOptions: { ecma: 2020, compress: { passes: 6, unsafe: true, pure_getters: true, unsafe_arrows: true, keep_fargs: false } },
          rolldownOptions: { input: path.join(embed, file), preserveEntrySignatures: 'strict', output: { format, entryFileNames: '[name].js' } },
        },
      });
      const [chunk] = 'output' in made ? made.output : [];
      if (chunk) this.emitFile({ type: 'asset', fileName: `public/${name}.js`, source: chunk.code });
    }
    for (const file of ['plain.css', 'themes.css', 'stream.css']) this.emitFile({ type: 'asset', fileName: `public/${file}`, source: await readFile(path.join(import.meta.dirname, 'src/ui', file)) });
  },
};

/** Our own page for moderators: a build of its own, so that no reader's first load shares a part with it. */
const forModerators: Plugin = {
  name: 'for-moderators',
  async generateBundle() {
    const made = await build({
      configFile: false, logLevel: 'warn', plugins: [markup, later], oxc: { jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' } },
      build: { write: false, target, modulePreload: false, rolldownOptions: { input: path.join(import.meta.dirname, 'src/admin/main.tsx'), output: { format: 'es', entryFileNames: 'admin.js' } } },
    });
    const [chunk] = 'output' in made ? made.output : [];
    if (chunk) this.emitFile({ type: 'asset', fileName: 'public/admin.js', source: chunk.code });
    this.emitFile({ type: 'asset', fileName: 'admin.html', source: await readFile(path.join(import.meta.dirname, 'admin.html')) });
  },
};

/** What the server draws cards with: the animals, and the face their words are set in. */
const forCards: Plugin = {
  name: 'for-cards',
  async generateBundle() {
    const animals = path.join(import.meta.dirname, 'src/ui/animals');
    const face = fileURLToPath(import.meta.resolve('@expo-google-fonts/ibm-plex-sans-kr/IBMPlexSansKR_600SemiBold.ttf'));
    this.emitFile({ type: 'asset', fileName: 'card/face.ttf', source: await readFile(face) });
    for (const file of await readdir(animals)) this.emitFile({ type: 'asset', fileName: `card/${file}`, source: await readFile(path.join(animals, file)) });
  },
};

/** Compressed once, as small as it gets, instead of for every reader. */
const compressed: Plugin = {
  name: 'compressed',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      for (const [fileName, made] of Object.entries(bundle)) {
        if (fileName.endsWith('.html') || fileName.startsWith('card/')) continue;
        const plain = Buffer.from(made.type === 'chunk' ? made.code : made.source);
        for (const [ending, source] of [['br', brotliCompressSync(plain)], ['gz', gzipSync(plain, { level: 9 })]] as const) {
          if (source.length < plain.length) this.emitFile({ type: 'asset', fileName: `${fileName}.${ending}`, source });
        }
      }
    },
  },
};

const target = ['chrome123', 'firefox120', 'safari17.5'];
const terserOptions: TerserOptions = { ecma: 2020, module: true, compress: { passes: 6, sequences: false, inline: 0, hoist_vars: true, unsafe: true, pure_getters: true, unsafe_arrows: true, keep_fargs: false }, mangle: { toplevel: true } };

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [markup, later, firstPaint, forBlogs, forModerators, forCards, compressed],
  oxc: { jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' } },
  build: {
    target,
    modulePreload: false,
    // Slower than the one that comes with vite, and 260 bytes smaller.
    minify: 'terser',
    terserOptions,
    // The contract is tables and functions: what is not asked for can go, the checks only a server makes among it.
    rolldownOptions: { treeshake: { moduleSideEffects: [{ test: /server\/src\/protocol/, sideEffects: false }] } },
    assetsInlineLimit: 0,
    emptyOutDir: true,
  },
});
