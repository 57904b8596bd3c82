import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from './places.ts';

/** What a reader downloads before the first word, gzip at its default level; who does not come near downloads no more. */
const FIRST_LOAD_MAX_BYTES = 20_000;
/** Fetched by who looks for a rarer emoji. */
const EMOJI_MAX_BYTES = 3_000;
/** What a blog's own page fetches. */
const LOADER_MAX_BYTES = 1_500;

/** The scripts and styles that the page itself names, and what they import at once. */
export async function weigh(): Promise<{ bytes: number; emoji: number; loader: number; parts: { file: string; bytes: number }[]; faults: string[] }> {
  const dist = path.join(ROOT, 'widget/dist');
  const html = await readFile(path.join(dist, 'index.html'), 'utf8');
  const parts: { file: string; bytes: number }[] = [];
  const seen = new Set<string>();
  const take = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = await readFile(path.join(dist, 'assets', file));
    parts.push({ file, bytes: gzipSync(text).length });
    if (!file.endsWith('.js')) return;
    for (const [, next = ''] of text.toString().matchAll(/\bfrom\s*["']\.\/([^"']+\.js)["']/g)) await take(next);
  };
  // A reader fetches the words of one language; the page names both.
  for (const [, file = ''] of html.matchAll(/(?:src|href)="\/assets\/([^"]+\.(?:js|css))/g)) await take(file);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const assets = await readdir(path.join(dist, 'assets'));
  const panel = assets.find((file) => /^EmojiSheet-.*\.js$/.test(file));
  const emoji = panel === undefined ? 0 : gzipSync(await readFile(path.join(dist, 'assets', panel))).length;
  const loader = await readFile(path.join(dist, 'public/embed.js')).then((text) => gzipSync(text).length, () => 0);
  const faults = [];
  if (parts.length === 0) faults.push(`widget/dist names no script: ${(await readdir(dist)).join(' ')}`);
  if (bytes > FIRST_LOAD_MAX_BYTES) faults.push(`the widget weighs ${bytes} bytes gzip at first load, allowed are ${FIRST_LOAD_MAX_BYTES}`);
  if (emoji === 0 || seen.has(panel ?? '')) faults.push('the emoji are not fetched apart');
  if (emoji > EMOJI_MAX_BYTES) faults.push(`the emoji weigh ${emoji} bytes gzip, allowed are ${EMOJI_MAX_BYTES}`);
  if (loader === 0) faults.push('there is no loader');
  if (loader > LOADER_MAX_BYTES) faults.push(`the loader weighs ${loader} bytes gzip, allowed are ${LOADER_MAX_BYTES}`);
  return { bytes, emoji, loader, parts, faults };
}
