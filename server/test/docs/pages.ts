import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../../dev/places.ts';

/** Written by commands that take their time; until they have run once, a link to them leads nowhere yet. */
const WRITTEN = new Set(['docs/proof.md', 'server/bench/README.md']);

export type Page = { file: string; text: string };

/** Every document of ours. */
export async function readPages(): Promise<Page[]> {
  const files = await Array.fromAsync(glob(['*.md', 'docs/**/*.md', 'sql/*.md', 'server/src/**/*.md'], { cwd: ROOT }));
  return Promise.all(files.sort().map(readPage));
}

export async function readPage(file: string): Promise<Page> {
  return { file, text: await readFile(path.join(ROOT, file), 'utf8') };
}

/** What stands between fences, in order. */
export function codeBlocks({ text }: Page): string[] {
  return [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
}

/** Links into the repository that lead nowhere, headings among them. */
export async function brokenLinks(page: Page): Promise<string[]> {
  const broken: string[] = [];
  for (const [, target = ''] of proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [place = '', heading] = target.split('#');
    const file = place === '' ? page.file : path.posix.join(path.posix.dirname(page.file), place);
    if (WRITTEN.has(file)) continue;
    if (!existsSync(path.join(ROOT, file))) broken.push(`${page.file} links to ${target}, which does not exist`);
    else if (heading !== undefined && !headings(await readPage(file)).has(heading)) broken.push(`${page.file} links to ${target}, and there is no such heading`);
  }
  return broken;
}

/** Files of this repository that a page names in code, such as `server/src/app.ts`. */
export function namedFiles(page: Page): string[] {
  return [...proseOf(page).matchAll(/`((?:server|widget|embed-demo|sql|docs)\/[\w./-]*[\w-])`/g)].map(([, file = '']) => file);
}

export function missingFiles(page: Page): string[] {
  return namedFiles(page).filter((file) => !WRITTEN.has(file) && !existsSync(path.join(ROOT, file))).map((file) => `${page.file} names ${file}, which does not exist`);
}

/** The cells of the table rows that begin with one in backticks, below a heading. */
export function tableUnder({ text }: Page, heading: string): string[][] {
  const part = text.split(/^## /m).find((one) => one.startsWith(`${heading}\n`)) ?? '';
  return [...part.matchAll(/^\| (.*) \|$/gm)].map(([, row = '']) => row.split(' | ').map((cell) => cell.trim()));
}

function headings({ text }: Page): Set<string> {
  return new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replace(/[^\p{L}\p{N} -]/gu, '').replaceAll(' ', '-')));
}

function proseOf({ text }: Page): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '');
}
