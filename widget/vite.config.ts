import { defineConfig, type Plugin } from 'vite';

/** The messages are in the page as data: holding the first paint for the script puts them into it. */
const firstPaint: Plugin = {
  name: 'first-paint',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => html.replace('<script type="module"', '<script type="module" blocking="render"'),
  },
};

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [firstPaint],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    // The contract is tables and functions: what is not asked for can go, the checks only a server makes among it.
    rolldownOptions: { treeshake: { moduleSideEffects: [{ test: /server\/src\/protocol/, sideEffects: false }] } },
    assetsInlineLimit: 0,
    emptyOutDir: true,
  },
});
